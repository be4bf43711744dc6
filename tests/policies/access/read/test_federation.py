"""Strangers of identity providers that everybody can use: those of whom a trust policy asks too little."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from policies.access.read.federation import ANYONE_WITH
from tests.support.access import senders
from tests.support.reading import ReadAccess

GITHUB = "token.actions.githubusercontent.com"
TERRAFORM = "app.terraform.io"
COGNITO = "cognito-identity.amazonaws.com"
AUDIENCE = {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}}
GUEST = {"ForAnyValue:StringLike": {f"{COGNITO}:amr": "unauthenticated"}}
LOGIN = {"ForAnyValue:StringLike": {f"{COGNITO}:amr": "authenticated"}}
POOL = {"StringEquals": {f"{COGNITO}:aud": "${aws_cognito_identity_pool.p.id}"}}

PROVIDER = 'provider "aws" { allowed_account_ids = ["123456789012"] }\n'


def trusting(provider: str, condition: Mapping[str, Any], more: str = "") -> str:
    name = provider if provider == COGNITO else f"arn:aws:iam::123456789012:oidc-provider/{provider}"
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": name},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": condition,
    }
    document = f"jsonencode({json.dumps({'Version': '2012-10-17', 'Statement': [statement]})})"
    return f'{PROVIDER}resource "aws_iam_role" "r" {{\n  name = "r"\n  assume_role_policy = {document}\n}}\n{more}'


def strangers(read: ReadAccess, main: str) -> list[bool]:
    """For each stranger who can take the role, whether they surely can."""
    found = senders(read(main), "aws_iam_role.r", "sts:AssumeRoleWithWebIdentity")
    return [surely for key, surely in found.items() if key.startswith(ANYONE_WITH)]


@pytest.mark.parametrize(
    ("provider", "condition", "is_open"),
    [
        (GITHUB, AUDIENCE, True),
        (GITHUB, {"StringLike": {f"{GITHUB}:sub": "repo:my-org*"}}, True),
        (GITHUB, {"StringLike": {f"{GITHUB}:sub": "repo:*/deploy:*"}}, True),
        (GITHUB, {"StringNotLike": {f"{GITHUB}:sub": "repo:evil/*"}}, True),
        (GITHUB, {"StringLike": {f"{GITHUB}:sub": "repo:my-org/*"}}, False),
        (GITHUB, {"StringEquals": {f"{GITHUB}:sub": "repo:my-org/app:ref:refs/heads/main"}}, False),
        (GITHUB, {"StringEquals": {f"{GITHUB}:repository_owner": "my-org"}}, False),
        (TERRAFORM, {"StringLike": {f"{TERRAFORM}:sub": "organization:*:project:app:*"}}, True),
        (TERRAFORM, {"StringLike": {f"{TERRAFORM}:sub": "organization:mine:project:*"}}, False),
        ("accounts.google.com", {"StringEquals": {"accounts.google.com:aud": "app"}}, True),
        ("accounts.google.com", {"StringEquals": {"accounts.google.com:sub": "1234"}}, False),
        ("oidc.eks.eu-west-1.amazonaws.com/id/1", {}, False),
    ],
)
def test_a_trust_policy_must_ask_whose_a_token_is(
    model: ReadAccess, provider: str, condition: Mapping[str, Any], is_open: bool
) -> None:
    assert strangers(model, trusting(provider, condition)) == ([True] if is_open else [])


def test_a_set_operator_for_a_claim_changes_nothing_about_another_role(model: ReadAccess) -> None:
    loose = trusting(GITHUB, {"ForAllValues:StringLike": {f"{GITHUB}:sub": "repo:my-org/*"}})
    other = loose.removeprefix(PROVIDER).replace('"r"', '"other"')
    strict = trusting(GITHUB, {"StringLike": {f"{GITHUB}:sub": "repo:my-org/*"}})
    assert strangers(model, strict + other) == []


@pytest.mark.parametrize(
    ("lets_guests_in", "condition", "expected"),
    [
        ("true", {**POOL, **GUEST}, [True]),
        ("true", {**POOL, **LOGIN}, []),
        ("false", {**POOL, **GUEST}, []),
        ("true", LOGIN, [True]),  # of a pool of their own
        ("true", {**GUEST, "StringEquals": {f"{COGNITO}:aud": "eu-west-1:elsewhere"}}, [False]),
    ],
)
def test_an_identity_pool_that_lets_guests_in_is_open(
    model: ReadAccess, lets_guests_in: str, condition: Mapping[str, Any], expected: list[bool]
) -> None:
    pool = f"""resource "aws_cognito_identity_pool" "p" {{
  identity_pool_name               = "p"
  allow_unauthenticated_identities = {lets_guests_in}
}}
"""
    assert strangers(model, trusting(COGNITO, condition, pool)) == expected


SIGN_UP = """
resource "aws_cognito_user_pool" "u" {
  name = "u"
  admin_create_user_config { allow_admin_create_user_only = ONLY }
}
resource "aws_cognito_user_pool_client" "c" {
  name         = "c"
  user_pool_id = aws_cognito_user_pool.u.id
}
resource "aws_cognito_identity_pool" "p" {
  identity_pool_name               = "p"
  allow_unauthenticated_identities = false
  PROVIDERS
}
"""
BY_POOL = """cognito_identity_providers {
    client_id     = aws_cognito_user_pool_client.c.id
    provider_name = aws_cognito_user_pool.u.endpoint
  }"""
BY_GOOGLE = 'supported_login_providers = { "accounts.google.com" = "app" }'


@pytest.mark.parametrize(
    ("only_admins", "providers", "condition", "expected"),
    [
        ("false", BY_POOL, {**POOL, **LOGIN}, [True]),
        ("true", BY_POOL, {**POOL, **LOGIN}, []),
        ("true", BY_GOOGLE, {**POOL, **LOGIN}, [True]),
        ("false", "", {**POOL, **LOGIN}, []),
        ("false", BY_POOL, {**POOL, **GUEST}, []),
    ],
)
def test_an_identity_pool_lets_in_who_can_sign_up(
    model: ReadAccess, only_admins: str, providers: str, condition: Mapping[str, Any], expected: list[bool]
) -> None:
    pool = SIGN_UP.replace("ONLY", only_admins).replace("PROVIDERS", providers)
    assert strangers(model, trusting(COGNITO, condition, pool)) == expected


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        ("var.p", 8),
        ('"arn:aws:iam::${var.p}:oidc-provider/token.actions.githubusercontent.com"', 1),
        ("aws_iam_openid_connect_provider.p.arn", 3),  # those that an ARN names
        ("aws_iam_saml_provider.p.arn", 0),
        ("aws_iam_openid_connect_provider.eks.arn", 0),
    ],
)
def test_a_provider_that_is_not_known_may_be_one_of_everybody(model: ReadAccess, principal: str, expected: int) -> None:
    main = f"""{PROVIDER}
