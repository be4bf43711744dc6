"""What applying changes, service by service, within the environment's names; those of the network are in network.py.

Every name in an environment begins with `<project>-<environment>`, so ARNs keep an apply to its own environment where
a service puts names into them. KMS, Cognito, AWS Backup's plans and a few more know resources by ids that are not known
beforehand: there account and region are the limit, which is why each environment should have an account of its own.
"""

from envs.settings.streaming import MetricsConnector
from modules.common.names import Names
from modules.common.policy import Statement
from modules.delivery.grants import anywhere, grant


def data_statements(names: Names) -> list[Statement]:
    """Return what makes and changes everything that holds data, but not the data."""
    prefix, region = names.prefix, names.region
    database = names.prefix.replace("-", "_")
    return [
        grant(
            "ChangeBuckets",
            "s3",
            "CreateBucket DeleteBucket DeleteBucketPolicy PutBucketLogging PutBucketNotification "
            "PutBucketOwnershipControls PutBucketPolicy PutBucketPublicAccessBlock PutBucketTagging "
            "PutBucketVersioning PutEncryptionConfiguration PutLifecycleConfiguration TagResource UntagResource",
            names.named_bucket_arn(f"{prefix}-*"),
        ),
        grant(
            "ChangeTables",
            "dynamodb",
            "CreateTable DeleteResourcePolicy DeleteTable PutResourcePolicy TagResource UntagResource "
            "UpdateContinuousBackups UpdateTable",
            names.arn("dynamodb", f"table/{prefix}-*"),
        ),
        grant(
            "ChangeBackups",
            "backup",
            "CreateBackupPlan CreateBackupSelection CreateBackupVault DeleteBackupPlan DeleteBackupSelection "
            "DeleteBackupVault DeleteBackupVaultAccessPolicy PutBackupVaultAccessPolicy TagResource UntagResource "
            "UpdateBackupPlan",
            names.arn("backup", f"backup-vault:{prefix}-*"),
            names.arn("backup", "backup-plan:*"),
        ),
        anywhere("MountBackupVaults", "backup-storage", "MountCapsule", region),
        grant(
            "ChangeStream",
            "kafka",
            "CreateConfiguration DeleteCluster DeleteClusterPolicy DeleteConfiguration PutClusterPolicy "
            "TagResource UntagResource UpdateBrokerCount UpdateBrokerStorage UpdateBrokerType "
            "UpdateClusterConfiguration UpdateClusterKafkaVersion UpdateConfiguration UpdateConnectivity "
            "UpdateMonitoring UpdateSecurity UpdateStorage",
            names.arn("kafka", f"cluster/{prefix}-*"),
            names.arn("kafka", f"configuration/{prefix}-*"),
        ),
        # IAM refuses it on the resource `*`, whatever the reference says (aws-controllers-k8s/community, issue 2464).
        anywhere("CreateStream", "kafka", "CreateCluster", region),
        grant(
            "ChangeBroker",
            "mq",
            "CreateTags CreateUser DeleteBroker DeleteConfiguration DeleteTags DeleteUser UpdateBroker "
            "UpdateConfiguration UpdateUser",
            names.arn("mq", f"broker:{prefix}-*"),
            names.arn("mq", "configuration:*"),
        ),
        anywhere("CreateBroker", "mq", "CreateBroker CreateConfiguration", region),
        grant(
            "ChangeTopics",
            "sns",
            "CreateTopic DeleteTopic SetTopicAttributes Subscribe TagResource UntagResource",
            names.arn("sns", f"{prefix}-*"),
        ),
        anywhere(
            "ChangeSubscriptions",
            "sns",
            "CreatePlatformApplication DeletePlatformApplication SetPlatformApplicationAttributes SetSMSAttributes "
            "SetSubscriptionAttributes Unsubscribe",
            region,
        ),
        grant(
            "ChangeQueues",
            "sqs",
            "CreateQueue DeleteQueue SetQueueAttributes TagQueue UntagQueue",
            names.arn("sqs", f"{prefix}-*"),
        ),
        grant(
            "ChangePipes",
            "pipes",
            "CreatePipe DeletePipe TagResource UntagResource UpdatePipe",
            names.arn("pipes", f"pipe/{prefix}-*"),
        ),
        grant(
            "ChangeSchedules",
            "scheduler",
            "CreateSchedule DeleteSchedule UpdateSchedule",
            names.arn("scheduler", f"schedule/default/{prefix}-*"),
        ),
        grant(
            "ChangeDeliveryStreams",
            "firehose",
            "CreateDeliveryStream DeleteDeliveryStream StartDeliveryStreamEncryption TagDeliveryStream "
            "UntagDeliveryStream UpdateDestination",
            names.arn("firehose", f"deliverystream/{prefix}-*"),
        ),
        grant(
            "ChangeCatalog",
            "glue",
            "CreateDatabase CreateTable DeleteDatabase DeleteTable TagResource UntagResource UpdateDatabase "
            "UpdateTable",
            names.arn("glue", "catalog"),
            names.arn("glue", f"database/{database}_*"),
            names.arn("glue", f"table/{database}_*"),
            names.arn("glue", f"userDefinedFunction/{database}_*"),  # a database is deleted with all that is in it
        ),
        grant(
            "ChangeQueries",
            "athena",
            "CreateWorkGroup DeleteWorkGroup TagResource UntagResource UpdateWorkGroup",
            names.arn("athena", f"workgroup/{prefix}-*"),
        ),
    ]


