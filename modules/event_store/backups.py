"""AWS Backup of the event store's table: a vault of its own, a daily plan, and the role that does it."""

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.backup_plan import BackupPlan, BackupPlanRule, BackupPlanRuleLifecycle
from cdktf_cdktf_provider_aws.backup_selection import BackupSelection
from cdktf_cdktf_provider_aws.backup_vault import BackupVault
from cdktf_cdktf_provider_aws.backup_vault_policy import BackupVaultPolicy
from constructs import Construct

from envs.settings.event_store import Backup as BackupSettings
from modules.common.context import Context
from modules.common.names import Names
from modules.common.policy import Statement, document
from modules.common.service_role import ServiceRole

ROLE = "event-store-backup"

START_WINDOW_MINUTES = 60
COMPLETION_WINDOW_MINUTES = 360
"""A backup starts within the first and is cancelled after the second (AWS Backup allows 60 at least)."""


def backup_role_arn(names: Names) -> str:
    """Return the ARN of the role that AWS Backup uses: policies name it before it exists."""
    return names.iam_arn(f"role/{names.name(ROLE)}")


class TableBackups(Construct):
    """Backups of the table `table_arn` by AWS Backup, as scheduled and as long as the settings say.

    With stateful protection nobody deletes a recovery point by hand: it goes when its retention ends. An operator
    restores, with a role of their own; a restored table is a new one and gets its policy before anybody uses it.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        context: Context,
        settings: BackupSettings,
        table_arn: str,
    ) -> None:
        super().__init__(scope, id)
        names, protected = context.names, context.stateful_protection
        kms_key_arn = context.keys.event_store.arn
        name = names.name("event-store")
        vault = BackupVault(
            self,
            "vault",
            name=name,
            kms_key_arn=kms_key_arn,
            force_destroy=not protected,
            tags=names.tags("event-store"),
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if protected else None,
        )
        vault_name = vault.name
        BackupVaultPolicy(
            self, "vault-policy", backup_vault_name=vault_name, policy=vault_policy(names, protected=protected)
        )
        role = ServiceRole(
            self,
            "role",
            names=names,
            name=ROLE,
            service="backup.amazonaws.com",
            statements=backup_statements(names, table_arn=table_arn, vault_name=name, kms_key_arn=kms_key_arn),
            guarded=False,  # its guide, "Cross-service confused deputy prevention", has it for topics and keys only
        )
        plan = BackupPlan(
            self,
            "plan",
            name=name,
            rule=[
                BackupPlanRule(
                    rule_name="scheduled",
                    target_vault_name=vault_name,
                    schedule=settings.schedule,
                    start_window=START_WINDOW_MINUTES,
                    completion_window=COMPLETION_WINDOW_MINUTES,
                    lifecycle=BackupPlanRuleLifecycle(delete_after=settings.retention_days),
                )
            ],
            tags=names.tags("event-store"),
        )
        BackupSelection(
            self,
            "selection",
            name=name,
            plan_id=plan.id,
            iam_role_arn=role.arn,
            resources=[table_arn],
            depends_on=[role.policy],
        )


def vault_policy(names: Names, *, protected: bool) -> str:
    """Return the vault's access policy: nobody outside the account, and no deletion by hand if `protected`.

    The role that AWS Backup uses keeps its right to delete: with it, AWS Backup ends the retention of what it made (AWS
    Backup developer guide, "Identity and access management in AWS Backup"). The policy itself stays changeable, so
    that an administrator can take the protection back on purpose.
    """
    statements = [
        Statement(
            sid="DenyOtherAccounts",
            effect="Deny",
            principals="*",
            actions=[
                "backup:CopyFromBackupVault",
                "backup:CopyIntoBackupVault",
                "backup:DescribeRecoveryPoint",
                "backup:GetRecoveryPointRestoreMetadata",
                "backup:StartRestoreJob",
            ],
            resources=["*"],  # in a vault's policy: this vault and its recovery points
            conditions={
                "StringNotEquals": {"aws:PrincipalAccount": names.account_id},
                "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
            },
        )
    ]
    if protected:
        statements.append(
            Statement(
                sid="DenyDeletionByHand",
                effect="Deny",
                principals="*",
                actions=["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"],
                resources=["*"],
                conditions={
                    "ArnNotEquals": {"aws:PrincipalArn": backup_role_arn(names)},
                    "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
                },
            )
        )
    return document(statements)


def backup_statements(names: Names, *, table_arn: str, vault_name: str, kms_key_arn: str) -> list[Statement]:
    """Return what AWS Backup needs to back up one table into one vault.

    It is what the managed policy `AWSBackupServiceRolePolicyForBackup` says about DynamoDB, on named resources.
    """
    return [
        Statement(
            sid="BackUpTable",
            actions=[
                "dynamodb:CreateBackup",
                "dynamodb:DescribeTable",
                "dynamodb:ListTagsOfResource",
                "dynamodb:StartAwsBackupJob",
            ],
            resources=[table_arn],
        ),
        Statement(
            sid="ManageTableBackups",
            actions=["dynamodb:DeleteBackup", "dynamodb:DescribeBackup"],
            resources=[f"{table_arn}/backup/*"],
        ),
        Statement(
            sid="WriteToVault",
            actions=["backup:CopyIntoBackupVault", "backup:DescribeBackupVault"],
            resources=[names.arn("backup", f"backup-vault:{vault_name}")],
        ),
        Statement(
            sid="TagRecoveryPoints",
            actions=["backup:TagResource"],
            resources=[names.arn("backup", "recovery-point:*")],  # their ids are made by AWS Backup
        ),
        Statement(
            sid="UseEventStoreKey",
            actions=["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
            resources=[kms_key_arn],
        ),
        Statement(
            sid="GrantEventStoreKey",
            actions=["kms:CreateGrant"],
            resources=[kms_key_arn],
            conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
    ]
