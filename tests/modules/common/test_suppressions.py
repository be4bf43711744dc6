"""Suppressions: written on a construct, found on its resource."""

import datetime

import pytest
from cdktf_cdktf_provider_aws.vpc import Vpc

from modules.common.suppressions import suppress
from tests.support.helpers import resource, resources

DAY = "2027-06-30"


@pytest.fixture
def suppressions(synthesize):
    """A function: what `"//".suppressions` of a resource holds once synthesized."""
    return lambda path: resource(synthesize(), "aws_vpc", path).body["//"].get("suppressions", {})


def test_suppression_is_on_its_resource(stack, suppressions):
    suppress(Vpc(stack, "vpc"), rule="CKV_AWS_145", reason="It holds nothing", owner="network", expires="2027-06-30")
    assert suppressions("vpc") == {
        "CKV_AWS_145": {"reason": "It holds nothing", "owner": "network", "expires": "2027-06-30"}
    }


def test_a_suppression_without_an_owner_is_the_platforms(stack, suppressions):
    suppress(Vpc(stack, "vpc"), rule="CKV2_AWS_11", reason="It holds nothing", expires=DAY)
    assert suppressions("vpc")["CKV2_AWS_11"] == {
        "reason": "It holds nothing",
        "owner": "platform",
        "expires": DAY,
    }


def test_suppression_is_on_no_other_resource(stack, suppressions):
    suppress(Vpc(stack, "one"), rule="CKV_AWS_145", reason="It holds nothing", expires=DAY)
    Vpc(stack, "other")
    assert suppressions("other") == {}


def test_two_rules_are_suppressed_on_one_resource(stack, suppressions):
    vpc = Vpc(stack, "vpc")
    suppress(vpc, rule="CKV_AWS_145", reason="It holds nothing", expires=DAY)
    suppress(vpc, rule="CKV_AWS_18", reason="It holds nothing", expires=DAY)
    assert set(suppressions("vpc")) == {"CKV_AWS_145", "CKV_AWS_18"}


def test_one_rule_is_suppressed_on_two_resources(stack, suppressions):
    suppress(Vpc(stack, "one"), Vpc(stack, "other"), rule="CKV_AWS_145", reason="They hold nothing", expires=DAY)
    assert set(suppressions("one")) == set(suppressions("other")) == {"CKV_AWS_145"}


def test_metadata_of_the_construct_stays(stack, synthesize):
    suppress(Vpc(stack, "vpc"), rule="CKV_AWS_145", reason="It holds nothing", expires=DAY)
    assert resource(synthesize(), "aws_vpc", "vpc").body["//"]["metadata"]["path"] == "stack/vpc"


@pytest.mark.parametrize("rule", ["", "CKV_AWS", "ckv_aws_145", "CKV_AWS_145 ", "CKV3_AWS_145", "CKV_AWS_145.x"])
def test_malformed_rule_is_refused(stack, rule):
    with pytest.raises(ValueError, match="not a rule id"):
        suppress(Vpc(stack, "vpc"), rule=rule, reason="It holds nothing", expires=DAY)


@pytest.mark.parametrize(("reason", "owner"), [("", "platform"), (" ", "platform"), ("It holds nothing", "\n")])
def test_reason_and_owner_are_needed(stack, reason, owner):
    with pytest.raises(ValueError, match="needs a reason and an owner"):
        suppress(Vpc(stack, "vpc"), rule="CKV_AWS_145", reason=reason, owner=owner, expires=DAY)


@pytest.mark.parametrize("expires", ["", "2027-13-01", "next year"])
def test_expiry_is_a_date(stack, expires):
    with pytest.raises(ValueError, match=r"isoformat|month"):
        suppress(Vpc(stack, "vpc"), rule="CKV_AWS_145", reason="It holds nothing", expires=expires)


def all_suppressions(*documents):
    """Rule and content of each suppression."""
    return [
        (rule, entry)
        for document in documents
        for each in resources(document)
        for rule, entry in each.body["//"].get("suppressions", {}).items()
    ]


def test_suppressions_do_not_all_end_at_once(synthesized, synthesized_bootstrap):
    reasons: dict[str, set[str]] = {}
    for _, entry in all_suppressions(*synthesized.values(), *synthesized_bootstrap.values()):
        reasons.setdefault(entry["expires"][:7], set()).add(entry["reason"])
    assert len(reasons) > 6
    assert max(map(len, reasons.values())) <= 2


def test_every_suppression_of_every_environment_is_complete(synthesized):
    found = all_suppressions(*synthesized.values())
    assert found
    for rule, entry in found:
        assert set(entry) == {"expires", "owner", "reason"}, rule
        assert len(entry["reason"].split()) > 4, rule
        datetime.date.fromisoformat(entry["expires"])
