"""Sabotages of encryption at rest: no encryption, a key of AWS's, a key that does not rotate."""

from __future__ import annotations

from tests.support.mutation import Part, by_rule

BUCKET = "aws_s3_bucket"
BUCKET_ENCRYPTION = "aws_s3_bucket_server_side_encryption_configuration"
KEY = "aws_kms_key"

STORAGE_KEY = Part(KEY, "keys/storage/key")
STORE_KEY = Part(KEY, "keys/event-store/key")
IMAGES = Part(BUCKET, "storage/images/bucket")
IMAGES_ENCRYPTION = Part(BUCKET_ENCRYPTION, "storage/images/encryption")
BACKUPS = Part(BUCKET, "event-store/backup-bucket/bucket")
BACKUPS_ENCRYPTION = Part(BUCKET_ENCRYPTION, "event-store/backup-bucket/encryption")
REPORTS = Part(BUCKET, "streaming/data-reporting/backups/bucket")
REPORTS_ENCRYPTION = Part(BUCKET_ENCRYPTION, "streaming/data-reporting/backups/encryption")
BY_DEFAULT = ("rule", 0, "apply_server_side_encryption_by_default")
CORE_SERVER = Part("aws_launch_template", "servers/core-server/launch-template/template")
FAILURES = Part("aws_sqs_queue", "event-store/export/failures")
READY = Part("aws_sns_topic", "notifications/meal-ready")
EVENTS = Part("aws_dynamodb_table", "event-store/table/table")
VAULT = Part("aws_backup_vault", "event-store/backups/vault")
BROKER = Part("aws_mq_broker", "messaging/broker")
CLUSTER = Part("aws_msk_cluster", "streaming/cluster/cluster")
METRICS = Part("aws_kinesis_firehose_delivery_stream", "streaming/metrics-export/delivery-stream")
FLOW_LOGS = Part("aws_cloudwatch_log_group", "network/flow-logs/log-group")
REPORTING = Part("aws_athena_workgroup", "streaming/data-reporting/catalog/workgroup")
PIPE = Part("aws_pipes_pipe", "streaming/notification-requests/meal-ready")

MUTATIONS = by_rule(
    CKV2_MEALS_140=[
        ("key-does-not-rotate", STORE_KEY.change("enable_key_rotation", to=False)),
        ("key-rotation-left-out", STORAGE_KEY.remove("enable_key_rotation")),
    ],
    CKV2_MEALS_141=[
        ("bucket-encryption-removed", IMAGES_ENCRYPTION.remove(), IMAGES),
        ("bucket-with-keys-of-s3", BACKUPS_ENCRYPTION.change(*BY_DEFAULT, to={"sse_algorithm": "AES256"}), BACKUPS),
        (
            "bucket-with-managed-key",
            REPORTS_ENCRYPTION.change(*BY_DEFAULT, "kms_master_key_id", to="alias/aws/s3"),
            REPORTS,
        ),
    ],
    CKV2_MEALS_142=[
        ("volume-not-encrypted", CORE_SERVER.change("block_device_mappings", 0, "ebs", "encrypted", to="false")),
        ("volume-with-managed-key", CORE_SERVER.remove("block_device_mappings", 0, "ebs", "kms_key_id")),
        ("volumes-left-out", CORE_SERVER.remove("block_device_mappings")),
    ],
    CKV2_MEALS_143=[
        ("table-with-owned-key", EVENTS.remove("server_side_encryption")),
        ("table-with-managed-key", EVENTS.remove("server_side_encryption", "kms_key_arn")),
    ],
    CKV2_MEALS_144=[("broker-with-owned-key", BROKER.change("encryption_options", to={"use_aws_owned_key": True}))],
    CKV2_MEALS_145=[("cluster-with-managed-key", CLUSTER.remove("encryption_info", "encryption_at_rest_kms_key_arn"))],
    CKV2_MEALS_146=[
        ("topic-not-encrypted", READY.update(kms_master_key_id=None)),
        ("topic-with-managed-key", READY.update(kms_master_key_id="alias/aws/sns")),
    ],
    CKV2_MEALS_147=[("queue-with-keys-of-sqs", FAILURES.update(kms_master_key_id=None))],
    CKV2_MEALS_148=[
        ("delivery-not-encrypted", METRICS.remove("server_side_encryption")),
        ("delivery-with-owned-key", METRICS.change("server_side_encryption", "key_type", to="AWS_OWNED_CMK")),
    ],
    CKV2_MEALS_149=[("log-group-without-key", FLOW_LOGS.update(kms_key_id=None))],
    CKV2_MEALS_151=[("vault-with-managed-key", VAULT.update(kms_key_arn=None))],
    CKV2_MEALS_152=[
        (
            "results-with-keys-of-s3",
            REPORTING.change(
                "configuration",
                "result_configuration",
                "encryption_configuration",
                to={"encryption_option": "SSE_S3"},
            ),
        ),
        (
            "results-as-clients-like",
            REPORTING.change("configuration", "enforce_workgroup_configuration", to=False),
        ),
    ],
    CKV2_MEALS_159=[("pipe-without-key", PIPE.update(kms_key_identifier=None))],
    CKV2_MEALS_160=[
        ("topic-in-the-clear", READY.remove("kms_master_key_id")),
        ("volume-in-the-clear", CORE_SERVER.change("block_device_mappings", 0, "ebs", "encrypted", to="false")),
        (
            "database-in-the-clear",
            Part("aws_db_instance", "event-store/reports").add(engine="postgres", instance_class="db.t4g.micro"),
        ),
    ],
)
