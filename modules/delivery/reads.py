"""What planning reads: how resources are set, never what is in them.

Action by action, as Terraform's AWS provider asks for the resource types of this architecture (5.100 was recorded, in
tests/modules/delivery/operations.json; what 6.25 adds is in its source). No list has a wildcard, because
`Get*` would take in data: objects, items, log events, secrets. Names as in AWS's Service Authorization Reference,
where S3's differ from the API's.
"""

from collections.abc import Mapping, Sequence

from modules.common.policy import Statement

GLOBAL_REGION = "us-east-1"
"""Where IAM and Route 53 say that their requests are made (AWS global condition keys, `aws:RequestedRegion`)."""

METADATA: Mapping[str, Sequence[str]] = {
    "acm": ("DescribeCertificate", "ListTagsForCertificate"),
    "application-autoscaling": ("DescribeScalableTargets", "DescribeScalingPolicies", "ListTagsForResource"),
    "athena": ("GetWorkGroup", "ListTagsForResource"),
    "autoscaling": (
        "DescribeAutoScalingGroups",
        "DescribeInstanceRefreshes",
        "DescribePolicies",
        "DescribeScalingActivities",
        "DescribeWarmPool",
    ),
    "backup": (
        "DescribeBackupVault",
        "GetBackupPlan",
        "GetBackupSelection",
        "GetBackupVaultAccessPolicy",
        "ListRecoveryPointsByBackupVault",
        "ListTags",
    ),
    "cloudwatch": ("GetMetricStream", "ListTagsForResource"),
    "cognito-idp": (
        "DescribeRiskConfiguration",
        "DescribeUserPool",
        "DescribeUserPoolClient",
        "DescribeUserPoolDomain",
        "GetUserPoolMfaConfig",
    ),
    "dynamodb": (
        "DescribeContinuousBackups",
        "DescribeTable",
        "DescribeTimeToLive",
        "GetResourcePolicy",
        "ListTagsOfResource",
    ),
    "ec2": (
        "DescribeAvailabilityZones",
        "DescribeCustomerGateways",
        "DescribeFlowLogs",
        "DescribeInternetGateways",
        "DescribeLaunchTemplateVersions",
        "DescribeLaunchTemplates",
        "DescribeNetworkAcls",
        "DescribeNetworkInterfacePermissions",
        "DescribeNetworkInterfaces",
        "DescribePrefixLists",
        "DescribeRouteTables",
        "DescribeSecurityGroupRules",
        "DescribeSecurityGroups",
        "DescribeSubnets",
        "DescribeVpcAttribute",
        "DescribeVpcEndpoints",
        "DescribeVpcs",
        "DescribeVpnConnections",
        "DescribeVpnGateways",
    ),
    "elasticloadbalancing": (
        "DescribeCapacityReservation",
        "DescribeListenerAttributes",
        "DescribeListeners",
        "DescribeLoadBalancerAttributes",
        "DescribeLoadBalancers",
        "DescribeRules",
        "DescribeTags",
        "DescribeTargetGroupAttributes",
        "DescribeTargetGroups",
        "DescribeTargetHealth",
    ),
    "firehose": ("DescribeDeliveryStream", "ListTagsForDeliveryStream"),
    "glue": ("GetDatabase", "GetPartitionIndexes", "GetTable", "GetTags"),
    "iam": (
        "GetInstanceProfile",
        "GetRole",
        "GetRolePolicy",
        "GetServiceLinkedRoleDeletionStatus",
        "GetUser",
        "ListAttachedRolePolicies",
        "ListInstanceProfilesForRole",
        "ListRolePolicies",
    ),
    "kafka": (
        "DescribeCluster",
        "DescribeClusterOperation",
        "DescribeClusterV2",
        "DescribeConfiguration",
        "DescribeConfigurationRevision",
        "GetBootstrapBrokers",
        "GetClusterPolicy",
        "ListTagsForResource",
    ),
    "kms": ("DescribeKey", "GetKeyPolicy", "GetKeyRotationStatus", "ListAliases", "ListResourceTags"),
    "logs": ("DescribeLogGroups", "DescribeLogStreams", "DescribeResourcePolicies", "ListTagsForResource"),
    "mq": ("DescribeBroker", "DescribeConfiguration", "DescribeConfigurationRevision", "DescribeUser"),
    "pipes": ("DescribePipe", "ListTagsForResource"),
    "route53": (
        "GetChange",
        "GetDNSSEC",
        "GetHostedZone",
        "GetQueryLoggingConfig",
        "ListResourceRecordSets",
        "ListTagsForResource",
    ),
    "route53resolver": (
        "GetFirewallConfig",
        "GetFirewallDomainList",
        "GetFirewallRuleGroup",
        "GetFirewallRuleGroupAssociation",
        "GetResolverQueryLogConfig",
        "GetResolverQueryLogConfigAssociation",
        "ListFirewallConfigs",
        "ListFirewallDomains",
        "ListFirewallRules",
        "ListTagsForResource",
    ),
    "s3": (
        "GetAccelerateConfiguration",
        "GetBucketAcl",
        "GetBucketCORS",
        "GetBucketLogging",
        "GetBucketNotification",
        "GetBucketObjectLockConfiguration",
        "GetBucketOwnershipControls",
        "GetBucketPolicy",
        "GetBucketPublicAccessBlock",
        "GetBucketRequestPayment",
        "GetBucketTagging",
        "GetBucketVersioning",
        "GetBucketWebsite",
        "GetEncryptionConfiguration",
        "GetLifecycleConfiguration",
        "GetReplicationConfiguration",
        "ListBucket",
        "ListTagsForResource",
    ),
    "scheduler": ("GetSchedule",),
    "secretsmanager": ("DescribeSecret", "GetResourcePolicy"),
    "sns": (
        "GetPlatformApplicationAttributes",
        "GetSMSAttributes",
        "GetSubscriptionAttributes",
        "GetTopicAttributes",
        "ListTagsForResource",
    ),
    "sqs": ("GetQueueAttributes", "ListQueueTags"),
    "wafv2": ("GetLoggingConfiguration", "GetWebACL", "GetWebACLForResource", "ListTagsForResource"),
}
"""The actions by service prefix. `s3:ListBucket` shows objects' names; without it a missing bucket looks forbidden."""


def metadata_statement(region: str) -> Statement:
    """Return what both roles read, in the environment's region and, of global services, in theirs."""
    return Statement(
        sid="ReadMetadata",
        actions=[f"{service}:{action}" for service, actions in METADATA.items() for action in actions],
        resources=["*"],
        conditions={"StringEquals": {"aws:RequestedRegion": sorted({region, GLOBAL_REGION})}},
    )