variable "p" {{}}
resource "aws_iam_openid_connect_provider" "p" {{
  url            = var.p
  client_id_list = ["sts.amazonaws.com"]
}}
resource "aws_iam_saml_provider" "p" {{
  name                   = var.p
  saml_metadata_document = "<x/>"
}}
resource "aws_eks_cluster" "c" {{
  name     = "c"
  role_arn = "arn:aws:iam::123456789012:role/eks"
  vpc_config {{ subnet_ids = ["subnet-1"] }}
}}
resource "aws_iam_openid_connect_provider" "eks" {{
  url            = aws_eks_cluster.c.identity[0].oidc[0].issuer
  client_id_list = ["sts.amazonaws.com"]
}}
resource "aws_iam_role" "r" {{
  name               = "r"
  assume_role_policy = jsonencode({{ Statement = [
    {{ Effect = "Allow", Principal = {{ Federated = {principal} }}, Action = "sts:AssumeRoleWith*" }}
  ] }})
}}
"""
    read = model(main)
    found = {
        key: surely
        for action in ("sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity")
        for key, surely in senders(read, "aws_iam_role.r", action).items()
    }
    assert [surely for key, surely in found.items() if key.startswith(ANYONE_WITH)] == [False] * expected
    is_known = principal.startswith("aws_iam_openid_connect_provider.eks")
    assert [surely for key, surely in found.items() if key.startswith("users of")] == [is_known]
