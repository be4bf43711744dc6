"""VPC endpoints: the only way from private subnets to AWS services, and only to those of this account (claim C3).

Gateway endpoints for S3 and DynamoDB are free and bind resource policies to the VPC (`aws:SourceVpce`), so public
subnets use them too. Everything else that AWS offers is reached by an interface endpoint with private DNS. Endpoint
policies let only principals of this account through, and only to resources of this account, so that neither foreign
credentials nor foreign buckets are a way out.
"""

from collections.abc import Iterable, Mapping, Sequence

from cdktf_cdktf_provider_aws.vpc_endpoint import VpcEndpoint
from cdktf_cdktf_provider_aws.vpc_endpoint_route_table_association import VpcEndpointRouteTableAssociation
from constructs import Construct

from modules.common.names import Names
from modules.common.policy import Conditions, Statement, document
from modules.network.aws_services import iam_prefix, takes_policy
from modules.network.security_group import SecurityGroup
from modules.network.wellknown import HTTPS_PORT

PIPES_DATA = "pipes-data"
"""What a pipe needs to read from a cluster in private subnets (Amazon EventBridge user guide, "Amazon MSK network
configuration"): part of the system, so never left to the settings."""

ANYBODY: Mapping[str, Sequence[str]] = {"AWS": ["*"]}
"""The principal of every endpoint policy. A named account would stand for its root user only (AWS PrivateLink
guide, "Control access to VPC endpoints using endpoint policies"), so a condition names the account."""

OBJECT_ACTIONS = (
    "s3:AbortMultipartUpload",
    "s3:DeleteObject",
    "s3:GetObject",
    "s3:ListBucket",
    "s3:PutObject",
)
"""What the servers' roles may do; a test compares the two. Firehose, Athena and exports do not come this way."""

ITEM_ACTIONS = (
    "dynamodb:BatchGetItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:DescribeTable",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:Scan",
)
"""Reading and appending: no event is changed or deleted through the endpoint, whatever a role may do."""


class GatewayEndpoints(Construct):
    """The gateway endpoints of S3 and DynamoDB, in the route tables `route_table_ids`, tier -> id."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        names: Names,
        vpc_id: str,
        route_table_ids: Mapping[str, str],
    ) -> None:
        super().__init__(scope, id)
        s3 = self._endpoint(names, "s3", vpc_id, s3_policy(names), route_table_ids)
        dynamodb = self._endpoint(names, "dynamodb", vpc_id, dynamodb_policy(names), route_table_ids)
        self.s3_endpoint_id: str = s3.id
        self.s3_prefix_list_id: str = s3.prefix_list_id
        self.dynamodb_endpoint_id: str = dynamodb.id
        self.dynamodb_prefix_list_id: str = dynamodb.prefix_list_id

    def _endpoint(
        self, names: Names, service: str, vpc_id: str, policy: str, route_table_ids: Mapping[str, str]
    ) -> VpcEndpoint:
        endpoint = VpcEndpoint(
            self,
            service,
            vpc_id=vpc_id,
            vpc_endpoint_type="Gateway",
            service_name=f"com.amazonaws.{names.region}.{service}",
            policy=policy,
            tags=names.tags(service),
        )
        endpoint_id = endpoint.id
        for tier, route_table_id in sorted(route_table_ids.items()):
            VpcEndpointRouteTableAssociation(
                self, f"{service}-{tier}", vpc_endpoint_id=endpoint_id, route_table_id=route_table_id
            )
        return endpoint


class InterfaceEndpoints(Construct):
    """The interface endpoints of AWS `services`, with private DNS, in one subnet per availability zone.

    An interface endpoint takes at most one subnet per zone; a zone that a new replica brings is added in place. A VPC
    holds 50 of them unless AWS raises it (AWS PrivateLink quotas).
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        names: Names,
        services: Iterable[str],
        vpc_id: str,
        subnet_ids: Sequence[str],
    ) -> None:
        super().__init__(scope, id)
        self.security_group = SecurityGroup(
            self,
            "security-group",
            names=names,
            name="interface-endpoints",
            description="Interface endpoints of AWS services: HTTPS from the groups that call them",
            vpc_id=vpc_id,
        )
        for service in services:
            VpcEndpoint(
                self,
                service.replace(".", "-"),
                vpc_id=vpc_id,
                vpc_endpoint_type="Interface",
                service_name=f"com.amazonaws.{names.region}.{service}",
                private_dns_enabled=True,
                subnet_ids=list(subnet_ids),
                security_group_ids=[self.security_group.security_group_id],
                policy=interface_policy(names, service) if takes_policy(service) else None,
                tags=names.tags(service),
            )

    def accept_from(self, client: SecurityGroup) -> None:
        """Let `client` call the AWS services of these endpoints."""
        self.security_group.accept_from(client, port=HTTPS_PORT, description="AWS services")


