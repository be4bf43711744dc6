"""The roles of GitHub Actions: who may assume them, and what they may never do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from envs.load import load
from envs.settings import Settings
from envs.settings.streaming import MetricsConnector
from modules.common.boundary import permissions_boundary
from modules.common.names import Names
from modules.common.policy import document
from modules.delivery.identity import PASSED_TO, identity_statements
from modules.delivery.network import edge_statements, network_statements
from modules.delivery.reads import metadata_statement, progress_statement
from modules.delivery.writes import connector_statements, consumer_statements, data_statements, platform_statements
from tests.support.helpers import resource, resources, statements
from tests.support.iam import access_level, actions, allowed, is_action, takes_resource

ENVIRONMENTS = ["dev", "staging", "prod"]
ISSUER = "token.actions.githubusercontent.com"
ACCOUNT = "222222222222"

EXCEPTIONS = {"AskPreconditions", "CreateStream", "ReadMetadata", "ReadProgress"}
"""The statements about everything whose actions could be limited to resources."""


def documents(stack: Mapping[str, Any], role: str) -> list[str]:
    """The policies of a role: the one in it and those attached to it."""
    inline = resource(stack, "aws_iam_role_policy", f"delivery/{role}-state").body["policy"]
    attached = {
        each.body["policy_arn"]
        for each in resources(stack, "aws_iam_role_policy_attachment", under="delivery/")
        if each.body["role"] == f"${{{resource(stack, 'aws_iam_role', f'delivery/{role}-role').address}.name}}"
    }
    managed = [each for each in resources(stack, "aws_iam_policy") if f"${{{each.address}.arn}}" in attached]
    assert len(managed) == len(attached)
    return [inline, *(each.body["policy"] for each in managed)]


BOUNDARY = permissions_boundary(Names.of(load("staging")))


@pytest.fixture
def stack(synthesized_bootstrap: Mapping[str, Any]) -> Mapping[str, Any]:
    """The bootstrap stack of staging."""
    document: Mapping[str, Any] = synthesized_bootstrap["staging"]
    return document


@pytest.fixture(params=["plan", "apply"])
def role(request: pytest.FixtureRequest) -> str:
    """Each of the roles."""
    return str(request.param)


def granted(policies: list[str]) -> set[str]:
    """Every action that a role is allowed on anything."""
    found = [each for policy in policies for each in statements(policy).values() if each["Effect"] == "Allow"]
    return {action for each in found for action in each["Action"]}


def may(policies: list[str], action: str, resource: str, **context: str) -> bool:
    """Whether a role may do something in the environment's region."""
    keys = {"aws:RequestedRegion": "us-east-1", **{key.replace("_", ":"): value for key, value in context.items()}}
    return allowed(policies, action=action, resource=resource, context=keys)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_only_the_repository_assumes_the_roles(synthesized_bootstrap: Mapping[str, Any], environment: str) -> None:
    settings = load(environment)
    repository = "repo:meals-example/infrastructure"
    # A pull request runs its own code with the role, and the state holds the broker's password.
    pull_requests = [f"{repository}:pull_request"] if environment == "dev" else []
    subjects = {
        "plan": [*pull_requests, f"{repository}:ref:refs/heads/main"],
        "apply": [f"{repository}:environment:{environment}"],
    }
    for role, expected in subjects.items():
        body = resource(synthesized_bootstrap[environment], "aws_iam_role", f"delivery/{role}-role").body
        assert body["name"] == f"meals-{environment}-{role}"
        (statement,) = json.loads(body["assume_role_policy"])["Statement"]
        assert statement["Action"] == ["sts:AssumeRoleWithWebIdentity"]
        assert statement["Principal"] == {
            "Federated": [f"arn:aws:iam::{settings.account_id}:oidc-provider/{ISSUER}"],
        }
        assert statement["Condition"] == {
            "StringEquals": {f"{ISSUER}:aud": "sts.amazonaws.com", f"{ISSUER}:sub": expected},
        }


def test_every_action_exists(stack: Mapping[str, Any], role: str) -> None:
    assert [action for action in sorted(granted(documents(stack, role))) if not is_action(action)] == []


def test_every_refusal_is_of_something(stack: Mapping[str, Any]) -> None:
    denials = [
        action
        for policy in documents(stack, "apply")
        for each in statements(policy).values()
        if each["Effect"] == "Deny"
        for action in each["Action"]
    ]
    assert denials
    for action in denials:
        prefix, _, name = action.partition(":")
        assert any(each.startswith(name.rstrip("*")) for each in actions(prefix)), action