def connector_statements(names: Names, connector: MetricsConnector) -> list[Statement]:
    """Return what makes and changes the connector of MSK Connect, which takes its plug-in with the caller's right."""
    return [
        grant(
            "ChangeConnector",
            "kafkaconnect",
            "DeleteConnector DeleteCustomPlugin DeleteWorkerConfiguration TagResource UntagResource UpdateConnector",
            *(
                names.arn("kafkaconnect", f"{kind}/{names.prefix}-*")
                for kind in ("connector", "custom-plugin", "worker-configuration")
            ),
        ),
        anywhere(
            "CreateConnector",
            "kafkaconnect",
            "CreateConnector CreateCustomPlugin CreateWorkerConfiguration",
            names.region,
        ),
        grant(
            "ReadPlugin",
            "s3",
            "GetObject",
            names.named_bucket_arn(f"{connector.plugin_bucket}/{connector.plugin_key}"),
        ),
    ]


def consumer_statements(names: Names) -> list[Statement]:
    """Return what makes and changes the alarms of the consumers of the stream that the settings name."""
    return [
        grant(
            "ChangeConsumerAlarms",
            "cloudwatch",
            "DeleteAlarms PutMetricAlarm TagResource UntagResource",
            names.arn("cloudwatch", f"alarm:{names.prefix}-consumer-*"),
        )
    ]


def platform_statements(names: Names) -> list[Statement]:
    """Return what makes and changes keys, logs, metrics, scaling and sign-in."""
    prefix, region = names.prefix, names.region
    return [
        anywhere("CreateKeys", "kms", "CreateKey", region),
        grant(
            "ChangeKeys",
            "kms",
            "CreateAlias DeleteAlias EnableKey EnableKeyRotation PutKeyPolicy ScheduleKeyDeletion TagResource "
            "UntagResource UpdateAlias UpdateKeyDescription",
            names.arn("kms", "key/*"),
            names.arn("kms", f"alias/{prefix}-*"),
        ),
        # A service that encrypts for a caller uses the key once with the caller's own permissions.
        grant(
            "UseKeysThroughServices",
            "kms",
            "Decrypt Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo RetireGrant",
            names.arn("kms", "key/*"),
            conditions={
                "StringEquals": {"kms:ViaService": [f"{service}.{region}.amazonaws.com" for service in _KEY_USERS]},
            },
        ),
        grant(
            "LetServicesUseKeys",
            "kms",
            "CreateGrant",
            names.arn("kms", "key/*"),
            conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
        grant(
            "ChangeLogs",
            "logs",
            "AssociateKmsKey CreateLogGroup CreateLogStream DeleteLogGroup DeleteLogStream PutRetentionPolicy "
            "TagResource UntagResource",
            *(
                names.arn("logs", f"log-group:{group}*")
                for group in (f"{names.log_group()}/", f"aws-waf-logs-{prefix}-", f"sns/{region}/{names.account_id}/")
            ),
        ),
        anywhere(
            "ChangeLogDelivery",
            "logs",
            "CreateLogDelivery DeleteLogDelivery DeleteResourcePolicy GetLogDelivery ListLogDeliveries "
            "PutResourcePolicy UpdateLogDelivery",
            region,
        ),
        grant(
            "ChangeMetricStreams",
            "cloudwatch",
            "DeleteMetricStream PutMetricStream TagResource UntagResource",
            names.arn("cloudwatch", f"metric-stream/{prefix}-*"),
        ),
        grant(
            "ChangeScaling",
            "autoscaling",
            "AttachLoadBalancerTargetGroups CancelInstanceRefresh CreateAutoScalingGroup CreateOrUpdateTags "
            "DeleteAutoScalingGroup DeletePolicy DeleteTags DetachLoadBalancerTargetGroups DisableMetricsCollection "
            "EnableMetricsCollection PutScalingPolicy ResumeProcesses SetInstanceProtection StartInstanceRefresh "
            "UpdateAutoScalingGroup",
            names.arn("autoscaling", f"autoScalingGroup:*:autoScalingGroupName/{prefix}-*"),
        ),
        grant(
            "ChangeStorageScaling",
            "application-autoscaling",
            "DeleteScalingPolicy DeregisterScalableTarget PutScalingPolicy RegisterScalableTarget TagResource "
            "UntagResource",
            names.arn("application-autoscaling", "scalable-target/*"),
        ),
        # Application Auto Scaling makes the alarms of its policies in the caller's name (Application Auto Scaling user
        # guide, "Identity-based policy examples").
        grant(
            "ChangeStorageAlarms",
            "cloudwatch",
            "DeleteAlarms DescribeAlarms PutMetricAlarm",
            names.arn("cloudwatch", "alarm:TargetTracking-*"),
        ),
        grant(
            "ChangeSignIn",
            "cognito-idp",
            "CreateUserPoolClient CreateUserPoolDomain DeleteUserPool DeleteUserPoolClient DeleteUserPoolDomain "
            "SetRiskConfiguration SetUserPoolMfaConfig TagResource UntagResource UpdateUserPool UpdateUserPoolClient",
            names.arn("cognito-idp", "userpool/*"),
        ),
        anywhere("CreateSignIn", "cognito-idp", "CreateUserPool", region),
    ]


_KEY_USERS = ("backup", "dynamodb", "firehose", "kafka", "logs", "mq", "pipes", "scheduler")
"""Services that encrypt with the environment's keys, as `kms:ViaService` names them."""
