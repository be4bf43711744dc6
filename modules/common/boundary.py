"""The permissions boundary of every role of an environment ([ADR 23](../../docs/adr/0023-boundary.md)).

The pipeline's apply role writes these roles and their policies. Whatever it writes, none of them ever changes IAM: no
role, no policy, no user, no key of one, and none passes a role on. The apply role makes and changes roles with this
boundary only.
"""

from modules.common.names import Names


def permissions_boundary(names: Names) -> str:
    """Return the ARN of AWS's own policy: everything but IAM, AWS Organizations and the account itself.

    It is in every account before the first apply (AWS managed policy reference, "PowerUserAccess").
    """
    return f"arn:{names.partition}:iam::aws:policy/PowerUserAccess"
