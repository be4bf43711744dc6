"""Which conditions tie a grant to known callers, and which patterns strangers match."""

from __future__ import annotations

from typing import Any

import pytest

from policies.library.access import is_public
from policies.library.documents import document
from policies.library.model import Configuration
from policies.library.narrowing import has_source, is_narrowed, spares_known_callers_only
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
        ("sns:Endpoint", "arn:aws:sqs:us-east-1:111122223333:orders"),
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
        ("sns:Endpoint", "*@example.com"),
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


def refuses_strangers(**condition: Any) -> bool:
    """Whether a refusal with a condition is of everyone but known callers."""
    statement = {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*", "Condition": freeze(condition)}
    return spares_known_callers_only(document(freeze({"Statement": [statement]}), NOTHING).statements[0])


@pytest.mark.parametrize(
    "condition",
    [
        {},
        {"NotIpAddress": {"aws:SourceIp": "198.51.100.0/24"}},
        {"StringNotEquals": {"aws:SourceVpc": "vpc-1"}},
        {"StringNotEqualsIfExists": {"aws:SourceVpce": ["vpce-1", "vpce-2"]}},
        {"ForAllValues:StringNotLike": {"aws:PrincipalOrgPaths": "o-1/*"}},
        {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}, "NotIpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"}},
    ],
)
def test_a_refusal_of_all_but_known_callers(condition: dict[str, Any]) -> None:
    assert refuses_strangers(**condition)


@pytest.mark.parametrize(
    "condition",
    [
        {"Bool": {"aws:SecureTransport": "false"}},
        {"NotIpAddress": {"aws:SourceIp": "0.0.0.0/0"}},
        {"NotIpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}},
        {"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}},
        {"StringEquals": {"aws:SourceVpc": "vpc-1"}},
        {"StringNotLike": {"aws:SourceVpce": "vpce-*"}},
        {"StringNotEquals": {"aws:UserAgent": "browser"}},
        {"ForAnyValue:StringNotEquals": {"aws:PrincipalOrgID": "o-1"}},
        {"StringNotEquals": {"aws:SourceVpc": "vpc-1"}, "Bool": {"aws:SecureTransport": "false"}},
    ],
)
def test_a_refusal_that_leaves_strangers_out(condition: dict[str, Any]) -> None:
    assert not refuses_strangers(**condition)


def test_a_refusal_of_all_but_unknown_callers_is_unknown() -> None:
    for condition in (
        {"NotIpAddress": {"aws:SourceIp": Unknown("var.cidr")}},
        {"StringNotEquals": {"aws:SourceVpc": Unknown("var.vpc")}},
    ):
        with pytest.raises(UnknownValue):
            refuses_strangers(**condition)


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


def of_subject(issuer: str, subject: str) -> bool:
    """Whether trust in the subjects of an issuer that match a pattern is trust in everybody."""
    return trusts_anyone(f"arn:aws:iam::1:oidc-provider/{issuer}", StringLike={f"{issuer}:sub": subject})


BITBUCKET = "api.bitbucket.org/2.0/workspaces/meals/pipelines-config/identity/oidc"
CIRCLECI = "oidc.circleci.com/org/11111111-2222-3333-4444-555555555555"


@pytest.mark.parametrize(
    ("issuer", "subject"),
    [
        ("agent.buildkite.com", "organization:meals:pipeline:deploy:*"),
        ("api.pulumi.com/oidc", "pulumi:deploy:org:meals:project:*"),
        ("app.terraform.io", "organization:meals:project:*"),
        ("gitlab.com", "project_path:meals/*"),
        ("gitlab.example.com", "project_path:meals/app:ref_type:branch:ref:*"),
        ("idp.example.com", "0a1b2c"),
        ("login.scalr.io", "account:meals:environment:*"),
        ("oidc.codefresh.io", "account:1234:pipeline:*"),
        ("storage.example.com/cluster", "system:serviceaccount:kitchen:*"),
        (BITBUCKET, "{1234}:*"),
        (CIRCLECI, "org/1111/project/2222/user/*"),
        (CIRCLECI, "org/*/project/2222/*"),
    ],
)
def test_a_subject_of_one_customer(issuer: str, subject: str) -> None:
    assert not of_subject(issuer, subject)


@pytest.mark.parametrize(
    ("issuer", "subject"),
    [
        ("agent.buildkite.com", "organization:*:pipeline:deploy:*"),
        ("api.pulumi.com/oidc", "pulumi:deploy:org:*"),
        ("api.pulumi.com/oidc", "pulumi:deploy:org:*:project:app"),
        ("api.pulumi.com/oidc", "pulumi:*:org:meals"),
        ("app.scalr.io", "account:*:environment:production"),
        ("app.terraform.io", "organization:*:project:app:*"),
        ("ci.example.com", "tenant:meals*:pipeline:deploy"),
        ("ci.example.com", "*:pipeline:deploy"),
        ("ci.example.com", "deploy-*"),
        ("gitlab.com", "project_path:*:ref_type:branch:ref:main"),
        ("login.scalr.io", "account:*:environment:prod:workspace:*"),
        ("oidc.codefresh.io", "account:*:pipeline:meals/deploy:*"),
        ("storage.example.com/cluster", "system:serviceaccount:*:*"),
        (BITBUCKET, "*"),
        (CIRCLECI, "org/*/project/*/user/*"),
    ],
)
def test_a_subject_that_strangers_have(issuer: str, subject: str) -> None:
    assert of_subject(issuer, subject)


def test_an_unknown_subject_may_be_anyone() -> None:
    with pytest.raises(UnknownValue):
        trusts_anyone(GITHUB, StringLike={SUBJECT: Unknown("var.subject")})
