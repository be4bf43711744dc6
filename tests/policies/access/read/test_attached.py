"""Which policies roles, users and groups have, however they are attached."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from policies.access.model import Policy
from tests.support.reading import ReadAccess

ROLE = """
resource "aws_iam_role" "r" {
  name               = "r"
  assume_role_policy = jsonencode({ Statement = [] })
}
"""
DOCUMENT = 'jsonencode({ Statement = [{ Sid = "S", Effect = "Allow", Action = "s3:GetObject", Resource = "*" }] })'
MANAGED = f'resource "aws_iam_policy" "p" {{\n  name = "p"\n  policy = {DOCUMENT}\n}}\n'


def _sids(policies: Sequence[Policy]) -> list[str]:
    return [statement.sid for policy in policies for statement in policy.statements if not statement.assumption]


@pytest.mark.parametrize(
    "how",
    [
        f'resource "aws_iam_role_policy" "i" {{\n  role = aws_iam_role.r.id\n  policy = {DOCUMENT}\n}}',
        f'resource "aws_iam_role_policy" "i" {{\n  role = "r"\n  policy = {DOCUMENT}\n}}',
        MANAGED
        + 'resource "aws_iam_role_policy_attachment" "a" {\n  role = aws_iam_role.r.name\n'
        + "  policy_arn = aws_iam_policy.p.arn\n}",
        MANAGED
        + 'resource "aws_iam_policy_attachment" "a" {\n  name = "a"\n  roles = [aws_iam_role.r.name]\n'
        + "  policy_arn = aws_iam_policy.p.arn\n}",
        MANAGED
        + 'resource "aws_iam_role_policy_attachments_exclusive" "a" {\n  role_name = aws_iam_role.r.name\n'
        + "  policy_arns = [aws_iam_policy.p.arn]\n}",
    ],
)
def test_a_policy_is_found_however_it_is_attached(model: ReadAccess, how: str) -> None:
    assert _sids(model(ROLE + how).principals["aws_iam_role.r"].identity) == ["S"]


def test_an_inline_policy_in_the_role_itself_counts(model: ReadAccess) -> None:
    role = ROLE.replace(
        "jsonencode({ Statement = [] })", f"{DOCUMENT}\n  inline_policy {{\n    policy = {DOCUMENT}\n  }}"
    )
    assert _sids(model(role).principals["aws_iam_role.r"].identity) == ["S"]


def test_policies_of_a_group_are_its_members(model: ReadAccess) -> None:
    found = model(
        f"""
        resource "aws_iam_user" "u" {{ name = "u" }}
        resource "aws_iam_group" "g" {{ name = "g" }}
        resource "aws_iam_group_policy" "p" {{
          group  = aws_iam_group.g.name
          policy = {DOCUMENT}
        }}
        resource "aws_iam_user_group_membership" "m" {{
          user   = aws_iam_user.u.name
          groups = [aws_iam_group.g.name]
        }}
        """
    )
    assert _sids(found.principals["aws_iam_user.u"].identity) == ["S"]


def test_a_policy_of_aws_is_read_with_its_version(model: ReadAccess) -> None:
    role = ROLE.replace("})\n", '})\n  managed_policy_arns = ["arn:aws:iam::aws:policy/AdministratorAccess"]\n')
    (policy,) = model(role).principals["aws_iam_role.r"].identity
    assert policy.name == "AdministratorAccess v1"
    assert policy.statements[0].assumption is None


def test_a_policy_that_is_not_known_is_taken_to_allow_everything(model: ReadAccess) -> None:
    role = ROLE.replace("})\n", '})\n  managed_policy_arns = ["arn:aws:iam::aws:policy/NoSuchPolicy"]\n')
    (policy,) = model(role).principals["aws_iam_role.r"].identity
    (statement,) = policy.statements
    assert statement.actions == ("*",)
    assert statement.assumption is not None


def test_a_policy_of_whom_a_variable_decides_may_be_of_each_role(model: ReadAccess) -> None:
    inline = f'variable "r" {{}}\nresource "aws_iam_role_policy" "i" {{\n  role = var.r\n  policy = {DOCUMENT}\n}}'
    (policy,) = model(ROLE + inline).principals["aws_iam_role.r"].identity
    assert policy.statements[0].assumption is not None


def test_a_permissions_boundary_is_read(model: ReadAccess) -> None:
    role = ROLE.replace("})\n", "})\n  permissions_boundary = aws_iam_policy.p.arn\n")
    assert _sids(model(role + MANAGED).principals["aws_iam_role.r"].boundaries) == ["S"]


def test_a_member_has_what_is_put_into_a_group_that_has_nothing(model: ReadAccess) -> None:
    main = """
    resource "aws_iam_user" "u" { name = "u" }
    resource "aws_iam_group" "g" { name = "g" }
    resource "aws_iam_group_membership" "m" {
      name  = "m"
      group = aws_iam_group.g.name
      users = [aws_iam_user.u.name]
    }
    """
    (empty,) = model(main).principals["aws_iam_user.u"].identity
    assert (empty.statements, empty.resource.address if empty.resource else "") == ((), "aws_iam_group.g")


def test_what_groups_and_boundaries_that_something_asks_for_allow(model: ReadAccess) -> None:
    found = model(
        """
        provider "aws" { allowed_account_ids = ["111122223333"] }
        resource "aws_iam_group" "g" { name = "g" }
        resource "aws_iam_group_policy" "g" {
          group  = aws_iam_group.g.name
          policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
        }
        resource "aws_iam_policy" "limit" {
          name   = "limit"
          policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sqs:*", Resource = "*" }] })
        }
        resource "aws_iam_policy" "other" {
          name   = "other"
          policy = jsonencode({ Statement = [] })
        }
        resource "aws_iam_user" "u" { name = "u" }
        resource "aws_iam_user_policy" "u" {
          user   = aws_iam_user.u.name
          policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "iam:CreateRole", Resource = "*"
            Condition = { StringEquals = { "iam:PermissionsBoundary" = [
              aws_iam_policy.limit.arn, "arn:aws:iam::aws:policy/PowerUserAccess", "arn:aws:iam::111122223333:policy/x"
            ] } } }] })
        }
        """
    )
    actions = {
        key: [each.actions for policy in policies for each in policy.statements]
        for key, policies in found.attachable.items()
    }
    assert actions.pop("aws_iam_group.g") == [("s3:*",)]
    assert actions.pop("arn:aws:iam::111122223333:policy/limit") == [("sqs:*",)]
    assert list(actions) == ["arn:aws:iam::aws:policy/PowerUserAccess"]


@pytest.mark.parametrize("name", ["IAMReadOnlyAccess", "service-role/AWSGlueServiceRole", "AmazonEC2FullAccess"])
def test_what_a_policy_of_aws_allows_is_known(model: ReadAccess, name: str) -> None:
    user = f"""
    resource "aws_iam_user" "u" {{ name = "u" }}
    resource "aws_iam_user_policy_attachment" "u" {{
      user       = aws_iam_user.u.name
      policy_arn = "arn:aws:iam::aws:policy/{name}"
    }}
    """
    (policy,) = model(user).principals["aws_iam_user.u"].identity
    assert policy.statements
    assert all(each.assumption is None and "*" not in each.actions for each in policy.statements)


DENY = DOCUMENT.replace("Allow", "Deny")
INLINE = 'resource "aws_iam_role_policy" "AT" {\n  name = "NAME"\n  role = "r"\n  policy = DOCUMENT\n}\n'
ATTACHED = 'resource "aws_iam_role_policy_attachment" "a" {\n  role = "r"\n  policy_arn = aws_iam_policy.p.arn\n}\n'


def _inline(at: str, name: str, document: str) -> str:
    return INLINE.replace("AT", at).replace("NAME", name).replace("DOCUMENT", document)


@pytest.mark.parametrize(
    ("written", "certain"),
    [
        ([_inline("i", "p", DOCUMENT), _inline("j", "p", DENY)], []),
        ([_inline("i", "p", DOCUMENT), _inline("j", "q", DENY)], ["S", "S"]),
        (
            [
                _inline("i", "p", DOCUMENT),
                'resource "aws_iam_role_policies_exclusive" "e" {\n  role_name = "r"\n  policy_names = []\n}',
            ],
            [],
        ),
        (
            [
                MANAGED,
                ATTACHED,
                'resource "aws_iam_role_policy_attachments_exclusive" "e" {\n  role_name = "r"\n  policy_arns = []\n}',
            ],
            [],
        ),
        (
            [
                MANAGED,
                ATTACHED,
                'resource "aws_iam_policy_attachment" "b" {\n  name = "b"\n  policy_arn = aws_iam_policy.p.arn\n}',
            ],
            [],
        ),
    ],
)
def test_of_several_that_write_one_thing_each_is_there_perhaps(
    model: ReadAccess, written: Sequence[str], certain: list[str]
) -> None:
    found = model(ROLE + "".join(written))
    assert _sids(found.principals["aws_iam_role.r"].identity) == certain
