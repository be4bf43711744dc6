"""The event store: its servers in the private subnets, its table, its backups (claims C2 and C8)."""

from constructs import Construct

from envs.settings.event_store import EventStore as EventStoreSettings
from modules.common.context import Context
from modules.common.policy import Statement
from modules.event_store.backups import TableBackups, backup_role_arn
from modules.event_store.export import TableExport, bucket_statement, export_role_arn
from modules.event_store.table import Table
from modules.network.network import Network
from modules.network.security_group import SecurityGroup
from modules.servers.server_template import ServerPlatform, ServerTemplate
from modules.storage.bucket import Bucket
from modules.storage.storage import Storage

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
        context: Context,
        settings: EventStoreSettings,
        network: Network,
        security_group: SecurityGroup,
        platform: ServerPlatform,
        storage: Storage,
    ) -> None:
        super().__init__(scope, id)
        names = context.names
        security_group.accept_from(security_group, port=settings.port, description="Event store nodes among each other")
        table = Table(
            self,
            "table",
            context=context,
            endpoint_id=network.dynamodb_endpoint_id,
            except_role_arns=[backup_role_arn(names), export_role_arn(names)],
        )
        bucket = storage.bucket(
            self,
            "backup-bucket",
            purpose=BACKUP_BUCKET,
            expiration_days=settings.backup.retention_days,
            statements=[bucket_statement(names, purpose=BACKUP_BUCKET, endpoint_id=network.s3_endpoint_id)],
            protected=context.stateful_protection,
        )
        TableBackups(self, "backups", context=context, settings=settings.backup, table_arn=table.resource.arn)
        TableExport(
            self,
            "export",
            context=context,
            schedule=settings.backup.schedule,
            table_arn=table.resource.arn,
            bucket=bucket,
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
                *server_key_statements(context),
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


def server_key_statements(context: Context) -> list[Statement]:
    """Return what the servers may do with the keys of table and bucket: use them through DynamoDB and S3 only."""
    return [
        Statement(
            sid=sid,
            actions=["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
            resources=[key.arn],
            conditions={"StringEquals": {"kms:ViaService": context.names.service_host(service)}},
        )
        for sid, key, service in (
            ("UseTableKey", context.keys.event_store, "dynamodb"),
            ("UseBackupKey", context.keys.storage, "s3"),
        )
    ]
