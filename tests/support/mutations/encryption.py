"""Sabotages of encryption at rest: no encryption, a key of AWS's, a key that does not rotate."""

from __future__ import annotations

from tests.support.mutation import Mutation, change, remove, update

BUCKET_ENCRYPTION = "aws_s3_bucket_server_side_encryption_configuration"
TOPIC = "aws_sns_topic"
QUEUE = "aws_sqs_queue"
TABLE = "aws_dynamodb_table"
KEY = "aws_kms_key"
STREAM = "aws_kinesis_firehose_delivery_stream"
TEMPLATE = "aws_launch_template"
WORKGROUP = "aws_athena_workgroup"

IMAGES = "storage/images"
STORE_BACKUPS = "event-store/backup-bucket"
REPORTS = "streaming/data-reporting/backups"
FAILURES = "event-store/export/failures"
READY = "notifications/meal-ready"
EVENTS = "event-store/table"
STORE_KEY = "keys/event-store/key"
VAULT = "event-store/backups/vault"
CLUSTER = "streaming/cluster"
METRICS = "streaming/metrics-export/delivery-stream"
CORE_SERVER = "servers/core-server/launch-template/template"
REPORTING = "streaming/data-reporting/catalog/workgroup"

MUTATIONS: tuple[Mutation, ...] = (
    Mutation(
        "key-does-not-rotate", "CKV2_MEALS_140", STORE_KEY, change(KEY, STORE_KEY, "enable_key_rotation", to=False)
    ),
    Mutation(
        "key-rotation-left-out",
        "CKV2_MEALS_140",
        "keys/storage/key",
        remove(KEY, "keys/storage/key", "enable_key_rotation"),
    ),
    Mutation(
        "bucket-encryption-removed",
        "CKV2_MEALS_141",
        f"{IMAGES}/bucket",
        remove(BUCKET_ENCRYPTION, f"{IMAGES}/encryption"),
    ),
    Mutation(
        "bucket-with-keys-of-s3",
        "CKV2_MEALS_141",
        f"{STORE_BACKUPS}/bucket",
        change(
            BUCKET_ENCRYPTION,
            f"{STORE_BACKUPS}/encryption",
            "rule",
            0,
            "apply_server_side_encryption_by_default",
            to={"sse_algorithm": "AES256"},
        ),
    ),
    Mutation(
        "bucket-with-managed-key",
        "CKV2_MEALS_141",
        f"{REPORTS}/bucket",
        change(
            BUCKET_ENCRYPTION,
            f"{REPORTS}/encryption",
            "rule",
            0,
            "apply_server_side_encryption_by_default",
            "kms_master_key_id",
            to="alias/aws/s3",
        ),
    ),
    Mutation(
        "volume-not-encrypted",
        "CKV2_MEALS_142",
        CORE_SERVER,
        change(TEMPLATE, CORE_SERVER, "block_device_mappings", 0, "ebs", "encrypted", to="false"),
    ),
    Mutation(
        "volume-with-managed-key",
        "CKV2_MEALS_142",
        CORE_SERVER,
        remove(TEMPLATE, CORE_SERVER, "block_device_mappings", 0, "ebs", "kms_key_id"),
    ),
    Mutation("volumes-left-out", "CKV2_MEALS_142", CORE_SERVER, remove(TEMPLATE, CORE_SERVER, "block_device_mappings")),
    Mutation(
        "table-with-owned-key",
        "CKV2_MEALS_143",
        f"{EVENTS}/table",
        remove(TABLE, f"{EVENTS}/table", "server_side_encryption"),
    ),
    Mutation(
        "table-with-managed-key",
        "CKV2_MEALS_143",
        f"{EVENTS}/table",
        remove(TABLE, f"{EVENTS}/table", "server_side_encryption", "kms_key_arn"),
    ),
    Mutation(
        "broker-with-owned-key",
        "CKV2_MEALS_144",
        "messaging/broker",
        change("aws_mq_broker", "messaging/broker", "encryption_options", to={"use_aws_owned_key": True}),
    ),
    Mutation(
        "cluster-with-managed-key",
        "CKV2_MEALS_145",
        f"{CLUSTER}/cluster",
        remove("aws_msk_cluster", f"{CLUSTER}/cluster", "encryption_info", "encryption_at_rest_kms_key_arn"),
    ),
    Mutation("topic-not-encrypted", "CKV2_MEALS_146", READY, update(TOPIC, READY, kms_master_key_id=None)),
    Mutation(
        "topic-with-managed-key", "CKV2_MEALS_146", READY, update(TOPIC, READY, kms_master_key_id="alias/aws/sns")
    ),
    Mutation("queue-with-keys-of-sqs", "CKV2_MEALS_147", FAILURES, update(QUEUE, FAILURES, kms_master_key_id=None)),
    Mutation("delivery-not-encrypted", "CKV2_MEALS_148", METRICS, remove(STREAM, METRICS, "server_side_encryption")),
    Mutation(
        "delivery-with-owned-key",
        "CKV2_MEALS_148",
        METRICS,
        change(STREAM, METRICS, "server_side_encryption", "key_type", to="AWS_OWNED_CMK"),
    ),
    Mutation(
        "log-group-without-key",
        "CKV2_MEALS_149",
        "network/flow-logs/log-group",
        update("aws_cloudwatch_log_group", "network/flow-logs/log-group", kms_key_id=None),
    ),
    Mutation("vault-with-managed-key", "CKV2_MEALS_151", VAULT, update("aws_backup_vault", VAULT, kms_key_arn=None)),
    Mutation(
        "results-with-keys-of-s3",
        "CKV2_MEALS_152",
        REPORTING,
        change(
            WORKGROUP,
            REPORTING,
            "configuration",
            "result_configuration",
            "encryption_configuration",
            to={"encryption_option": "SSE_S3"},
        ),
    ),
    Mutation(
        "results-as-clients-like",
        "CKV2_MEALS_152",
        REPORTING,
        change(WORKGROUP, REPORTING, "configuration", "enforce_workgroup_configuration", to=False),
    ),
    Mutation(
        "pipe-without-key",
        "CKV2_MEALS_159",
        "streaming/notification-requests/meal-ready",
        update("aws_pipes_pipe", "streaming/notification-requests/meal-ready", kms_key_identifier=None),
    ),
)
