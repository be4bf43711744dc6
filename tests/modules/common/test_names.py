"""Names, ARNs and tags."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envs.load import load
from modules.common.names import Names

NAMES = Names(project="meals", environment="dev", account_id="111111111111", region="us-east-1")

slugs = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,8}){0,4}", fullmatch=True)


def test_names_are_those_of_the_settings():
    settings = load("prod")
    assert Names.of(settings) == Names(
        project=settings.project,
        environment="prod",
        account_id=settings.account_id,
        region=settings.region,
    )


def test_prefix():
    assert NAMES.prefix == "meals-dev"


def test_name():
    assert NAMES.name("core-server", "role") == "meals-dev-core-server-role"


def test_short_name_that_fits_is_the_name():
    assert NAMES.short_name("core-server", "8443") == "meals-dev-core-server-8443"


def test_short_name_of_a_long_name_ends_in_a_digest():
    assert NAMES.short_name("a-very-long-name-of-a-load-balancer") == "meals-dev-a-very-long-nam-ee5dcb"


@given(slugs, st.integers(8, 40))
def test_short_name_has_no_more_than_the_limit(word, limit):
    assert len(NAMES.short_name(word, limit=limit)) <= limit


@given(slugs)
def test_short_name_is_a_name_that_load_balancers_take(word):
    short = NAMES.short_name(word)
    assert not short.startswith("-")
    assert not short.endswith("-")
    assert "--" not in short


@pytest.mark.parametrize("ends", [("8443", "2113"), ("a", "b")])
def test_short_names_of_names_that_differ_at_the_end_only_differ(ends):
    long = "a-very-long-name-of-a-load-balancer"
    assert NAMES.short_name(long, ends[0]) != NAMES.short_name(long, ends[1])


def test_bucket_name_ends_in_the_account():
    assert NAMES.bucket("images") == "meals-dev-images-111111111111"


def test_bucket_arn_is_that_of_the_bucket():
    assert NAMES.bucket_arn("images") == "arn:aws:s3:::meals-dev-images-111111111111"


def test_arn_has_region_and_account():
    assert NAMES.arn("sns", "meals-dev-x") == "arn:aws:sns:us-east-1:111111111111:meals-dev-x"


def test_iam_arn_has_no_region():
    assert NAMES.iam_arn("role/x") == "arn:aws:iam::111111111111:role/x"


def test_log_group_is_a_path():
    assert NAMES.log_group("network", "flow-logs") == "/meals/dev/network/flow-logs"


def test_tags_name_the_resource():
    assert NAMES.tags("core-server") == {"Name": "meals-dev-core-server"}


def test_default_tags_name_project_and_environment():
    assert NAMES.default_tags == {"Environment": "dev", "ManagedBy": "terraform", "Project": "meals"}


def test_two_environments_share_no_bucket():
    other = Names(project="meals", environment="prod", account_id=NAMES.account_id, region=NAMES.region)
    assert NAMES.bucket("images") != other.bucket("images")


@pytest.mark.parametrize(
    ("field", "value", "allowed"),
    [
        ("project", "Shop", "a name of 2 to 16 lower-case letters"),
        ("environment", "company", "a name of 2 to 16 lower-case letters"),
        ("account_id", "1234", "an AWS account id: twelve digits"),
        ("account_id", 111111111111, "an AWS account id: twelve digits"),
        ("region", "mars-1", "one of ap-northeast-1, "),
    ],
)
def test_what_the_settings_refuse_is_refused(field, value, allowed):
    values = {"project": "meals", "environment": "dev", "account_id": "111111111111", "region": "us-east-1"}
    with pytest.raises(ValueError, match=f"^Names: {field} is {value!r}, allowed: {allowed}"):
        Names(**{**values, field: value})
