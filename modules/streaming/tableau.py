"""The role with which Tableau reads the reporting data, and nothing else."""

from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

from envs.settings.streaming import Reporting as ReportingSettings
from modules.common.boundary import permissions_boundary
from modules.common.context import Context
from modules.common.exclusive_policies import allow_no_other_policies
from modules.common.policy import Statement, document
from modules.streaming.report_catalog import DATA_PREFIX, RESULTS_PREFIX, ReportCatalog

NAME = "tableau"


class TableauRole(Construct):
    """The role: assumed by one principal of Tableau, which must present the external id agreed with it.

    The external id keeps Tableau from being talked into using our role for another of its customers (IAM user guide,
    "Access to AWS accounts owned by third parties").
    """

    def __init__(
        self, scope: Construct, id: str, *, context: Context, settings: ReportingSettings, catalog: ReportCatalog
    ) -> None:
        super().__init__(scope, id)
        names = context.names
        role = IamRole(
            self,
            "role",
            name=names.name(NAME),
            description="Lets Tableau query the reporting data with Athena",
            permissions_boundary=permissions_boundary(names),
            assume_role_policy=document(
                [
                    Statement(
                        sid="AssumedByTableau",
                        principals={"AWS": [settings.tableau_principal_arn]},
                        actions=["sts:AssumeRole"],
                        resources=[],
                        conditions={"StringEquals": {"sts:ExternalId": settings.tableau_external_id}},
                    )
                ]
            ),
            tags=names.tags(NAME),
        )
        policy = IamRolePolicy(
            self,
            "policy",
            name=NAME,
            role=role.name,
            policy=document(query_statements(context, catalog)),
        )
        allow_no_other_policies(self, role=role, inline=policy)


def query_statements(context: Context, catalog: ReportCatalog) -> list[Statement]:
    """Return what queries need: the workgroup, the table's description, the data to read, the results to write.

    Source: Athena user guide, "Access to Athena databases and tables in the AWS Glue Data Catalog" and "Control access
    to Amazon S3 from Athena".
    """
    names, database = context.names, catalog.database_name
    return [
        Statement(
            sid="QueryInWorkgroup",
            actions=[
                "athena:GetQueryExecution",
                "athena:GetQueryResults",
                "athena:GetQueryResultsStream",
                "athena:GetWorkGroup",
                "athena:StartQueryExecution",
                "athena:StopQueryExecution",
            ],
            resources=[names.arn("athena", f"workgroup/{catalog.workgroup_name}")],
        ),
        Statement(
            sid="ChooseCatalogAndWorkgroup",
            actions=["athena:ListDataCatalogs", "athena:ListWorkGroups"],
            resources=["*"],  # these actions know no resource; they list names
        ),
        Statement(
            sid="BrowseCatalog",
            actions=[
                "athena:GetDataCatalog",
                "athena:GetDatabase",
                "athena:GetTableMetadata",
                "athena:ListDatabases",
                "athena:ListTableMetadata",
            ],
            resources=[names.arn("athena", "datacatalog/AwsDataCatalog")],
        ),
        Statement(
            sid="DescribeTable",
            actions=[
                "glue:GetDatabase",
                "glue:GetDatabases",
                "glue:GetPartition",
                "glue:GetPartitions",
                "glue:GetTable",
                "glue:GetTables",
            ],
            resources=[
                names.arn("glue", "catalog"),
                names.arn("glue", f"database/{database}"),
                names.arn("glue", f"table/{database}/{catalog.table_name}"),
            ],
        ),
        # Every query asks for it (Athena user guide, "Access policy to the default database and catalog per Region").
        Statement(
            sid="FindDefaultDatabase",
            actions=["glue:GetDatabase", "glue:GetDatabases"],
            resources=[names.arn("glue", "catalog"), names.arn("glue", "database/default")],
        ),
        Statement(sid="ReadData", actions=["s3:GetObject"], resources=[f"{catalog.data.arn}/{DATA_PREFIX}*"]),
        Statement(
            sid="WriteResults",
            actions=["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"],
            resources=[f"{catalog.results.arn}/{RESULTS_PREFIX}*"],
        ),
        Statement(
            sid="ListDataAndResults",
            actions=["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
            resources=[catalog.data.arn, catalog.results.arn],
        ),
        Statement(
            sid="UseKeyOfBuckets",
            actions=["kms:Decrypt", "kms:GenerateDataKey"],
            resources=[context.keys.storage.arn],
            conditions={"StringEquals": {"kms:ViaService": names.service_host("s3")}},
        ),
    ]
