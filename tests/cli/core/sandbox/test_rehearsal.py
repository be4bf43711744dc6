"""An environment with all that settings can ask for, bootstrapped and applied in the sandbox by terraform with the real
AWS provider, then scaled, and destroyed to the end.

It is `qa` of the checkout that grew by docs/extending.md, with its server and its consumer, of another company in
another region: what `infra new` adds is rehearsed as a whole environment is. The tests of this file are one story: each
continues where the one before it ends.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from benchmarks.inventory import client_of
from cli.core.sandbox import Sandbox, process
from cli.core.sandbox.override import variables
from cli.core.sandbox.state_directory import StateDirectory
from cli.core.sandbox.status import provider_version
from envs.load import load
from envs.settings import Settings
from tests.support import grown
from tests.support.permissions import table
from tests.support.programs import without
from tests.support.provider_log import operations
from tests.support.sandbox import Client

IS_STORY = True

OPTIONS: Mapping[str, Any] = {
    "network": {"vpn": {"customer_gateway_ip": "203.0.113.7", "on_premises_cidrs": ("192.168.0.0/16",)}},
    "notifications": {
        "sms": {"monthly_spend_limit_usd": 1},
        "mobile_push": (
            {"platform": "APNS", "credential_secret_name": "soup/qa/apns"},
            {"platform": "GCM", "credential_secret_name": "soup/qa/gcm"},
        ),
    },
}
"""What qa does not ask for."""

CONNECTOR = {
    "plugin_bucket": "plugins-111111111111",
    "plugin_key": "datadog.zip",
    "privatelink_service_name": "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0",
}
"""The MSK Connect connector, which qa does not ask for either."""

GROUPS = {
    "office": {"subnets": "private", "port": 9443, "modules": ["office"], "clients": ["core-server", "loyalty-server"]},
}
CONSUMERS = {name: {"topic": "orders", "to": name} for name in ("sns", "loyalty-server")}
"""A private server beside the public one that was added, and consumers beside the one to a queue."""

HARMLESS = {"create", "update"}
"""Actions of a plan that destroy nothing."""


@dataclass
class Rehearsal:
    """A stack of qa in a sandbox, and terraform to run on it."""

    terraform: str
    sandbox: Sandbox
    directory: Path
    synthesized: Path
    log: Path
    """The provider's, of all that it changed."""

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run terraform, never asking anything."""
        given = {**self.sandbox.environ, "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}
        if arguments[0] in ("apply", "destroy"):
            given |= {"TF_LOG_PROVIDER": "DEBUG", "TF_LOG_PATH": str(self.log)}  # one after the other
        command = [self.terraform, *arguments, "-no-color"]
        return subprocess.run(
            command, cwd=self.directory, env=given, capture_output=True, text=True, timeout=1200, check=False
        )

    def must(self, *arguments: str) -> str:
        """Run terraform to success; its output."""
        done = self.run(*arguments)
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done.stdout

    def scale(self, replicas: int) -> None:
        """Put qa with this number of subnet replicas where terraform runs."""
        self.sandbox.stack(synthesize(self.synthesized, replicas) / "qa")

    def things(self) -> set[tuple[str, str]]:
        """What is in the sandbox, in the environment's region."""
        return things(partial(client_of, self.sandbox.record, region=settings().region))

    def plan(self, *arguments: str) -> Mapping[str, str]:
        """Plan; the action of each resource that is not left as it is. The plan is kept as plan.bin.

        The lines are terraform's machine-readable UI: `terraform show` would start the provider once more.
        """
        lines = self.must("plan", "-json", "-input=false", "-out=plan.bin", *arguments).splitlines()
        said = [json.loads(line) for line in lines]
        assert "change_summary" in {each["type"] for each in said}, lines
        changes = [each["change"] for each in said if each["type"] == "planned_change"]
        actions = {each["resource"]["addr"]: each["action"] for each in changes}
        return {address: action for address, action in actions.items() if not address.startswith("data.")}

    def managed(self) -> set[str]:
        """Addresses of the resources in the state."""
        return {line for line in self.must("state", "list").splitlines() if not line.startswith("data.")}


def settings() -> Settings:
    """The settings of qa, as `infra new` made them."""
    return load("qa", directory=grown.shared() / "envs")


def synthesize(directory: Path, replicas: int = 2) -> Path:
    """The directory of the stacks of qa with everything that settings can ask for."""
    from main import synthesize

    values = settings().model_dump()
    for part, options in OPTIONS.items():
        values[part] |= options
    values["streaming"]["metrics_export"]["connector"] = CONNECTOR
    values["servers"]["groups"] |= GROUPS
    values["streaming"]["topics"]["further"] = ["orders"]
    values["streaming"]["consumers"] |= CONSUMERS
    values["network"]["replicas"] = replicas
    values["streaming"]["cluster"]["brokers"] = 4  # AWS names three, others at each call
    synthesize([Settings.model_validate(values)], directory / str(replicas))
    return directory / str(replicas) / "stacks"


