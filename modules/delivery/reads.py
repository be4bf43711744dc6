"""What planning and looking for drift read: how resources are set, never what is in them.

Action by action, as Terraform's AWS provider asks for the resource types of this architecture:
tests/modules/delivery/permissions.yaml has the table. No list has a wildcard, because `Get*` would take in data:
objects, items, log events, secrets. Names as in AWS's Service Authorization Reference; S3's differ from the API's.
"""

from collections.abc import Mapping, Sequence

from envs.settings.regions import global_region
from modules.common.policy import Statement

METADATA: Mapping[str, Sequence[str]] = {
    "acm": ("DescribeCertificate", "ListTagsForCertificate"),
    "application-autoscaling": ("DescribeScalableTargets", "DescribeScalingPolicies", "ListTagsForResource"),
    "athena": ("GetWorkGroup", "ListTagsForResource"),
    "autoscaling": (
        "DescribeAutoScalingGroups",
        "DescribePolicies",
    ),
    "backup": (
        "DescribeBackupVault",
        "GetBackupPlan",
        "GetBackupSelection",
        "GetBackupVaultAccessPolicy",
        "ListTags",
    ),
    "cloudwatch": ("GetMetricStream", "ListTagsForResource"),
    "cognito-idp": (
        "DescribeRiskConfiguration",
        "DescribeUserPool",
        "DescribeUserPoolClient",
        "DescribeUserPoolDomain",
        "GetUserPoolMfaConfig",
        "ListIdentityProviders",
        "ListUserPoolClients",
    ),
    "dynamodb": (
        "DescribeContinuousBackups",
        "DescribeKinesisStreamingDestination",
        "DescribeTable",
        "DescribeTimeToLive",
        "GetResourcePolicy",
        "ListTagsOfResource",
    ),
    "ec2": (
        "DescribeCustomerGateways",
        "DescribeFlowLogs",
        "DescribeInternetGateways",
        "DescribeLaunchTemplateVersions",
        "DescribeLaunchTemplates",
        "DescribeNetworkAcls",
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
    ),
    "firehose": ("DescribeDeliveryStream", "ListTagsForDeliveryStream"),
    "glue": ("GetDatabase", "GetPartitionIndexes", "GetTable", "GetTags"),
    "iam": (
        "GetInstanceProfile",
        "GetRole",
        "GetRolePolicy",
        "ListAttachedRolePolicies",
        "ListRolePolicies",
    ),
    "kafka": (
        "DescribeCluster",
        "DescribeClusterV2",
        "DescribeConfiguration",
        "DescribeConfigurationRevision",
        "GetBootstrapBrokers",
        "GetClusterPolicy",
        "ListNodes",
    ),
    "kms": ("DescribeKey", "GetKeyPolicy", "GetKeyRotationStatus", "ListAliases", "ListResourceTags"),
    "logs": (
        "DescribeLogGroups",
        "DescribeLogStreams",
        "DescribeResourcePolicies",
        "DescribeSubscriptionFilters",
        "ListTagsForResource",
    ),
    "mq": ("DescribeBroker", "DescribeConfiguration", "DescribeConfigurationRevision", "DescribeUser"),
    "pipes": ("DescribePipe", "ListTagsForResource"),
    "route53": (
        "GetHostedZone",
        "ListHostedZones",
        "ListResourceRecordSets",
        "ListTagsForResource",
    ),
    "route53resolver": (
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
        "ListSubscriptionsByTopic",
        "ListTagsForResource",
    ),
    "sqs": ("GetQueueAttributes", "ListQueueTags"),
    "wafv2": ("GetLoggingConfiguration", "GetWebACL", "GetWebACLForResource", "ListTagsForResource"),
}
"""The actions by service prefix. `s3:ListBucket` shows objects' names; without it a missing bucket looks forbidden."""


CONNECTOR_METADATA: Mapping[str, Sequence[str]] = {
    "kafkaconnect": (
        "DescribeConnector",
        "DescribeCustomPlugin",
        "DescribeWorkerConfiguration",
        "ListTagsForResource",
    ),
}
"""What is read besides, where there is a connector of MSK Connect."""

CONSUMER_METADATA: Mapping[str, Sequence[str]] = {"cloudwatch": ("DescribeAlarms",)}
"""What is read besides, where the settings name further consumers of the stream, which have alarms."""

PROGRESS: Mapping[str, Sequence[str]] = {
    "autoscaling": ("DescribeInstanceRefreshes", "DescribeScalingActivities"),
    "backup": ("ListRecoveryPointsByBackupVault",),
    "ec2": ("DescribeAccountAttributes", "DescribeAddresses", "DescribeNetworkInterfacePermissions"),
    "elasticloadbalancing": ("DescribeTargetHealth",),
    "iam": ("GetServiceLinkedRoleDeletionStatus", "ListInstanceProfilesForRole"),
    "kafka": ("DescribeClusterOperation", "DescribeClusterOperationV2"),
    "mq": ("ListTags",),
    "route53": ("GetChange",),
}
"""What only an apply reads: whether a change has come to its end, and what services look at in the caller's name."""

CONNECTOR_PROGRESS: Mapping[str, Sequence[str]] = {"kafkaconnect": ("DescribeConnectorOperation",)}
"""What an apply reads besides, where there is a connector of MSK Connect."""


def metadata_statement(region: str, *, has_connector: bool, has_consumers: bool) -> Statement:
    """Return what both roles read, in the environment's region and, of global services, in theirs."""
    actions = {**METADATA, **(CONNECTOR_METADATA if has_connector else {})}
    for service, names in CONSUMER_METADATA.items() if has_consumers else ():
        actions[service] = (*actions[service], *names)
    return _reading("ReadMetadata", actions, region)


def progress_statement(region: str, *, has_connector: bool) -> Statement:
    """Return what the apply role reads besides."""
    return _reading("ReadProgress", {**PROGRESS, **(CONNECTOR_PROGRESS if has_connector else {})}, region)


def _reading(sid: str, actions: Mapping[str, Sequence[str]], region: str) -> Statement:
    return Statement(
        sid=sid,
        actions=[f"{service}:{name}" for service, names in actions.items() for name in names],
        resources=["*"],
        conditions={"StringEquals": {"aws:RequestedRegion": sorted({region, global_region(region)})}},
    )
