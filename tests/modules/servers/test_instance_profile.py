"""What a server may do in AWS."""

import json
from typing import Any

import pytest

from tests.support import iam
from tests.support.helpers import resource
from tests.support.servers import PRIVATE, PUBLIC, role_policy

NO_RESOURCES = {"ServeSessions", "PublishMetrics"}
"""Statements on `*`: their actions know no resource."""
INLINE_POLICY_LIMIT = 10_240  # IAM quotas: characters of a role's inline policies, white space not counted


@pytest.fixture
def statements(document, server) -> dict[str, Any]:
    return iam.statements(role_policy(document, server))


def actions(statements: dict[str, Any]) -> list[str]:
    return [action for statement in statements.values() for action in statement["Action"]]


def test_only_ec2_assumes_the_role(document, server):
    role = resource(document, "aws_iam_role", f"{server.path}/instance-profile/role")
    [statement] = json.loads(role.body["assume_role_policy"])["Statement"]
    assert statement["Principal"] == {"Service": ["ec2.amazonaws.com"]}


def test_no_managed_policy_is_attached(document, server):
    role = resource(document, "aws_iam_role", f"{server.path}/instance-profile/role")
    attached = document["resource"].get("aws_iam_role_policy_attachment", {}).values()
    assert all(role.name not in each["role"] for each in attached)


def test_no_action_has_a_wildcard(statements):
    assert [action for action in actions(statements) if "*" in action] == []


def test_every_action_exists(statements):
    assert [action for action in actions(statements) if not iam.is_action(action)] == []


def test_every_key_is_used_through_one_service_only(statements):
    """A key encrypts data of several kinds; what a server may decrypt is what the service lets it read besides."""
    uses = {
        sid: each for sid, each in statements.items() if any(action.startswith("kms:") for action in each["Action"])
    }
    assert uses
    assert [sid for sid, each in uses.items() if "kms:ViaService" not in each["Condition"]["StringEquals"]] == []


def test_only_actions_without_resources_are_allowed_on_everything(statements):
    everything = {sid: each for sid, each in statements.items() if "*" in each["Resource"]}
    assert everything.keys() == NO_RESOURCES
    assert not any(iam.takes_resource(action) for each in everything.values() for action in each["Action"])


def test_metrics_go_to_the_agent_s_namespace_only(statements):
    assert statements["PublishMetrics"]["Condition"] == {"StringEquals": {"cloudwatch:namespace": "CWAgent"}}


def test_logs_go_to_the_server_s_own_group_only(statements, settings, server):
    assert statements["WriteLogs"]["Resource"] == [
        f"arn:aws:logs:us-east-1:{settings.account_id}:log-group:/meals/{settings.environment}/{server.name}:*"
    ]


def test_servers_do_not_make_log_groups(statements):
    assert "logs:CreateLogGroup" not in actions(statements)


def test_artifacts_of_other_servers_are_out_of_reach(statements, settings, server):
    assert statements["FetchArtifact"]["Resource"] == [
        f"arn:aws:s3:::meals-{settings.environment}-artifacts-{settings.account_id}/{server.name}/*"
    ]


def test_the_artifacts_key_of_the_bootstrap_stack_is_named_by_its_alias(statements, synthesized_bootstrap, environment):
    aliases = synthesized_bootstrap[environment]["resource"]["aws_kms_alias"].values()
    condition = statements["DecryptArtifact"]["Condition"]
    assert condition["ForAnyValue:StringEquals"]["kms:ResourceAliases"] in {alias["name"] for alias in aliases}


def test_the_artifacts_bucket_is_that_of_the_bootstrap_stack(statements, synthesized_bootstrap, environment):
    buckets = synthesized_bootstrap[environment]["resource"]["aws_s3_bucket"].values()
    [artifacts] = statements["FetchArtifact"]["Resource"]
    assert artifacts.removeprefix("arn:aws:s3:::").split("/")[0] in {bucket["bucket"] for bucket in buckets}


def test_no_server_reads_parameters(statements):
    assert not any(action.startswith("ssm:GetParameter") for action in actions(statements))


@pytest.mark.parametrize("public", PUBLIC, ids=lambda server: server.name)
def test_public_servers_read_datadog_s_key_where_the_agent_runs(document, settings, public):
    statements = iam.statements(role_policy(document, public))
    assert ("ReadDatadogApiKey" in statements) == settings.servers.datadog_agent


def test_datadog_s_key_is_one_secret(synthesized):
    statements = iam.statements(role_policy(synthesized["prod"], PUBLIC[0]))
    assert statements["ReadDatadogApiKey"]["Resource"] == [
        "arn:aws:secretsmanager:us-east-1:333333333333:secret:meals/prod/datadog-??????"
    ]


@pytest.mark.parametrize("private", PRIVATE, ids=lambda server: server.name)
def test_private_servers_do_not_read_datadog_s_key(document, private):
    assert "ReadDatadogApiKey" not in iam.statements(role_policy(document, private))


def test_the_policy_fits_into_a_role(document, server):
    length = len("".join(role_policy(document, server).split()))
    assert length <= INLINE_POLICY_LIMIT


def test_the_log_group_is_encrypted_with_the_key_of_logs(document, server):
    log_group = resource(document, "aws_cloudwatch_log_group", f"{server.path}/log-group").body
    assert log_group["kms_key_id"].startswith("${aws_kms_key.keys_logs_")


def test_logs_are_kept_as_long_as_the_settings_say(document, server, settings):
    log_group = resource(document, "aws_cloudwatch_log_group", f"{server.path}/log-group").body
    assert log_group["retention_in_days"] == settings.servers.log_retention_days


def test_the_core_server_uses_the_key_of_buckets_for_images_only(document, settings):
    statement = iam.statements(role_policy(document, PUBLIC[0]))["UseImageKey"]
    images = f"arn:aws:s3:::meals-{settings.environment}-images-{settings.account_id}"
    assert statement["Condition"]["StringEquals"]["kms:EncryptionContext:aws:s3:arn"] == images