def test_planning_changes_nothing_but_the_lock(stack: Mapping[str, Any]) -> None:
    changing = {action for action in granted(documents(stack, "plan")) if access_level(action) not in ("Read", "List")}
    assert changing == {"s3:PutObject", "s3:DeleteObject", "kms:Decrypt", "kms:GenerateDataKey"}
    state = "arn:aws:s3:::meals-staging-state-222222222222/staging/terraform.tfstate"
    policies = documents(stack, "plan")
    for action in ("s3:PutObject", "s3:DeleteObject"):
        assert may(policies, action, f"{state}.tflock")
        assert not may(policies, action, state)
    assert may(policies, "s3:GetObject", state)


def test_applying_writes_the_state_but_never_deletes_it(stack: Mapping[str, Any]) -> None:
    state = "arn:aws:s3:::meals-staging-state-222222222222/staging/terraform.tfstate"
    assert may(documents(stack, "apply"), "s3:PutObject", state)
    assert not may(documents(stack, "apply"), "s3:DeleteObject", state)
    assert not may(documents(stack, "apply"), "s3:DeleteObjectVersion", state)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("athena:GetQueryResults", f"arn:aws:athena:us-east-1:{ACCOUNT}:workgroup/meals-staging-reporting"),
        ("dynamodb:GetItem", f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/meals-staging-event-store"),
        ("dynamodb:Scan", f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/meals-staging-event-store"),
        ("logs:FilterLogEvents", f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/meals/staging/event-store"),
        ("logs:GetLogEvents", f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/meals/staging/event-store"),
        ("kafka-cluster:ReadData", f"arn:aws:kafka:us-east-1:{ACCOUNT}:topic/meals-staging-stream/*"),
        ("s3:GetObject", f"arn:aws:s3:::meals-staging-images-{ACCOUNT}/meal.png"),
        ("s3:GetObject", f"arn:aws:s3:::meals-staging-state-{ACCOUNT}/other/terraform.tfstate"),
        ("s3:PutObject", f"arn:aws:s3:::meals-staging-artifacts-{ACCOUNT}/core-server/1.0.0.tar.gz"),
        (
            "secretsmanager:GetSecretValue",
            f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:meals/staging/datadog-a1",
        ),
        ("sqs:ReceiveMessage", f"arn:aws:sqs:us-east-1:{ACCOUNT}:meals-staging-event-store-export-failures"),
        ("ssm:GetParameter", f"arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/others/password"),
        ("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/meals-staging-tableau"),
    ],
)
def test_no_role_touches_data(stack: Mapping[str, Any], role: str, action: str, resource: str) -> None:
    assert is_action(action)
    assert not may(documents(stack, role), action, resource)


def test_the_secrets_that_are_read_are_those_that_a_plan_reads(
    synthesized: Mapping[str, Any], stack: Mapping[str, Any], role: str
) -> None:
    read = {each["secret_id"] for each in synthesized["staging"]["data"]["aws_secretsmanager_secret_version"].values()}
    inline = statements(documents(stack, role)[0])["ReadSecrets"]
    assert set(inline["Resource"]) == {
        f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:{name}-??????" for name in read
    }


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("s3:PutBucketPolicy", f"arn:aws:s3:::meals-staging-state-{ACCOUNT}"),
        ("s3:PutBucketVersioning", f"arn:aws:s3:::meals-staging-state-{ACCOUNT}"),
        ("s3:DeleteBucket", f"arn:aws:s3:::meals-staging-state-{ACCOUNT}"),
        ("s3:PutLifecycleConfiguration", f"arn:aws:s3:::meals-staging-artifacts-{ACCOUNT}"),
        ("s3:PutBucketLogging", f"arn:aws:s3:::meals-staging-bootstrap-access-logs-{ACCOUNT}"),
        ("iam:PutRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/meals-staging-apply"),
        ("iam:UpdateAssumeRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/meals-staging-plan"),
        ("iam:CreatePolicyVersion", f"arn:aws:iam::{ACCOUNT}:policy/meals-staging-delivery-identity"),
        ("iam:DeleteOpenIDConnectProvider", f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}"),
        ("kms:DeleteAlias", f"arn:aws:kms:us-east-1:{ACCOUNT}:alias/meals-staging-state"),
        ("kms:DeleteAlias", f"arn:aws:kms:us-east-1:{ACCOUNT}:alias/meals-staging-zone-signing"),
        ("logs:DeleteLogGroup", f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/meals/staging/edge/dns-queries"),
    ],
)
def test_applying_never_changes_what_the_bootstrap_stack_made(
    stack: Mapping[str, Any], action: str, resource: str
) -> None:
    assert is_action(action)
    assert not may(documents(stack, "apply"), action, resource)


@pytest.mark.parametrize("action", ["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"])
def test_applying_never_changes_the_bootstrap_stacks_keys(stack: Mapping[str, Any], action: str) -> None:
    keys = [f"${{{each.address}.arn}}" for each in resources(stack, "aws_kms_key")]
    assert len(keys) == 5
    assert set(keys) <= _denied_resources(documents(stack, "apply"), action)


def test_applying_never_deletes_the_public_zone(stack: Mapping[str, Any]) -> None:
    (zone,) = resources(stack, "aws_route53_zone")
    assert f"${{{zone.address}.arn}}" in _denied_resources(documents(stack, "apply"), "route53:DeleteHostedZone")


@pytest.mark.parametrize("action", ["route53:DisableHostedZoneDNSSEC", "route53:DeactivateKeySigningKey"])
def test_applying_never_unsigns_a_zone(stack: Mapping[str, Any], action: str) -> None:
    assert is_action(action)
    assert not may(documents(stack, "apply"), action, "arn:aws:route53:::hostedzone/Z1")


def test_applying_changes_records_of_the_public_zone(stack: Mapping[str, Any]) -> None:
    (zone,) = resources(stack, "aws_route53_zone")
    denied = _denied_resources(documents(stack, "apply"), "route53:ChangeResourceRecordSets")
    assert f"${{{zone.address}.arn}}" not in denied


def _denied_resources(policies: list[str], action: str) -> set[str]:
    found = [each for policy in policies for each in statements(policy).values() if each["Effect"] == "Deny"]
    return {name for each in found if action in each["Action"] for name in each["Resource"]}


@pytest.mark.parametrize(
    ("action", "own", "other"),
    [
        ("s3:PutBucketPolicy", "arn:aws:s3:::meals-staging-images-1", "arn:aws:s3:::meals-prod-images-1"),
        (
            "dynamodb:DeleteTable",
            f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/meals-staging-event-store",
            f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/meals-prod-event-store",
        ),
        (
            "iam:UpdateAssumeRolePolicy",
            f"arn:aws:iam::{ACCOUNT}:role/meals-staging-tableau",
            f"arn:aws:iam::{ACCOUNT}:role/admin",
        ),
        (
            "kafka:UpdateBrokerCount",
            f"arn:aws:kafka:us-east-1:{ACCOUNT}:cluster/meals-staging-stream/1",
            f"arn:aws:kafka:us-east-1:{ACCOUNT}:cluster/meals-prod-stream/1",
        ),
        (
            "glue:DeleteTable",
            f"arn:aws:glue:us-east-1:{ACCOUNT}:table/meals_staging_reporting/events",
            f"arn:aws:glue:us-east-1:{ACCOUNT}:table/meals_prod_reporting/events",
        ),
        (
            "ec2:DeleteVpc",
            f"arn:aws:ec2:us-east-1:{ACCOUNT}:vpc/vpc-1",
            f"arn:aws:ec2:eu-west-1:{ACCOUNT}:vpc/vpc-1",
        ),
    ],
)
def test_applying_stays_in_its_environment(stack: Mapping[str, Any], action: str, own: str, other: str) -> None:
    assert may(documents(stack, "apply"), action, own)
    assert not may(documents(stack, "apply"), action, other)


@pytest.mark.parametrize("action", ["iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"])
def test_applying_gives_permissions_within_the_boundary_only(stack: Mapping[str, Any], action: str) -> None:
    policies, own = documents(stack, "apply"), f"arn:aws:iam::{ACCOUNT}:role/meals-staging-tableau"
    assert may(policies, action, own, iam_PermissionsBoundary=BOUNDARY)
    assert not may(policies, action, own)
    assert not may(policies, action, own, iam_PermissionsBoundary="arn:aws:iam::aws:policy/AdministratorAccess")
    other = f"arn:aws:iam::{ACCOUNT}:role/admin"
    assert not may(policies, action, other, iam_PermissionsBoundary=BOUNDARY)


@pytest.mark.parametrize("action", ["iam:AttachRolePolicy", "iam:DeleteRolePermissionsBoundary"])
def test_applying_neither_takes_the_boundary_away_nor_attaches_policies(stack: Mapping[str, Any], action: str) -> None:
    own = f"arn:aws:iam::{ACCOUNT}:role/meals-staging-tableau"
    assert not may(documents(stack, "apply"), action, own, iam_PermissionsBoundary=BOUNDARY)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_role_that_an_apply_makes_has_the_boundary(synthesized: Mapping[str, Any], environment: str) -> None:
    roles = resources(synthesized[environment], "aws_iam_role")
    assert {each.body.get("permissions_boundary") for each in roles} == {BOUNDARY}


def test_roles_are_passed_to_the_services_that_they_trust_only(synthesized: Mapping[str, Any]) -> None:
    trusted = set()
    for each in resources(synthesized["staging"], "aws_iam_role"):
        for statement in json.loads(each.body["assume_role_policy"])["Statement"]:
            trusted |= set(statement["Principal"].get("Service", ()))
    assert trusted == set(PASSED_TO)


def test_roles_are_passed_to_nobody_else(stack: Mapping[str, Any]) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/meals-staging-tableau"
    assert may(documents(stack, "apply"), "iam:PassRole", role, iam_PassedToService="ec2.amazonaws.com")
    assert not may(documents(stack, "apply"), "iam:PassRole", role, iam_PassedToService="lambda.amazonaws.com")
    assert not may(documents(stack, "apply"), "iam:PassRole", role)


def test_what_is_granted_on_everything_has_no_resource_to_be_limited_to(stack: Mapping[str, Any], role: str) -> None:
    """Except the reading of metadata, and what AWS looks up on no resource. All of it is limited to the region."""
    for policy in documents(stack, role):
        for sid, each in statements(policy).items():
            if each["Resource"] == ["*"]:
                assert set(each["Condition"]["StringEquals"]) == {"aws:RequestedRegion"}
                assert sid in EXCEPTIONS or not any(takes_resource(action) for action in each["Action"]), sid


def test_the_policies_of_the_longest_names_fit(stack: Mapping[str, Any]) -> None:
    """IAM quotas: 6,144 characters in a managed policy, 10,240 in a role's own, ten attached ones; blanks are free."""
    names = Names(project="p" * 16, environment="e" * 16, account_id=ACCOUNT, region="ap-southeast-1")
    key = f"arn:aws:kms:{names.region}:{ACCOUNT}:key/12345678-1234-1234-1234-123456789012"
    buckets = [f"arn:aws:s3:::{'b' * 63}"] * 3
    connector = MetricsConnector(
        plugin_bucket="b" * 63,
        plugin_key="k" * 200,
        privatelink_service_name="com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0",
    )
    zone = f"arn:aws:route53:::hostedzone/{'Z' * 21}"
    every = [
        [metadata_statement(names.region, has_connector=True, has_consumers=True)],
        network_statements(names),
        edge_statements(names),
        data_statements(names),
        [
            *platform_statements(names),
            progress_statement(names.region, has_connector=True),
            *consumer_statements(names),
        ],
        identity_statements(
            names, has_connector=True, protected_buckets=buckets, protected_keys=[key] * 5, protected_zone=zone
        ),
        connector_statements(names, connector),
    ]
    sizes = [len("".join(document(each).split())) for each in every]
    assert max(sizes) <= 6144
    assert len(documents(stack, "apply")) == len(every) <= 10  # one in the role, and none of a connector
    assert all(len("".join(documents(stack, role)[0].split())) <= 10240 for role in ("plan", "apply"))


def test_an_environment_that_nobody_delivers_has_no_roles(tmp_path: Path) -> None:
    assert _bootstrap(tmp_path, None) == []


def test_a_shared_account_has_one_identity_provider(tmp_path: Path) -> None:
    kinds = _bootstrap(tmp_path, {"repository": "meals-example/infrastructure", "owns_identity_provider": False})
    assert kinds.count("aws_iam_role") == 2
    assert "aws_iam_openid_connect_provider" not in kinds


def _bootstrap(directory: Path, delivery: Mapping[str, Any] | None) -> list[str]:
    """Types of the delivery's resources with other settings."""
    from main import synthesize

    settings = Settings.model_validate({**load("staging").model_dump(), "delivery": delivery})
    synthesize([settings], directory)
    stack: Mapping[str, Any] = json.loads((directory / "stacks" / "staging-bootstrap" / "cdk.tf.json").read_bytes())
    return [each.type for each in resources(stack, under="delivery/")]