def own(names: Names) -> Conditions:
    """Return the condition that caller and resource are both of this account."""
    return {
        "StringEquals": {
            "aws:PrincipalAccount": names.account_id,
            "aws:ResourceAccount": names.account_id,
        }
    }


def s3_policy(names: Names) -> str:
    """Return the S3 endpoint's policy: this environment's buckets, and AWS's own for packages and agents, to read."""
    buckets = names.named_bucket_arn(f"{names.prefix}-*")
    return document(
        [
            Statement(
                sid="OwnBuckets",
                principals=ANYBODY,
                actions=OBJECT_ACTIONS,
                resources=[buckets, f"{buckets}/*"],
                conditions=own(names),
            ),
            Statement(
                sid="ReadAwsPackages",
                principals=ANYBODY,
                actions=["s3:GetObject"],
                resources=[names.named_bucket_arn(f"{bucket}/*") for bucket in aws_buckets(names.region)],
            ),
        ]
    )


def aws_buckets(region: str) -> tuple[str, ...]:
    """Return the buckets of AWS that servers read: repositories of Amazon Linux 2023, and agents.

    Sources: Amazon Linux 2023 user guide, "Package repositories"; AWS Systems Manager user guide, "SSM Agent
    communications with AWS managed S3 buckets"; Amazon CloudWatch user guide, "Download the CloudWatch agent package".
    """
    return (
        f"al2023-repos-{region}-de612dc2",
        f"amazon-ssm-{region}",
        f"amazon-ssm-packages-{region}",
        f"amazoncloudwatch-agent-{region}",
        f"aws-ssm-{region}",
        f"aws-ssm-document-attachments-{region}",
        f"patch-baseline-snapshot-{region}",
        f"{region}-birdwatcher-prod",
    )


def dynamodb_policy(names: Names) -> str:
    """Return the DynamoDB endpoint's policy: items of this environment's tables."""
    tables = names.arn("dynamodb", f"table/{names.prefix}-*")
    return document(
        [
            Statement(
                sid="OwnTables",
                principals=ANYBODY,
                actions=ITEM_ACTIONS,
                resources=[tables],  # an index of a table matches the wildcard too
                conditions=own(names),
            )
        ]
    )


def interface_policy(names: Names, service: str) -> str:
    """Return the policy of one interface endpoint: this account's principals, that service, this account's resources.

    Requests without a resource of anybody's (`cloudwatch:PutMetricData`) carry no `aws:ResourceAccount`, hence
    `IfExists`. Systems Manager also serves documents and parameters that AWS owns, so there only the caller counts.
    """
    conditions: dict[str, Mapping[str, str]] = {"StringEquals": {"aws:PrincipalAccount": names.account_id}}
    if service != "ssm":
        conditions["StringEqualsIfExists"] = {"aws:ResourceAccount": names.account_id}
    statements = [
        Statement(
            sid="OwnAccount",
            principals=ANYBODY,
            actions=[f"{iam_prefix(service)}:*"],
            resources=["*"],  # which ones, say the callers' own policies; here, whose
            conditions=conditions,
        )
    ]
    return document(statements)
