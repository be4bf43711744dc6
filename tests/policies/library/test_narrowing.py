"""Which conditions tie a grant to known callers, and which patterns strangers match."""

from __future__ import annotations

from typing import Any

import pytest

from policies.library.access import is_public
from policies.library.documents import document
from policies.library.model import Configuration
from policies.library.narrowing import has_source, is_narrowed
from policies.library.values import Partial, Reference, Unknown, UnknownValue, Value, freeze

NOTHING = Configuration({})


def narrows(operator: str, key: str, *values: Value) -> bool:
    """Whether a condition narrows a grant to everyone."""
    condition = {operator: {key: values}}
    statement = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", "Condition": condition}
    (read,) = document(freeze({"Statement": [statement]}), NOTHING).statements
    return is_narrowed(read)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("aws:PrincipalAccount", "111122223333"),
        ("aws:PrincipalOrgID", "o-1234567890"),
        ("aws:PrincipalOrgPaths", "o-1234567890/*"),
        ("aws:PrincipalArn", "arn:aws:iam::111122223333:role/*"),
        ("aws:SourceArn", "arn:aws:sns:*:111122223333:*"),
        ("aws:SourceArn", "arn:aws:s3:::images"),
        ("aws:SourceArn", "arn:aws:s3:*:*:images"),
        ("aws:SourceArn", "arn:aws:route53:::hostedzone/Z1"),
        ("aws:SourceVpce", "vpce-1"),
        ("aws:userid", "AROA123:*"),
        ("kms:CallerAccount", "111122223333"),
    ],
)
def test_a_value_with_one_owner_narrows(key: str, value: str) -> None:
    assert narrows("StringLike", key, value)
    assert narrows("ForAnyValue:StringLike", key, value)
    assert not narrows("StringLikeIfExists", key, value)
    assert not narrows("ForAllValues:StringLike", key, value)
    assert not narrows("StringNotLike", key, value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("aws:PrincipalAccount", "*"),
        ("aws:PrincipalAccount", "1111*"),
        ("aws:PrincipalOrgID", "o-*"),
        ("aws:PrincipalOrgPaths", "*"),
        ("aws:PrincipalOrgPaths", "o-*/r-1/*"),
        ("aws:PrincipalArn", "*"),
        ("aws:PrincipalArn", "arn:aws:iam::*:role/admin"),
        ("aws:SourceArn", "*"),
        ("aws:SourceArn", "arn:*:*:*"),
        ("aws:SourceArn", "arn:aws:*"),
        ("aws:SourceArn", "arn:aws:s3:::*"),
        ("aws:SourceArn", "arn:aws:s3:::images-*"),
        ("aws:SourceArn", "arn:aws:sns:*:*:orders"),
        ("aws:SourceOwner", "*"),
        ("aws:SourceVpc", "vpc-*"),
        ("aws:SourceVpce", "vpce-*"),
        ("aws:userid", "*"),
        ("aws:username", "admin"),
        ("kms:ViaService", "s3.us-east-1.amazonaws.com"),
        ("aws:SourceIp", "0.0.0.0/1"),
        ("aws:PrincipalType", "AssumedRole"),
    ],
)
def test_a_pattern_that_strangers_match_narrows_nothing(key: str, value: str) -> None:
    assert not narrows("StringLike", key, value)


def test_one_value_for_anyone_undoes_the_others() -> None:
    assert not narrows("StringLike", "aws:PrincipalOrgID", "o-1234567890", "*")


def test_what_a_resource_is_called_once_applied_is_no_pattern() -> None:
    arn = Reference("aws_sns_topic.t.arn", "aws_sns_topic.t", "arn")
    account = Reference("data.aws_caller_identity.c.account_id", "data.aws_caller_identity.c", "account_id")
    assert narrows("ArnLike", "aws:SourceArn", arn)
    assert narrows("StringEquals", "aws:SourceAccount", account)
    assert narrows("ArnLike", "aws:SourceArn", Partial("", ("arn:aws:sns:us-east-1:", account, ":*")))
    assert narrows("ArnLike", "aws:SourceArn", Partial("", (arn, "/*")))
    assert not narrows("ArnLike", "aws:SourceArn", Partial("", ("arn:aws:sns:", account, ":*:orders")))


def test_an_unknown_value_may_be_a_pattern() -> None:
    parameter = Reference("data.aws_ssm_parameter.p.value", "data.aws_ssm_parameter.p", "value")
    for unknown in (Unknown("var.organization"), parameter):
        with pytest.raises(UnknownValue):
            narrows("StringEquals", "aws:PrincipalOrgID", unknown)
    assert not narrows("StringEquals", "aws:PrincipalOrgID", Unknown("var.organization"), "*")


