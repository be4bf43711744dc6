"""AWS Backup of the table, and its scheduled export to the backup bucket."""

import json
from typing import Any

import pytest

from tests.support import iam
from tests.support.helpers import resource, resources

VAULT = "arn:aws:backup:us-east-1:333333333333:recovery-point:x"
ROLES = ("event-store/backups/role", "event-store/export/role")


@pytest.fixture
def rule(document) -> Any:
    [rule] = resource(document, "aws_backup_plan", "event-store/backups/plan").body["rule"]
    return rule


@pytest.fixture
def schedule(document) -> Any:
    return resource(document, "aws_scheduler_schedule", "event-store/export/schedule").body


@pytest.fixture
def request_sent(schedule) -> Any:
    return json.loads(schedule["target"]["input"])


@pytest.fixture(params=ROLES)
def role(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_backups_start_as_the_settings_say(rule, settings):
    assert rule["schedule"] == settings.event_store.backup.schedule


def test_backups_are_kept_as_long_as_the_settings_say(rule, settings):
    assert rule["lifecycle"] == {"delete_after": settings.event_store.backup.retention_days}


def test_the_table_is_what_is_backed_up(document):
    table = resource(document, "aws_dynamodb_table", "event-store/table/table")
    selection = resource(document, "aws_backup_selection", "event-store/backups/selection").body
    assert selection["resources"] == [table.reference("arn")]


def test_the_vault_is_encrypted_with_the_event_store_s_key(document):
    key = resource(document, "aws_kms_key", "keys/event-store/key")
    vault = resource(document, "aws_backup_vault", "event-store/backups/vault").body
    assert vault["kms_key_arn"] == key.reference("arn")


def test_a_vault_with_backups_is_emptied_only_where_nothing_is_protected(document, settings):
    vault = resource(document, "aws_backup_vault", "event-store/backups/vault").body
    assert vault["force_destroy"] != settings.stateful_protection


def vault_denies(document, action: str, principal: str, account: str) -> bool:
    policy = resource(document, "aws_backup_vault_policy", "event-store/backups/vault-policy").body["policy"]
    context = {
        "aws:PrincipalArn": principal,
        "aws:PrincipalAccount": account,
        "aws:PrincipalIsAWSService": "false",
    }
    return iam.denied(policy, action=action, resource=VAULT, context=context)


def test_protected_recovery_points_cannot_be_deleted_by_hand(document, settings):
    administrator = f"arn:aws:iam::{settings.account_id}:role/administrator"
    denied = vault_denies(document, "backup:DeleteRecoveryPoint", administrator, settings.account_id)
    assert denied == settings.stateful_protection


def test_aws_backup_ends_the_retention_of_recovery_points(document, settings):
    role = f"arn:aws:iam::{settings.account_id}:role/meals-{settings.environment}-event-store-backup"
    assert not vault_denies(document, "backup:DeleteRecoveryPoint", role, settings.account_id)


def test_the_vault_s_policy_can_be_changed(document, settings):
    administrator = f"arn:aws:iam::{settings.account_id}:role/administrator"
    assert not vault_denies(document, "backup:PutBackupVaultAccessPolicy", administrator, settings.account_id)


def test_other_accounts_restore_nothing(document):
    foreigner = "arn:aws:iam::999999999999:role/foreigner"
    assert vault_denies(document, "backup:StartRestoreJob", foreigner, "999999999999")


def test_operators_of_the_account_restore(document, settings):
    operator = f"arn:aws:iam::{settings.account_id}:role/operator"
    assert not vault_denies(document, "backup:StartRestoreJob", operator, settings.account_id)


def test_exports_start_as_the_settings_say(schedule, settings):
    assert schedule["schedule_expression"] == settings.event_store.backup.schedule


def test_exports_are_asked_for_by_the_scheduler_itself(schedule):
    assert schedule["target"]["arn"] == "arn:aws:scheduler:::aws-sdk:dynamodb:exportTableToPointInTime"


def test_the_table_is_what_is_exported(document, request_sent):
    table = resource(document, "aws_dynamodb_table", "event-store/table/table")
    assert request_sent["TableArn"] == table.reference("arn")


def test_exports_go_to_the_backup_bucket(document, request_sent):
    bucket = resource(document, "aws_s3_bucket", "event-store/backup-bucket/bucket")
    assert request_sent["S3Bucket"] == f"${{{bucket.address}.bucket}}"


def test_exports_are_encrypted_with_the_storage_key(document, request_sent):
    key = resource(document, "aws_kms_key", "keys/storage/key")
    assert (request_sent["S3SseAlgorithm"], request_sent["S3SseKmsKeyId"]) == ("KMS", key.reference("arn"))


def test_exports_are_kept_as_long_as_the_settings_say(document, settings):
    lifecycle = resource(document, "aws_s3_bucket_lifecycle_configuration", "event-store/backup-bucket/lifecycle").body
    [rule] = lifecycle["rule"]
    assert rule["expiration"] == [{"days": settings.event_store.backup.retention_days}]


def test_the_schedule_is_encrypted(document, schedule):
    key = resource(document, "aws_kms_key", "keys/event-store/key")
    assert schedule["kms_key_arn"] == key.reference("arn")


def test_failed_exports_are_kept(document, schedule):
    queue = resource(document, "aws_sqs_queue", "event-store/export/failures")
    assert schedule["target"]["dead_letter_config"] == {"arn": queue.reference("arn")}


def test_the_queue_is_encrypted(document):
    queue = resource(document, "aws_sqs_queue", "event-store/export/failures").body
    assert queue["kms_master_key_id"].startswith("${aws_kms_key.keys_event-store_")


def test_the_queue_refuses_plain_text(document, settings):
    policy = resource(document, "aws_sqs_queue_policy", "event-store/export/failures-policy").body["policy"]
    arn = f"arn:aws:sqs:us-east-1:{settings.account_id}:meals-{settings.environment}-event-store-export-failures"
    assert iam.denied(policy, action="sqs:SendMessage", resource=arn, context={"aws:SecureTransport": "false"})


def role_statements(document, path: str) -> dict[str, Any]:
    return iam.statements(resource(document, "aws_iam_role_policy", f"{path}/policy").body["policy"])


def test_no_role_has_a_wildcard_action(document, role):
    assert "*" not in "".join(action for each in role_statements(document, role).values() for action in each["Action"])


def test_no_role_acts_on_everything(document, role):
    assert all("*" not in each["Resource"] for each in role_statements(document, role).values())


def test_every_action_exists(document, role):
    actions = [action for each in role_statements(document, role).values() for action in each["Action"]]
    assert [action for action in actions if not iam.is_action(action)] == []


def test_the_scheduler_acts_for_this_account_only(document, settings):
    role = resource(document, "aws_iam_role", "event-store/export/role/role").body
    [statement] = json.loads(role["assume_role_policy"])["Statement"]
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": settings.account_id}}


def test_roles_are_called_what_the_policies_call_them(document, settings, role):
    name = resource(document, "aws_iam_role", f"{role}/role").body["name"]
    policy = resource(document, "aws_dynamodb_resource_policy", "event-store/table/policy").body["policy"]
    excepted = iam.statements(policy)["DenyOutsideVpcEndpoint"]["Condition"]["ArnNotEquals"]["aws:PrincipalArn"]
    assert f"arn:aws:iam::{settings.account_id}:role/{name}" in excepted


def test_what_is_backed_up_is_only_the_event_store(document):
    assert [each.path for each in resources(document, "aws_backup_selection")] == ["event-store/backups/selection"]
