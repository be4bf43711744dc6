"""The reporting data as tables: a Glue database and table, and the Athena workgroup that queries them."""

from cdktf_cdktf_provider_aws.athena_workgroup import (
    AthenaWorkgroup,
    AthenaWorkgroupConfiguration,
    AthenaWorkgroupConfigurationResultConfiguration,
    AthenaWorkgroupConfigurationResultConfigurationEncryptionConfiguration,
)
from cdktf_cdktf_provider_aws.glue_catalog_database import GlueCatalogDatabase
from cdktf_cdktf_provider_aws.glue_catalog_table import (
    GlueCatalogTable,
    GlueCatalogTablePartitionKeys,
    GlueCatalogTableStorageDescriptor,
    GlueCatalogTableStorageDescriptorColumns,
    GlueCatalogTableStorageDescriptorSerDeInfo,
)
from constructs import Construct

from modules.common.context import Context
from modules.storage.bucket import Bucket
from modules.storage.storage import Storage

DATA_PREFIX = "data/"
RESULTS_PREFIX = "results/"
PARTITION_KEY = "day"
TABLE = "events"
RESULT_RETENTION_DAYS = 7  # a result is fetched at once; the query can be run again

COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("id", "string", "Unique id of the event"),
    ("kind", "string", "What happened, such as order-placed"),
    ("source", "string", "Module that reported it"),
    ("occurred_at", "string", "When it happened: ISO 8601, UTC"),
    ("data", "string", "The rest, as JSON: json_extract reads it"),
)
"""Name, type and meaning of the fields of a reporting event; fields not listed here stay in S3, unseen by queries."""


class ReportCatalog(Construct):
    """Database, table, workgroup and the bucket of query results.

    Partitions (one a day) are computed, not catalogued: the table's partition projection covers `retention_days`, so
    there is no crawler and nothing to repair (Athena user guide, "Use partition projection").

    `data` is the bucket with the events, `results` that of the results; names as Athena and Glue know them.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        context: Context,
        data: Bucket,
        retention_days: int,
        storage: Storage,
    ) -> None:
        super().__init__(scope, id)
        names = context.names
        self.data = data
        self.results = storage.bucket(self, "results", purpose="query-results", expiration_days=RESULT_RETENTION_DAYS)
        self.database_name: str = names.name("reporting").replace("-", "_")  # Athena knows no hyphens in names
        self.table_name: str = TABLE
        self.workgroup_name: str = names.name("reporting")

        database = GlueCatalogDatabase(
            self,
            "database",
            name=self.database_name,
            description=f"Reporting data of {names.prefix}",
            tags=names.tags("reporting"),
        )
        location = f"s3://{data.resource_name}/{DATA_PREFIX}"
        GlueCatalogTable(
            self,
            "table",
            database_name=database.name,
            name=self.table_name,
            description="Events for reports, as the modules wrote them to Kafka",
            table_type="EXTERNAL_TABLE",
            parameters={
                "EXTERNAL": "TRUE",
                "classification": "json",
                "compressionType": "gzip",
                "projection.enabled": "true",
                f"projection.{PARTITION_KEY}.format": "yyyy-MM-dd",
                f"projection.{PARTITION_KEY}.interval": "1",
                f"projection.{PARTITION_KEY}.interval.unit": "DAYS",
                f"projection.{PARTITION_KEY}.range": f"NOW-{retention_days}DAYS,NOW",
                f"projection.{PARTITION_KEY}.type": "date",
                # `$${` is how Terraform writes the `${` that Athena replaces.
                "storage.location.template": f"{location}{PARTITION_KEY}=$${{{PARTITION_KEY}}}/",
            },
            partition_keys=[
                GlueCatalogTablePartitionKeys(name=PARTITION_KEY, type="string", comment="Day of arrival, UTC")
            ],
            storage_descriptor=GlueCatalogTableStorageDescriptor(
                location=location,
                input_format="org.apache.hadoop.mapred.TextInputFormat",
                output_format="org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
                ser_de_info=GlueCatalogTableStorageDescriptorSerDeInfo(
                    name="json",
                    serialization_library="org.openx.data.jsonserde.JsonSerDe",
                    parameters={"ignore.malformed.json": "true"},
                ),
                columns=[
                    GlueCatalogTableStorageDescriptorColumns(name=name, type=kind, comment=comment)
                    for name, kind, comment in COLUMNS
                ],
            ),
        )
        AthenaWorkgroup(
            self,
            "workgroup",
            name=self.workgroup_name,
            description=f"Queries of Tableau on the reporting data of {names.prefix}",
            force_destroy=not context.stateful_protection,
            configuration=AthenaWorkgroupConfiguration(
                enforce_workgroup_configuration=True,
                publish_cloudwatch_metrics_enabled=True,
                requester_pays_enabled=False,
                result_configuration=AthenaWorkgroupConfigurationResultConfiguration(
                    output_location=f"s3://{self.results.resource_name}/{RESULTS_PREFIX}",
                    expected_bucket_owner=names.account_id,
                    encryption_configuration=(
                        AthenaWorkgroupConfigurationResultConfigurationEncryptionConfiguration(
                            encryption_option="SSE_KMS", kms_key_arn=context.keys.storage.arn
                        )
                    ),
                ),
            ),
            tags=names.tags("reporting"),
        )
