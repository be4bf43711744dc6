"""The event store: its servers in the private subnets, its table, its backups (claims C2 and C8)."""

from constructs import Construct

from envs.settings.event_store import EventStore as EventStoreSettings
from envs.settings.storage import Storage as StorageSettings
from modules.common.names import Names
from modules.common.policy import Statement
from modules.event_store.backups import TableBackups, backup_role_arn
from modules.event_store.export import TableExport, bucket_statement, export_role_arn
from modules.event_store.table import Table
from modules.network.network import Network
from modules.network.security_group import SecurityGroup
from modules.servers.server_template import ServerPlatform, ServerTemplate
from modules.storage.bucket import Bucket

BACKUP_BUCKET = "event-store-backups"


class EventStore(Construct):
    """A server template of its own over a DynamoDB table, with AWS Backup, and exports in a bucket.

    The servers listen on `settings.port`, TLS only, in `security_group`, which accepts the nodes among each other; who
    else may connect is opened by the load balancer before them. `server` is the template.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        names: Names,
        settings: EventStoreSettings,
        retention: StorageSettings,
        network: Network,
        security_group: SecurityGroup,
        platform: ServerPlatform,
        access_logs: Bucket,
        kms_key_arn: str,
        storage_key_arn: str,
        stateful_protection: bool,
    ) -> None:
        super().__init__(scope, id)
        security_group.accept_from(security_group, port=settings.port, description="Event store nodes among each other")
        table = Table(
            self,
            "table",
            names=names,
            kms_key_arn=kms_key_arn,
            endpoint_id=network.dynamodb_endpoint_id,
            except_role_arns=[backup_role_arn(names), export_role_arn(names)],
            protected=stateful_protection,
        )
        bucket = Bucket(
            self,
            "backup-bucket",
            names=names,
            purpose=BACKUP_BUCKET,
            kms_key_arn=storage_key_arn,
            access_logs=access_logs,
            noncurrent_version_retention_days=retention.noncurrent_version_retention_days,
            expiration_days=settings.backup.retention_days,
            statements=[bucket_statement(names, purpose=BACKUP_BUCKET, endpoint_id=network.s3_endpoint_id)],
            protected=stateful_protection,
        )
        TableBackups(
            self,
            "backups",
            names=names,
            settings=settings.backup,
            table_arn=table.resource.arn,
            kms_key_arn=kms_key_arn,
            protected=stateful_protection,
        )
        TableExport(
            self,
            "export",
            names=names,
            schedule=settings.backup.schedule,
            table_arn=table.resource.arn,
            bucket=bucket,
            kms_key_arn=kms_key_arn,
            storage_key_arn=storage_key_arn,
        )
        self.server = ServerTemplate(
            self,
            "server",
            platform=platform,
            name="event-store",
            settings=settings.server,
            port=settings.port,
            tier="private",
            security_group=security_group,
            environment={"EVENT_STORE_BACKUP_BUCKET": bucket.name, "EVENT_STORE_TABLE": table.name},
            statements=[
                table.append_and_read_statement(),
                *server_bucket_statements(bucket),
                *server_key_statements(names, kms_key_arn=kms_key_arn, storage_key_arn=storage_key_arn),
            ],
        )


def server_bucket_statements(bucket: Bucket) -> list[Statement]:
    """Return what the servers may do with the backup bucket: read, write and list objects, but delete none."""
    return [
        Statement(
            sid="ReadAndWriteBackups",
            actions=["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
            resources=[f"{bucket.arn}/*"],
        ),
        Statement(sid="ListBackups", actions=["s3:ListBucket"], resources=[bucket.arn]),
    ]


def server_key_statements(names: Names, *, kms_key_arn: str, storage_key_arn: str) -> list[Statement]:
    """Return what the servers may do with the keys of table and bucket: use them through DynamoDB and S3 only."""
    return [
        Statement(
            sid=sid,
            actions=["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
            resources=[key_arn],
            conditions={"StringEquals": {"kms:ViaService": f"{service}.{names.region}.amazonaws.com"}},
        )
        for sid, key_arn, service in (
            ("UseTableKey", kms_key_arn, "dynamodb"),
            ("UseBackupKey", storage_key_arn, "s3"),
        )
    ]
