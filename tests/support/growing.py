"""A system of some thirty resources in place of the real one, to be cut off half-way while it is made.

Copied over `modules/stacks.py` of a checkout. Names that AWS keeps apart stand beside things that it makes twice when
it is asked twice (user pools, a network and its parts), and beside rules that are not imported by their id.
"""

from collections.abc import Sequence
from pathlib import Path

from cdktf import App, TerraformOutput, TerraformStack
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.cognito_user_pool import CognitoUserPool
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.network_acl import NetworkAcl
from cdktf_cdktf_provider_aws.network_acl_rule import NetworkAclRule
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from cdktf_cdktf_provider_aws.vpc import Vpc
from constructs import Construct

from envs.settings import Settings
from modules.common.names import Names
from modules.common.policy import Statement, document
from modules.common.provider import add_provider
from modules.common.suppressions import suppress
from modules.state.backend import add_backend
from modules.state.bootstrap import add_local_backend


def build_app(settings: Sequence[Settings], *, outdir: Path) -> App:
    app = App(outdir=str(outdir))
    for environment in settings:
        names = Names.of(environment)
        stack = TerraformStack(app, environment.environment)
        add_provider(stack, names)
        add_backend(stack, environment)
        key = f"arn:aws:kms:{environment.region}:{environment.account_id}:key/11111111-2222-3333-4444-555555555555"
        logs = Construct(stack, "logs")
        for number in range(1, 9):
            CloudwatchLogGroup(
                logs, f"group-{number}", name=f"/growing/{number}", retention_in_days=365, kms_key_id=key
            )
        servers = Statement(
            sid="Servers", principals={"Service": ["ec2.amazonaws.com"]}, actions=["sts:AssumeRole"], resources=[]
        )
        roles = Construct(stack, "roles")
        for number in range(1, 9):
            IamRole(roles, f"role-{number}", name=names.name(f"role-{number}"), assume_role_policy=document([servers]))
        users = Construct(stack, "users")
        for number in range(1, 5):
            CognitoUserPool(users, f"pool-{number}", name=names.name(f"pool-{number}"))
        network = Construct(stack, "network")
        vpc = Vpc(network, "vpc", cidr_block="10.0.0.0/16", tags=names.tags("vpc"))
        acl = NetworkAcl(network, "acl", vpc_id=vpc.id, tags=names.tags("acl"))
        for number in range(1, 5):
            NetworkAclRule(
                network,
                f"rule-{number}",
                network_acl_id=acl.id,
                rule_number=number,
                protocol="tcp",
                rule_action="deny",
                cidr_block=f"10.{number}.0.0/16",
                from_port=1,
                to_port=2,
            )
        TerraformOutput(stack, "vpc", value=vpc.id, static_id=True)

        bootstrap = TerraformStack(app, f"{environment.environment}-bootstrap")
        add_provider(bootstrap, names)
        add_local_backend(bootstrap)
        bucket = S3Bucket(Construct(bootstrap, "state"), "bucket", bucket=environment.state_bucket)
        for resource, rules in (
            (bucket, "CKV2_AWS_6 CKV2_AWS_61 CKV2_AWS_62 CKV_AWS_144 CKV_AWS_145 CKV_AWS_18 CKV_AWS_21"),
            (vpc, "CKV2_AWS_11 CKV2_AWS_12 CKV2_MEALS_212 CKV2_MEALS_226"),
            (acl, "CKV2_AWS_1"),
        ):
            for rule in rules.split():
                suppress(resource, rule=rule, reason="A resource of a test", expires="2099-12-31")
    return app
