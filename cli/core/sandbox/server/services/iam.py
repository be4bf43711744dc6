"""IAM: what happens when a role loses its permissions too early."""

from __future__ import annotations

from cli.core.sandbox.server import lingering
from cli.core.sandbox.server.service import Call, Parameters, Result, Service


class IAM(Service):
    """Roles and policies are moto's."""

    name = "iam"

    def after_delete_role_policy(self, call: Call, given: Parameters) -> Result:
        """Interfaces that the role's permissions would have removed stay."""
        lingering.strand(call, given["RoleName"])
        return None