def test_a_source_is_an_account_organization_or_resource() -> None:
    def statement(**condition: Any) -> bool:
        policy = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "s3"}, "Condition": condition}]}
        return has_source(document(freeze(policy), NOTHING).statements[0])

    assert statement(ArnLike={"aws:SourceArn": "arn:aws:s3:::images"})
    assert not statement(ArnLike={"aws:SourceArn": "arn:aws:s3:::*"})
    assert not statement(StringEquals={"aws:PrincipalOrgID": "o-1234567890"})


GITHUB = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
SUBJECT = "token.actions.githubusercontent.com:sub"
EKS = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/1"


def trusts_anyone(provider: str, **condition: Any) -> bool:
    """Whether trust in a provider's users is trust in everybody."""
    statement = {"Effect": "Allow", "Principal": {"Federated": provider}, "Condition": condition}
    (read,) = document(freeze({"Statement": [statement]}), NOTHING).statements
    return is_public(read, NOTHING)


@pytest.mark.parametrize(
    ("provider", "condition"),
    [
        (GITHUB, {"StringEquals": {SUBJECT: "repo:org/app:ref:refs/heads/main"}}),
        (GITHUB, {"StringLike": {SUBJECT: ["repo:org/app:*", "repo:org/*"]}}),
        (GITHUB, {"ForAnyValue:StringLike": {SUBJECT: "repo:org/app:*"}}),
        (GITHUB, {"StringEquals": {"token.actions.githubusercontent.com:repository_owner_id": "1"}}),
        ("arn:aws:iam::1:oidc-provider/app.terraform.io", {"StringLike": {"app.terraform.io:sub": "organization:a:*"}}),
        (EKS, {"StringLike": {"oidc.eks.us-east-1.amazonaws.com/id/1:sub": "system:serviceaccount:*:reader"}}),
        ("cognito-identity.amazonaws.com", {"StringEquals": {"cognito-identity.amazonaws.com:aud": "us-east-1:1"}}),
        ("accounts.google.com", {"StringEquals": {"accounts.google.com:aud": "1.apps.googleusercontent.com"}}),
        ("arn:aws:iam::1:saml-provider/staff", {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}),
    ],
)
def test_named_users_of_an_identity_provider(provider: str, condition: dict[str, Any]) -> None:
    assert not trusts_anyone(provider, **condition)


@pytest.mark.parametrize(
    ("provider", "condition"),
    [
        (GITHUB, {}),
        (GITHUB, {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}),
        (GITHUB, {"StringEquals": {"token.actions.githubusercontent.com:aud": "https://github.com/org"}}),
        (GITHUB, {"StringLike": {SUBJECT: "*"}}),
        (GITHUB, {"StringLike": {SUBJECT: "repo:*"}}),
        (GITHUB, {"StringLike": {SUBJECT: "repo:org*"}}),
        (GITHUB, {"StringLike": {SUBJECT: "workflow:deploy:repo:org/app:*"}}),
        (GITHUB, {"StringLike": {SUBJECT: "repo:org*/app:*"}}),
        (GITHUB, {"StringLike": {SUBJECT: ["repo:org/app:*", "*"]}}),
        (GITHUB, {"StringLikeIfExists": {SUBJECT: "repo:org/app:*"}}),
        (GITHUB, {"ForAllValues:StringLike": {SUBJECT: "repo:org/app:*"}}),
        (GITHUB, {"StringNotEquals": {SUBJECT: "repo:org/app:pull_request"}}),
        (EKS, {"StringEquals": {"oidc.eks.us-east-1.amazonaws.com/id/1:aud": "sts.amazonaws.com"}}),
        (EKS, {"StringLike": {"oidc.eks.us-east-1.amazonaws.com/id/1:sub": "system:serviceaccount:*:*"}}),
        ("cognito-identity.amazonaws.com", {"StringEquals": {"cognito-identity.amazonaws.com:amr": "authenticated"}}),
        ("arn:aws:iam::1:saml-provider/staff", {}),
    ],
)
def test_every_user_of_an_identity_provider(provider: str, condition: dict[str, Any]) -> None:
    assert trusts_anyone(provider, **condition)


def test_an_unknown_subject_may_be_anyone() -> None:
    with pytest.raises(UnknownValue):
        trusts_anyone(GITHUB, StringLike={SUBJECT: Unknown("var.subject")})
