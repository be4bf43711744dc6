"""Policies that became wider without letting anybody do more, in the first lines."""

from __future__ import annotations

from pathlib import Path

from tests.support.changes import bucket, change, first_lines, role

NOTHING = ["Opens nothing.", "Closes nothing."]
HEADING = "Loosens 1 barrier without opening anything:"
WITH_ROLE = role("arn:aws:iam::111122223333:root")


def statement(actions: str, effect: str = "Allow", sid: str = "", principal: str = "") -> str:
    """A statement about the objects of the bucket."""
    who = f'Principal = "{principal}", ' if principal else ""
    return f'{{ Effect = "{effect}", Sid = "{sid}", {who}Action = {actions}, Resource = "arn:aws:s3:::of-us/*" }}'


NO_WRITES = statement('"s3:PutObject"', "Deny", "NoWrites", "*")


def policy(*statements: str) -> str:
    """What the role may do."""
    document = f'jsonencode({{ Version = "2012-10-17", Statement = [{", ".join(statements)}] }})'
    return f'resource "aws_iam_role_policy" "p" {{\n  role   = aws_iam_role.r.id\n  policy = {document}\n}}\n'


def test_an_action_that_the_bucket_denies_is_looser(tmp_path: Path) -> None:
    before, after = (
        bucket(NO_WRITES, WITH_ROLE + policy(statement(actions, sid="Objects")))
        for actions in ('"s3:GetObject"', '["s3:GetObject", "s3:PutObject"]')
    )
    proof = change(tmp_path / "1", before, after)
    assert proof.is_proved
    assert [each.place for each in proof.loosened] == ["Objects of aws_iam_role_policy.p policy"]
    assert first_lines(tmp_path / "2", before, after)[2:] == [
        HEADING,
        (
            "  Objects of aws_iam_role_policy.p policy: aws_iam_role.r could write aws_s3_bucket.b; "
            "still stopped by NoWrites of aws_s3_bucket_policy.p policy"
        ),
    ]
    assert first_lines(tmp_path / "3", after, before) == NOTHING


def test_a_deny_that_nobody_meets_is_looser_for_everyone(tmp_path: Path) -> None:
    kept = statement('"s3:DeleteObject"', "Deny", "NoDeletes", "*")
    lines = first_lines(tmp_path, bucket(f"{NO_WRITES}, {kept}", WITH_ROLE), bucket(kept, WITH_ROLE))
    assert lines[2:] == [
        HEADING,
        (
            "  without NoWrites of aws_s3_bucket_policy.p policy: everyone (anonymous and 4 more) could write "
            "aws_s3_bucket.b; still stopped by the implicit deny, as no policy allows it"
        ),
    ]


def test_a_deny_that_gets_a_condition_is_less_of_it(tmp_path: Path) -> None:
    when = 'Condition = { Bool = { "aws:SecureTransport" = "false" } }, Principal'
    lines = first_lines(tmp_path, bucket(NO_WRITES), bucket(NO_WRITES.replace("Principal", when)))
    assert lines[3].startswith("  less of NoWrites of aws_s3_bucket_policy.p policy: everyone")


def test_what_may_be_wider_says_so(tmp_path: Path) -> None:
    before, after = (
        'variable "n" {}\n' + bucket(NO_WRITES, WITH_ROLE + policy(statement(actions, sid="Objects")))
        for actions in ("[var.n]", '"s3:PutObject"')
    )
    assert "could perhaps write" in "".join(first_lines(tmp_path, before, after)[2:])
