"""A system of three resources in place of the real one: everything around it is real, and a run takes seconds.

Copied over `modules/stacks.py` of a checkout. What tests change stands in `envs/dev.yaml`: the domain name is in the
name of a log group, so another one replaces it; its retention is updated in place; the replicas say how many roles
there are.
"""

from collections.abc import Sequence
from pathlib import Path

from cdktf import App, TerraformOutput, TerraformStack
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from constructs import Construct

from envs.settings import Settings
from modules.common.names import Names
from modules.common.policy import Statement, document
from modules.common.provider import add_provider
from modules.common.suppressions import suppress
from modules.state.backend import add_backend
from modules.state.bootstrap import add_local_backend

ACCEPTED = (
    "CKV2_AWS_6",
    "CKV2_AWS_61",
    "CKV2_AWS_62",
    "CKV2_MEALS_235",
    "CKV_AWS_144",
    "CKV_AWS_145",
    "CKV_AWS_18",
    "CKV_AWS_21",
)
"""What a bare bucket breaks."""


def build_app(settings: Sequence[Settings], *, outdir: Path) -> App:
    app = App(outdir=str(outdir))
    for environment in settings:
        names = Names.of(environment)
        stack = TerraformStack(app, environment.environment)
        add_provider(stack, names)
        add_backend(stack, environment)
        logs = Construct(stack, "logs")
        group = CloudwatchLogGroup(
            logs,
            "group",
            name=f"/tiny/{environment.domain_name}",
            retention_in_days=environment.network.flow_log_retention_days,
            kms_key_id=f"arn:aws:kms:{environment.region}:{environment.account_id}:key/11111111-2222-3333-4444-555555555555",
        )
        servers = Statement(
            sid="Servers", principals={"Service": ["ec2.amazonaws.com"]}, actions=["sts:AssumeRole"], resources=[]
        )
        for replica in range(1, environment.network.replicas + 1):
            IamRole(
                Construct(stack, f"role-{replica}"),
                "role",
                name=names.name(f"role-{replica}"),
                assume_role_policy=document([servers]),
            )
        TerraformOutput(stack, "group", value=group.arn, static_id=True)
        TerraformOutput(stack, "secret", value="do not show this", sensitive=True, static_id=True)

        bootstrap = TerraformStack(app, f"{environment.environment}-bootstrap")
        add_provider(bootstrap, names)
        add_local_backend(bootstrap)
        bucket = S3Bucket(Construct(bootstrap, "state"), "bucket", bucket=environment.state_bucket)
        for rule in ACCEPTED:
            suppress(bucket, rule=rule, reason="A bucket of a test", expires="2099-12-31")
    return app
