"""The instance profile of a server template: a role that may do what this template needs and nothing else.

The role has no AWS managed policy: `AmazonSSMManagedInstanceCore` and `CloudWatchAgentServerPolicy` also hand out all
SSM parameters, inventory, and log groups of everybody. What is used of them is written out here.
"""

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.iam_instance_profile import IamInstanceProfile
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

from modules.common.boundary import permissions_boundary
from modules.common.context import Context
from modules.common.exclusive_policies import allow_no_other_policies
from modules.common.names import ARTIFACTS, Names
from modules.common.policy import Statement, document, trust

METRICS_NAMESPACE = "CWAgent"
"""CloudWatch namespace of the agent (Amazon CloudWatch user guide, "Metrics collected by the CloudWatch agent")."""


class InstanceProfile(Construct):
    """A role for EC2 with the permissions `statements`, and the instance profile that carries it.

    Attributes: `instance_profile_arn`, and `policy`, to depend on.
    """

    def __init__(self, scope: Construct, id: str, *, names: Names, name: str, statements: Sequence[Statement]) -> None:
        super().__init__(scope, id)
        role = IamRole(
            self,
            "role",
            name=names.name(name),
            description=f"Instances of {names.name(name)}",
            permissions_boundary=permissions_boundary(names),
            assume_role_policy=trust("ec2.amazonaws.com"),
            tags=names.tags(name),
        )
        role_name = role.name
        self.policy = IamRolePolicy(self, "policy", name=name, role=role_name, policy=document(statements))
        allow_no_other_policies(self, role=role, inline=self.policy)
        profile = IamInstanceProfile(self, "profile", name=names.name(name), role=role_name, tags=names.tags(name))
        self.instance_profile_arn: str = profile.arn


def server_statements(names: Names, *, name: str, log_group_name: str) -> list[Statement]:
    """Return what every server of the template `name` needs to be managed, observed and started."""
    log_group_arn = names.arn("logs", f"log-group:{log_group_name}")
    return [
        # AWS Systems Manager user guide, "Create a custom IAM role for Session Manager".
        Statement(
            sid="RegisterWithSessionManager",
            actions=["ssm:UpdateInstanceInformation"],
            resources=[names.arn("ec2", "instance/*")],  # an instance's id is known only once it runs
        ),
        Statement(
            sid="ServeSessions",
            actions=[
                "ssmmessages:CreateControlChannel",
                "ssmmessages:CreateDataChannel",
                "ssmmessages:OpenControlChannel",
                "ssmmessages:OpenDataChannel",
            ],
            resources=["*"],  # these actions know no resource (Service Authorization Reference, ssmmessages)
        ),
        Statement(
            sid="PublishMetrics",
            actions=["cloudwatch:PutMetricData"],
            resources=["*"],  # this action knows no resource; the condition takes its place
            conditions={"StringEquals": {"cloudwatch:namespace": METRICS_NAMESPACE}},
        ),
        Statement(
            sid="WriteLogs",
            actions=["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            resources=[f"{log_group_arn}:*"],
        ),
        Statement(
            sid="FetchArtifact",
            actions=["s3:GetObject"],
            resources=[f"{names.bucket_arn(ARTIFACTS)}/{name}/*"],
        ),
        # The key belongs to the bootstrap stack, so it is named by its alias instead of its ARN.
        Statement(
            sid="DecryptArtifact",
            actions=["kms:Decrypt"],
            resources=[names.arn("kms", "key/*")],
            conditions={
                "ForAnyValue:StringEquals": {"kms:ResourceAliases": f"alias/{names.name(ARTIFACTS)}"},
                "StringEquals": {"kms:ViaService": names.service_host("s3")},
            },
        ),
    ]


def datadog_statements(context: Context, secret_name: str) -> list[Statement]:
    """Return what the DataDog agent needs to read its API key, the secret `secret_name`, from Secrets Manager."""
    names = context.names
    secret_arn = names.secret_arn(secret_name)
    return [
        Statement(
            sid="ReadDatadogApiKey",
            actions=["secretsmanager:GetSecretValue"],
            resources=[secret_arn],
        ),
        Statement(
            sid="DecryptDatadogApiKey",
            actions=["kms:Decrypt"],
            resources=[context.keys.secrets_key_arn],
            conditions={
                "StringEquals": {"kms:ViaService": names.service_host("secretsmanager")},
                "ArnLike": {"kms:EncryptionContext:SecretARN": secret_arn},
            },
        ),
    ]
