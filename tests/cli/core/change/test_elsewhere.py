"""What policies let roles do with what is not declared here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.changes import NETWORK, first_lines, role

OBJECTS = "arn:aws:s3:::of-us/*"
REST = "beyond what is compared here"
NOTHING = ["Opens nothing.", "Closes nothing."]


def allow(actions: str | list[str], resource: str = "*", effect: str = "Allow") -> dict[str, object]:
    """A statement."""
    return {"Effect": effect, "Action": actions, "Resource": resource}


def policy(*statements: dict[str, object]) -> str:
    """A role that may do something, beside a bucket."""
    document = json.dumps(json.dumps({"Version": "2012-10-17", "Statement": statements}))
    return (
        role("arn:aws:iam::111122223333:root")
        + 'resource "aws_s3_bucket" "b" {\n  bucket = "of-us"\n}\n'
        + f'resource "aws_iam_role_policy" "p" {{\n  role   = aws_iam_role.r.id\n  policy = {document}\n}}\n'
    )


BOUNDARY = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
READS, ALL = allow("s3:GetObject", OBJECTS), allow("s3:*")


def test_a_gain_elsewhere_is_told_beside_one_that_is_here(tmp_path: Path) -> None:
    assert first_lines(tmp_path, policy(READS), policy(ALL)) == [
        "Opens 1:",
        "  aws_iam_role.r may now read, write, delete, copy and share aws_s3_bucket.b",
        "May open 1:",
        f"  aws_iam_role.r may now do s3:* on *, {REST}",
        "Closes nothing.",
    ]


@pytest.mark.parametrize(
    ("before", "after", "gained"),
    [
        ([READS], [READS, allow("ses:SendEmail")], "ses:SendEmail on *"),
        (
            [READS],
            [READS, allow("s3:PutBucketTagging", "arn:aws:s3:::of-us")],
            "s3:PutBucketTagging on arn:aws:s3:::of-us",
        ),
        ([ALL, allow("s3:*", "arn:aws:s3:::secret/*", "Deny")], [ALL], "s3:* on arn:aws:s3:::secret/*"),
        ([READS], [READS, {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], "everything but iam:* on *"),
    ],
)
def test_what_is_not_compared_may_open_and_close(
    before: list[dict[str, object]], after: list[dict[str, object]], gained: str, tmp_path: Path
) -> None:
    line = f"aws_iam_role.r may now do {gained}, {REST}"
    assert any(each.endswith(line) for each in first_lines(tmp_path / "1", policy(*before), policy(*after)))
    backwards = first_lines(tmp_path / "2", policy(*after), policy(*before))
    assert any(each.endswith(line.replace("may now", "may no longer")) for each in backwards)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([ALL], [allow(["s3:*", "s3:GetObject"])]),
        ([ALL], [ALL, allow("s3:Get*", "arn:aws:s3:::others/*")]),
        ([ALL, allow("kms:*", effect="Deny")], [ALL]),
        ([READS], [allow(["s3:GetObject", "S3:getobject"], OBJECTS)]),
    ],
)
def test_what_was_allowed_before_or_is_not_now_is_no_gain(
    before: list[dict[str, object]], after: list[dict[str, object]], tmp_path: Path
) -> None:
    assert first_lines(tmp_path, policy(*before), policy(*after))[:1] == NOTHING[:1]


def test_a_boundary_that_goes_and_a_role_that_comes_may_open_more(tmp_path: Path) -> None:
    bounded = policy(allow("*")).replace(
        'name               = "r"', f'name = "r"\n  permissions_boundary = "{BOUNDARY}"'
    )
    assert bounded != policy(allow("*"))
    loosened = first_lines(tmp_path / "1", bounded, policy(allow("*")))
    assert f"  aws_iam_role.r may now do what no permissions boundary limits on *, {REST}" in loosened
    backwards = first_lines(tmp_path / "2", policy(allow("*")), bounded)
    assert not [line for line in backwards if "may now" in line]
    fresh = first_lines(
        tmp_path / "3", 'resource "aws_s3_bucket" "b" {\n  bucket = "of-us"\n}\n', policy(READS, allow("ses:*"))
    )
    assert f"May open 1: aws_iam_role.r may now do more, {REST}" in fresh


ENDPOINT = (
    NETWORK
    + """
resource "aws_vpc_endpoint" "e" {
  vpc_id          = aws_vpc.v.id
  service_name    = "com.amazonaws.eu-west-1.s3"
  route_table_ids = [aws_default_route_table.v.id]
%s}
"""
)


def through(resource: str) -> str:
    """An endpoint that lets reads of something through."""
    statement = f'{{ Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "{resource}" }}'
    return ENDPOINT % f"  policy = jsonencode({{ Statement = [{statement}] }})\n"


@pytest.mark.parametrize("after", [through("*"), ENDPOINT % ""], ids=["wider", "gone"])
def test_an_endpoint_that_lets_more_through_may_open_what_is_elsewhere(after: str, tmp_path: Path) -> None:
    asking = policy(allow("s3:GetObject"))
    (line,) = [
        each
        for each in first_lines(tmp_path / "1", asking + through(OBJECTS), asking + after)
        if each.startswith("  aws_iam_role.r may now")
    ]
    assert line == f"  aws_iam_role.r may now do s3:GetObject on * through endpoint s3, {REST}"
    assert first_lines(tmp_path / "2", asking + after, asking + through(OBJECTS))[0] == "Opens nothing."
    own = policy(READS)
    assert first_lines(tmp_path / "3", own + through(OBJECTS), own + after)[:2] == NOTHING


def test_another_boundary_opens_what_it_lets_through_beside(tmp_path: Path) -> None:
    def bounded(name: str, *actions: str) -> str:
        text = policy(READS).replace("\n  name ", f"\n  permissions_boundary = aws_iam_policy.{name}.arn\n  name ", 1)
        document = json.dumps({"Version": "2012-10-17", "Statement": [allow(list(actions))]})
        return (
            f'{text}resource "aws_iam_policy" "{name}" {{\n  name = "{name}"\n  policy = {json.dumps(document)}\n}}\n'
        )

    narrow, wide = bounded("b", "s3:Get*"), bounded("b", "s3:Get*", "s3:Put*")
    assert first_lines(tmp_path / "1", narrow, bounded("other", "s3:Get*")) == NOTHING
    opened = first_lines(tmp_path / "2", narrow, wide)
    assert f"  aws_iam_role.r may now do s3:Put* on * as far as its permissions boundary goes, {REST}" in opened
    assert first_lines(tmp_path / "3", wide, narrow)[0] == NOTHING[0]