@pytest.fixture(scope="module")
def stacks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Terraform that is rehearsed."""
    return synthesize(tmp_path_factory.mktemp("synthesized"))


@pytest.fixture(scope="module")
def document(stacks: Path) -> Any:
    """That of the environment."""
    return json.loads((stacks / "qa" / "cdk.tf.json").read_bytes())


@pytest.fixture(scope="module")
def bootstrap(terraform: str, stacks: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    """The bootstrap stack of qa, applied; without a provider the tests are skipped."""
    state_directory = StateDirectory(tmp_path_factory.mktemp("rehearsal") / "qa")
    record = process.up(state_directory, settings().account_id)
    try:
        sandbox = Sandbox("qa", state_directory, record, variables(record.endpoint, os.environ))
        made = Rehearsal(
            terraform,
            sandbox,
            directory=sandbox.stack(stacks / "qa-bootstrap"),
            synthesized=stacks.parents[1],
            log=state_directory.directory / "bootstrap.log",
        )
        done = made.run("init", "-input=false")
        if "provider" in done.stderr:
            without("terraform", f"terraform has no AWS provider: {done.stderr.strip()}")
        assert done.returncode == 0, done.stderr
        made.must("apply", "-auto-approve", "-input=false", "-parallelism=30")
        yield made
    finally:
        process.reset(state_directory)


@pytest.fixture(scope="module")
def qa(bootstrap: Rehearsal, stacks: Path) -> Rehearsal:
    """The environment itself, not yet applied."""
    sandbox = bootstrap.sandbox
    log = sandbox.state_directory.directory / "provider.log"
    made = replace(bootstrap, directory=sandbox.stack(stacks / "qa"), log=log)
    made.must("init", "-input=false")
    return made


@pytest.fixture(scope="module")
def things_before(bootstrap: Rehearsal) -> set[tuple[str, str]]:
    """What is there of the bootstrap stack, and in every account."""
    return bootstrap.things()


def addresses(document: Mapping[str, Any]) -> set[str]:
    """Addresses of the resources of a stack."""
    return {f"{kind}.{name}" for kind, named in document["resource"].items() for name in named}


def test_the_bootstrap_stack_applies(bootstrap: Rehearsal, stacks: Path) -> None:
    assert bootstrap.managed() == addresses(json.loads((stacks / "qa-bootstrap" / "cdk.tf.json").read_bytes()))


def test_every_resource_plans_and_applies(qa: Rehearsal, document: Any, things_before: set[tuple[str, str]]) -> None:
    assert ("bucket", settings().state_bucket) in things_before
    planned = qa.plan()
    assert planned == dict.fromkeys(addresses(document), "create")
    qa.must("apply", "-input=false", "-parallelism=30", "plan.bin")
    assert qa.managed() == addresses(document)
    assert provider_version(qa.sandbox.state_directory) is not None


def test_a_second_plan_shows_no_changes_also_after_a_stop(qa: Rehearsal) -> None:
    process.down(qa.sandbox.state_directory)
    again = process.up(qa.sandbox.state_directory, settings().account_id)
    assert again.endpoint == qa.sandbox.endpoint
    assert qa.plan() == {}


def test_another_account_is_refused(qa: Rehearsal) -> None:
    """`allowed_account_ids` is in force: what the sandbox's STS says is not what the stack was made for."""
    (override,) = qa.directory.glob("zz_*")
    wrong = json.loads(override.read_bytes())
    wrong["provider"]["aws"][0]["allowed_account_ids"] = ["222222222222"]
    kept = override.read_bytes()
    override.write_text(json.dumps(wrong))
    done = qa.run("plan", "-input=false")
    override.write_bytes(kept)
    assert done.returncode == 1
    assert "AWS account ID not allowed: 444455556666" in done.stderr


def test_ten_replicas_destroy_nothing(qa: Rehearsal) -> None:
    qa.scale(10)
    planned = qa.plan("-refresh=false")
    assert set(planned.values()) <= HARMLESS
    assert "create" in planned.values()


def test_a_third_replica_only_adds_and_its_removal_only_removes_it(qa: Rehearsal) -> None:
    before = qa.managed()
    qa.scale(3)
    up = qa.plan("-refresh=false")
    assert set(up.values()) <= HARMLESS
    added = {address for address, action in up.items() if action == "create"}
    assert added
    qa.must("apply", "-input=false", "-parallelism=30", "plan.bin")
    assert qa.managed() == before | added

    qa.scale(2)
    down = qa.plan("-refresh=false")
    assert {address for address, action in down.items() if action != "update"} == added
    assert all(down[address] == "delete" for address in added)
    qa.must("apply", "-input=false", "-parallelism=30", "plan.bin")
    assert qa.managed() == before


