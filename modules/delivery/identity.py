"""What applying changes in IAM, and what it must never change: what the bootstrap stack made, itself included."""

from collections.abc import Sequence

from modules.common.boundary import permissions_boundary
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


CONNECTOR = "kafkaconnect.amazonaws.com"
"""MSK Connect, which both assumes a role of the environment and makes one of its own."""


def identity_statements(
    names: Names,
    *,
    has_connector: bool,
    protected_buckets: Sequence[str],
    protected_keys: Sequence[str],
    protected_zone: str,
) -> list[Statement]:
    """Return what makes and changes the environment's roles, and the refusals that stand above every grant.

    `has_connector` says whether there is a connector of MSK Connect. `protected_buckets`, `protected_keys` and
    `protected_zone` are the ARNs of the bootstrap stack's own.
    """
    service_linked = names.iam_arn("role/aws-service-role/*")
    connector = (CONNECTOR,) if has_connector else ()
    return [
        grant(
            "ChangeRoles",
            "iam",
            "AddRoleToInstanceProfile CreateInstanceProfile DeleteInstanceProfile DeleteRole DeleteRolePolicy "
            "DetachRolePolicy RemoveRoleFromInstanceProfile TagInstanceProfile TagRole UntagInstanceProfile UntagRole "
            "UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription",
            names.iam_arn(f"role/{names.prefix}-*"),
            names.iam_arn(f"instance-profile/{names.prefix}-*"),
        ),
        # What gives a role permissions asks for the boundary, which is never taken away (IAM user guide, "Permissions
        # boundaries for IAM entities", "Delegating responsibility to others using permissions boundaries").
        grant(
            "ChangeRolesWithinBoundary",
            "iam",
            "CreateRole PutRolePermissionsBoundary PutRolePolicy",
            names.iam_arn(f"role/{names.prefix}-*"),
            conditions={"StringEquals": {"iam:PermissionsBoundary": permissions_boundary(names)}},
        ),
        grant(
            "PassRoles",
            "iam",
            "PassRole",
            names.iam_arn(f"role/{names.prefix}-*"),
            conditions={"StringEquals": {"iam:PassedToService": (*PASSED_TO, *connector)}},
        ),
        grant(
            "CreateServiceLinkedRoles",
            "iam",
            "CreateServiceLinkedRole",
            service_linked,
            conditions={"StringEquals": {"iam:AWSServiceName": (*SERVICE_LINKED, *connector)}},
        ),
        # MSK and MSK Connect ask whether the caller could write the policies of their roles (Service Authorization
        # Reference).
        grant(
            "WriteServiceLinkedRoles",
            "iam",
            "AttachRolePolicy PutRolePolicy",
            *(names.iam_arn(f"role/aws-service-role/{service}/*") for service in ("kafka.amazonaws.com", *connector)),
        ),
        # EC2 Auto Scaling's role of this environment, which ends in the environment's name. Whoever makes or updates a
        # scaling group passes it (EC2 Auto Scaling user guide, "Service-linked roles"). Nobody else can assume it.
        grant(
            "ChangeScalingRole",
            "iam",
            "DeleteServiceLinkedRole PassRole TagRole UntagRole UpdateRole",
            names.iam_arn(
                f"role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling_{names.prefix}"
            ),
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
                "s3:TagResource",
                "s3:UntagResource",
            ],
            resources=[resource for arn in protected_buckets for resource in (arn, f"{arn}/*")],
        ),
        Statement(
            sid="DenyChangingKeys",
            effect="Deny",
            actions=[
                "kms:Disable*",
                "kms:Enable*",
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
                *(
                    names.arn("kms", f"alias/{names.name(purpose)}")
                    for purpose in ("artifacts", "dns-queries", "secrets", "state", "zone-signing")
                ),
            ],
        ),
        # Its records may be changed: certificates and load balancers need them.
        Statement(
            sid="DenyChangingPublicZone",
            effect="Deny",
            actions=[
                "route53:AssociateVPCWithHostedZone",
                "route53:ChangeTagsForResource",
                "route53:DeleteHostedZone",
                "route53:DisassociateVPCFromHostedZone",
                "route53:UpdateHostedZoneComment",
            ],
            resources=[protected_zone],
        ),
        Statement(
            sid="DenyChangingQueryLog",
            effect="Deny",
            actions=[
                "logs:AssociateKmsKey",
                "logs:DeleteLogGroup",
                "logs:DeleteLogStream",
                "logs:DeleteRetentionPolicy",
                "logs:DisassociateKmsKey",
                "logs:PutRetentionPolicy",
                "logs:TagResource",
                "logs:UntagResource",
            ],
            resources=[names.arn("logs", f"log-group:{names.log_group('edge', 'dns-queries')}*")],
        ),
    ]
