"""What a module that is not here is given, it may attach policies to; what it is not given, not."""

from __future__ import annotations

import pytest

from policies.access.model import Policy
from tests.support.reading import ReadAccess

DECLARED = """
resource "aws_s3_bucket" "b" { bucket = "data" }
resource "aws_kms_key" "k" {}
resource "aws_iam_role" "r" {
  name               = "r"
  assume_role_policy = jsonencode({ Statement = [] })
}
resource "aws_iam_instance_profile" "p" {
  name = "p"
  role = aws_iam_role.r.name
}
"""


def _given(argument: str) -> str:
    return f'{DECLARED}module "m" {{\n  source = "git::https://example.com/m.git"\n  x      = {argument}\n}}\n'


def _names_module(policies: tuple[Policy, ...]) -> bool:
    return any(
        one.assumption is not None and "module.m" in one.assumption.text
        for policy in policies
        for one in policy.statements
    )


@pytest.mark.parametrize("argument", ["aws_s3_bucket.b.id", "aws_s3_bucket.b.arn", '"data"', '["arn:aws:s3:::data"]'])
def test_a_bucket_may_have_a_policy_that_its_module_writes(model: ReadAccess, argument: str) -> None:
    found = model(_given(argument))
    assert _names_module(found.things["aws_s3_bucket.b"].policies)
    assert not _names_module(found.things["aws_kms_key.k"].policies)


@pytest.mark.parametrize(
    "argument",
    ["aws_iam_role.r.name", "aws_iam_role.r.arn", "aws_iam_instance_profile.p.name", '{ profile = { name = "p" } }'],
)
def test_a_role_may_have_policies_that_its_module_attaches(model: ReadAccess, argument: str) -> None:
    found = model(_given(argument))
    assert _names_module(found.principals["aws_iam_role.r"].identity)
    assert not _names_module(found.things["aws_iam_role.r"].policies)


def test_what_no_module_is_given_has_no_policy_of_one(model: ReadAccess) -> None:
    found = model(_given('"other"'))
    assert not _names_module(found.things["aws_s3_bucket.b"].policies)
    assert not _names_module(found.principals["aws_iam_role.r"].identity)
