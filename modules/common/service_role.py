"""IAM roles that AWS services assume to do their part: a trust policy, one inline policy, nothing else."""

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

from modules.common.boundary import permissions_boundary
from modules.common.exclusive_policies import allow_no_other_policies
from modules.common.names import Names
from modules.common.policy import Statement, document, trust

ROLE_NAME_LIMIT = 64  # IAM API: CreateRole, RoleName


class ServiceRole(Construct):
    """The role `<project>-<environment>-<name>`, which `service` may assume to do what `statements` allow.

    `guarded` limits the trust to calls that AWS makes for this account (`aws:SourceAccount`, against the confused
    deputy); leave it out only for a service that does not send that key. What uses the role as soon as it is made must
    depend on `policy`: AWS checks the permissions at once.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        names: Names,
        name: str,
        service: str,
        statements: Sequence[Statement],
        guarded: bool = True,
    ) -> None:
        super().__init__(scope, id)
        role_name = names.short_name(name, limit=ROLE_NAME_LIMIT)
        role = IamRole(
            self,
            "role",
            name=role_name,
            permissions_boundary=permissions_boundary(names),
            assume_role_policy=trust(service, source_account=names.account_id if guarded else None),
            tags=names.tags(name),
        )
        self.arn: str = role.arn
        self.policy = IamRolePolicy(self, "policy", name=name, role=role.name, policy=document(statements))
        allow_no_other_policies(self, role=role, inline=self.policy)