def test_the_table_of_permissions_has_every_operation_that_was_called(qa: Rehearsal) -> None:
    """What is missing belongs in tests/modules/delivery/permissions.yaml."""
    with qa.log.open(errors="replace") as lines:
        called = operations(lines)
    assert len(called) > 90
    assert table().lacks(called) == {}


def things(client: Client) -> set[tuple[str, str]]:
    """What is in the sandbox, by what it is: but for what AWS shows for a while after the end (instances and endpoints
    that are gone, keys that are about to go), and for AWS's own keys, which a service makes when it first needs one."""
    ec2, kms = client("ec2"), client("kms")
    instances = [each for group in ec2.describe_instances()["Reservations"] for each in group["Instances"]]
    endpoints = ec2.describe_vpc_endpoints()["VpcEndpoints"]
    of_aws = {each.get("TargetKeyId") for each in kms.list_aliases()["Aliases"] if "alias/aws/" in each["AliasName"]}
    ids = {key["KeyId"] for key in kms.list_keys()["Keys"]} - of_aws
    keys = [kms.describe_key(KeyId=key)["KeyMetadata"] for key in ids]
    found = {
        "VPC": [each["VpcId"] for each in ec2.describe_vpcs()["Vpcs"]],
        "subnet": [each["SubnetId"] for each in ec2.describe_subnets()["Subnets"]],
        "interface": [each["NetworkInterfaceId"] for each in ec2.describe_network_interfaces()["NetworkInterfaces"]],
        "network ACL": [each["NetworkAclId"] for each in ec2.describe_network_acls()["NetworkAcls"]],
        "route table": [each["RouteTableId"] for each in ec2.describe_route_tables()["RouteTables"]],
        "security group": [each["GroupId"] for each in ec2.describe_security_groups()["SecurityGroups"]],
        "instance": [each["InstanceId"] for each in instances if each["State"]["Name"] != "terminated"],
        "endpoint": [each["VpcEndpointId"] for each in endpoints if each["State"] != "deleted"],
        "key": [key["KeyId"] for key in keys if key["KeyState"] != "PendingDeletion"],
        "bucket": [each["Name"] for each in client("s3").list_buckets()["Buckets"]],
        "role": [each["RoleName"] for each in client("iam").list_roles()["Roles"]],
        "log group": [each["logGroupName"] for each in client("logs").describe_log_groups()["logGroups"]],
        "topic": [each["TopicArn"] for each in client("sns").list_topics()["Topics"]],
        "queue": client("sqs").list_queues().get("QueueUrls", []),
        "pipe": [each["Name"] for each in client("pipes").list_pipes()["Pipes"]],
        "table": client("dynamodb").list_tables()["TableNames"],
        "load balancer": [
            each["LoadBalancerArn"] for each in client("elbv2").describe_load_balancers()["LoadBalancers"]
        ],
        "certificate": [each["CertificateArn"] for each in client("acm").list_certificates()["CertificateSummaryList"]],
        "cluster": [each["ClusterArn"] for each in client("kafka").list_clusters_v2()["ClusterInfoList"]],
        "broker": [each["BrokerId"] for each in client("mq").list_brokers()["BrokerSummaries"]],
        "user pool": [each["Id"] for each in client("cognito-idp").list_user_pools(MaxResults=10)["UserPools"]],
        "vault": [each["BackupVaultName"] for each in client("backup").list_backup_vaults()["BackupVaultList"]],
    }
    return {(kind, name) for kind, names in found.items() for name in names}


def test_it_is_destroyed_to_the_end_and_can_be_planned_again(
    qa: Rehearsal, document: Any, things_before: set[tuple[str, str]]
) -> None:
    """With everything that AWS refuses to delete while something hangs on it."""
    qa.scale(2)
    qa.must("destroy", "-auto-approve", "-input=false", "-parallelism=30", "-refresh=false")
    assert qa.managed() == set()
    assert qa.things() == things_before
    assert qa.plan() == dict.fromkeys(addresses(document), "create")


@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
def test_no_environment_has_a_kind_of_resource_that_is_not_rehearsed(
    synthesized: Mapping[str, Any], document: Any, environment: str
) -> None:
    """So what applies here applies for them; a kind that is new is to be rehearsed first."""
    has = synthesized[environment]
    assert {*has["resource"], *has["data"]} - {*document["resource"], *document["data"]} == set()
