"""A role has the policies that are declared for it and no others: what anybody adds, the next plan shows and removes.

Without this Terraform looks at the policies that it made, and one that was attached by hand outlives every apply
([ADR 21](../../docs/adr/0021-exclusive-policies.md)).
"""

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policies_exclusive import IamRolePoliciesExclusive
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment
from cdktf_cdktf_provider_aws.iam_role_policy_attachments_exclusive import IamRolePolicyAttachmentsExclusive
from constructs import Construct


def allow_no_other_policies(
    scope: Construct,
    *,
    role: IamRole,
    inline: IamRolePolicy,
    attached: Sequence[IamRolePolicyAttachment] = (),
    prefix: str = "",
) -> None:
    """Limit `role` to the policy `inline` and to those `attached`. `prefix` tells the roles of one scope apart."""
    IamRolePoliciesExclusive(scope, f"{prefix}inline-policies", role_name=role.name, policy_names=[inline.name])
    IamRolePolicyAttachmentsExclusive(
        scope, f"{prefix}attached-policies", role_name=role.name, policy_arns=[each.policy_arn for each in attached]
    )
