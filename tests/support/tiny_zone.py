"""A system that is nothing but its public zone, in place of the real one: everything around it is real.

Copied over `modules/stacks.py` of a checkout. `IN_ENVIRONMENT` is the layout of old: the environment's stack makes the
zone, at the addresses that `addresses.json` moves to the bootstrap stack, and the log of its queries has the key of the
environment's other logs.
"""

from collections.abc import Sequence
from pathlib import Path

from cdktf import App, TerraformStack
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from constructs import Construct

from envs.settings import Settings
from modules.common.keys import Key
from modules.common.names import Names
from modules.common.provider import add_provider
from modules.common.suppressions import suppress
from modules.edge.dns import Dns
from modules.edge.public_zone import PublicZone
from modules.state.backend import add_backend
from modules.state.bootstrap import add_local_backend

IN_ENVIRONMENT = True

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
        bootstrap = TerraformStack(app, f"{environment.environment}-bootstrap")
        add_provider(bootstrap, names)
        add_local_backend(bootstrap)
        bucket = S3Bucket(Construct(bootstrap, "state"), "bucket", bucket=environment.state_bucket)
        for rule in ACCEPTED:
            suppress(bucket, rule=rule, reason="A bucket of a test", expires="2099-12-31")
        keys = Construct(stack, "journal")  # no part of the claims, which would ask for all others
        logs = Key(keys, "logs", names=names, purpose="logs", description="Logs", deletion_window_days=7)
        if IN_ENVIRONMENT:
            zone = PublicZone(Construct(stack, "edge"), "dns", names=names, settings=environment)
            query_log = zone.node.find_child("query-log")
            query_log.node.try_remove_child("key")
            log_group = query_log.node.find_child("log-group")
            assert isinstance(log_group, CloudwatchLogGroup)
            log_group.kms_key_id = logs.arn
        else:
            PublicZone(Construct(bootstrap, "edge"), "dns", names=names, settings=environment)
            domain_name = environment.domain_name
            Dns(Construct(stack, "edge"), "dns", names=names, domain_name=domain_name, vpc_id="vpc-01234567")
    return app
