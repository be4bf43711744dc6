"""AWS Backup: policies of vaults, updates of plans, what a plan selects, and tags."""

from __future__ import annotations

import uuid
from typing import Any

from moto.backup.models import Plan, backup_backends

from cli.core.sandbox.server.service import Call, Parameters, Result, Service, not_found, now


class Backup(Service):
    """Vaults and plans are moto's. No recovery points are ever made."""

    name = "backup"

    def __init__(self) -> None:
        self.policies: dict[str, str] = {}
        self.selections: dict[str, dict[str, Any]] = {}

    def put_backup_vault_access_policy(self, call: Call, given: Parameters) -> Result:
        """Keep the policy of a vault."""
        self.policies[given["BackupVaultName"]] = given["Policy"]
        return {}

    def get_backup_vault_access_policy(self, call: Call, given: Parameters) -> Result:
        """The policy of a vault."""
        name = given["BackupVaultName"]
        if name not in self.policies:
            raise not_found(f"The policy of the vault {name}")
        return {
            "BackupVaultArn": call.arn("backup", f"backup-vault:{name}"),
            "BackupVaultName": name,
            "Policy": self.policies[name],
        }

    def delete_backup_vault_access_policy(self, call: Call, given: Parameters) -> Result:
        """Forget the policy of a vault."""
        self.policies.pop(given["BackupVaultName"], None)
        return {}

    def update_backup_plan(self, call: Call, given: Parameters) -> Result:
        """Give a plan another content, as a new version of it."""
        backend = backup_backends[call.account_id][call.region]
        plan = backend.plans.get(given["BackupPlanId"])
        if plan is None:
            raise not_found("The backup plan")
        updated = Plan(given["BackupPlan"], plan.creator_request_id, backend)
        plan.backup_plan, plan.version_id = updated.backup_plan, updated.version_id
        return plan.to_dict()

    def create_backup_selection(self, call: Call, given: Parameters) -> Result:
        """Keep what a plan selects."""
        selection = str(uuid.uuid4())
        self.selections[selection] = {
            "BackupPlanId": given["BackupPlanId"],
            "BackupSelection": given["BackupSelection"],
            "CreationDate": now(),
            "SelectionId": selection,
        }
        return self.selections[selection]

    def get_backup_selection(self, call: Call, given: Parameters) -> Result:
        """What a plan selects."""
        if given["SelectionId"] not in self.selections:
            raise not_found("The selection")
        return self.selections[given["SelectionId"]]

    def list_backup_selections(self, call: Call, given: Parameters) -> Result:
        """The selections of a plan."""
        return {
            "BackupSelectionsList": [
                {**each, "SelectionName": each["BackupSelection"]["SelectionName"]}
                for each in self.selections.values()
                if each["BackupPlanId"] == given["BackupPlanId"]
            ]
        }

    def delete_backup_selection(self, call: Call, given: Parameters) -> Result:
        """Forget what a plan selects."""
        self.selections.pop(given["SelectionId"], None)
        return {}

    def list_tags(self, call: Call, given: Parameters) -> Result:
        """The tags of a vault or plan, which moto keeps and looks for under another name."""
        return {"Tags": backup_backends[call.account_id][call.region].list_tags(given["ResourceArn"])}

    def list_recovery_points_by_backup_vault(self, call: Call, given: Parameters) -> Result:
        """There are none."""
        return {"RecoveryPoints": []}
