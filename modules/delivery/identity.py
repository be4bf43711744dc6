"""What applying changes in IAM, and what it must never change: what the bootstrap stack made, itself included."""

from collections.abc import Sequence

from modules.common.names import Names
from modules.common.policy import Statement
from modules.delivery.grants import grant

PASSED_TO = (
    "backup.amazonaws.com",
    "ec2.amazonaws.com",
    "firehose.amazonaws.com",
    "pipes.amazonaws.com",
    "scheduler.amazonaws.com",
    "sns.amazonaws.com",
    "streams.metrics.cloudwatch.amazonaws.com",
    "vpc-flow-logs.amazonaws.com",
)
"""The services that assume the environment's roles."""

SERVICE_LINKED = (
    "autoscaling.amazonaws.com",
    "backup.amazonaws.com",
    "delivery.logs.amazonaws.com",
    "elasticloadbalancing.amazonaws.com",
    "kafka.amazonaws.com",
    "kafka.application-autoscaling.amazonaws.com",
    "mq.amazonaws.com",
    "route53resolver.amazonaws.com",
    "wafv2.amazonaws.com",
)
"""The services that make a role of their own in the account when they are used for the first time."""


def identity_statements(
    names: Names, *, protected_buckets: Sequence[str], protected_keys: Sequence[str]
) -> list[Statement]:
    """Return what makes and changes the environment's roles, and the refusals that stand above every grant.

    `protected_buckets` and `protected_keys` are the ARNs of the bootstrap stack's own.
    """
    service_linked = names.iam_arn("role/aws-service-role/*")
    return [
        grant(
            "ChangeRoles",
            "iam",
            "AddRoleToInstanceProfile CreateInstanceProfile CreateRole DeleteInstanceProfile DeleteRole "
            "DeleteRolePolicy PutRolePolicy RemoveRoleFromInstanceProfile TagInstanceProfile TagRole "
            "UntagInstanceProfile UntagRole UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription",
            names.iam_arn(f"role/{names.prefix}-*"),
            names.iam_arn(f"instance-profile/{names.prefix}-*"),
        ),
        grant(
            "PassRoles",
            "iam",
            "PassRole",
            names.iam_arn(f"role/{names.prefix}-*"),
            conditions={"StringEquals": {"iam:PassedToService": PASSED_TO}},
        ),
        grant(
            "CreateServiceLinkedRoles",
            "iam",
            "CreateServiceLinkedRole",
            service_linked,
            conditions={"StringEquals": {"iam:AWSServiceName": SERVICE_LINKED}},
        ),
        # EC2 Auto Scaling's role of this environment, which ends in the environment's name.
        grant(
            "DeleteServiceLinkedRole",
            "iam",
            "DeleteServiceLinkedRole TagRole UntagRole UpdateRoleDescription",
            names.iam_arn(f"role/aws-service-role/autoscaling.amazonaws.com/*_{names.prefix}"),
        ),
        Statement(
            sid="DenyChangingDelivery",
            effect="Deny",
            actions=[
                "iam:Add*",
                "iam:Attach*",
                "iam:Create*",
                "iam:Delete*",
                "iam:Detach*",
                "iam:PassRole",
                "iam:Put*",
                "iam:Remove*",
                "iam:Set*",
                "iam:Tag*",
                "iam:Untag*",
                "iam:Update*",
            ],
            resources=[
                names.iam_arn(f"role/{names.name('plan')}"),
                names.iam_arn(f"role/{names.name('apply')}"),
                names.iam_arn(f"policy/{names.name('delivery')}-*"),
                names.iam_arn("oidc-provider/*"),
            ],
        ),
        Statement(
            sid="DenyChangingBuckets",
            effect="Deny",
            actions=[
                "s3:DeleteBucket*",
                "s3:DeleteObjectVersion",
                "s3:PutAccelerateConfiguration",
                "s3:PutBucket*",
                "s3:PutEncryptionConfiguration",
                "s3:PutLifecycleConfiguration",
                "s3:PutReplicationConfiguration",
            ],
            resources=[resource for arn in protected_buckets for resource in (arn, f"{arn}/*")],
        ),
        Statement(
            sid="DenyChangingKeys",
            effect="Deny",
            actions=[
                "kms:Disable*",
                "kms:PutKeyPolicy",
                "kms:ScheduleKeyDeletion",
                "kms:TagResource",
                "kms:UntagResource",
                "kms:UpdateKeyDescription",
            ],
            resources=protected_keys,
        ),
        Statement(
            sid="DenyMovingAliases",
            effect="Deny",
            actions=["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"],
            resources=[
                *protected_keys,
                *(names.arn("kms", f"alias/{names.name(purpose)}") for purpose in ("artifacts", "secrets", "state")),
            ],
        ),
    ]
