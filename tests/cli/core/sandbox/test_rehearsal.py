"""dev with all that settings can ask for, applied to the sandbox by terraform with the real AWS provider, then scaled.

The tests of this file are one story: each continues where the one before it ends.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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
            {"platform": "APNS", "credential_secret_name": "meals/dev/apns"},
            {"platform": "GCM", "credential_secret_name": "meals/dev/gcm"},
        ),
    },
}
"""What dev does not ask for."""

CONNECTOR = {
    "plugin_bucket": "plugins-111111111111",
    "plugin_key": "datadog.zip",
    "privatelink_service_name": "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0",
}
"""The MSK Connect connector, which dev does not ask for either."""

GROUPS = {
    "shop": {"subnets": "public", "path_prefix": "/shop", "rule_number": 1, "modules": ["shop"], "uses": ["stream"]},
    "office": {"subnets": "private", "port": 9443, "modules": ["office"], "clients": ["core-server", "shop-server"]},
}
CONSUMERS = {name: {"topic": "orders", "to": name} for name in ("sqs", "sns", "shop-server")}
"""Further servers, and further consumers of the stream."""

HARMLESS = {"no-op", "read", "create", "update"}
"""Actions of a plan that destroy nothing."""


@dataclass
class Rehearsal:
    """dev in a sandbox, and terraform to run on it."""

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
        assert done.returncode == 0, done.stderr
        return done.stdout

    def scale(self, replicas: int) -> None:
        """Put dev with this number of subnet replicas where terraform runs."""
        self.sandbox.stack(synthesize(self.synthesized, replicas))

    def plan(self, *arguments: str) -> Mapping[str, set[str]]:
        """Plan; the actions of each resource that is not left as it is. The plan is kept as plan.bin."""
        self.must("plan", "-input=false", "-out=plan.bin", *arguments)
        changes = json.loads(self.must("show", "-json", "plan.bin"))["resource_changes"]
        actions = {each["address"]: set(each["change"]["actions"]) for each in changes if each["mode"] == "managed"}
        return {address: what for address, what in actions.items() if what != {"no-op"}}

    def managed(self) -> set[str]:
        """Addresses of the resources in the state."""
        return {line for line in self.must("state", "list").splitlines() if not line.startswith("data.")}


def synthesize(directory: Path, replicas: int = 2) -> Path:
    """The directory of the stack dev with everything that settings can ask for."""
    from main import synthesize

    values = load("dev").model_dump()
    for part, options in OPTIONS.items():
        values[part] |= options
    values["streaming"]["metrics_export"]["connector"] = CONNECTOR
    values["servers"]["groups"] = GROUPS
    values["streaming"]["topics"]["further"] = ["orders"]
    values["streaming"]["consumers"] = CONSUMERS
    values["network"]["replicas"] = replicas
    values["streaming"]["cluster"]["brokers"] = 4  # AWS names three, others at each call
    synthesize([Settings.model_validate(values)], directory / str(replicas))
    return directory / str(replicas) / "stacks" / "dev"


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The Terraform that is rehearsed."""
    return json.loads((synthesize(tmp_path_factory.mktemp("document")) / "cdk.tf.json").read_bytes())


@pytest.fixture(scope="module")
def dev(terraform: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    """dev, planned for the first time; without a provider the tests are skipped."""
    state_directory = StateDirectory(tmp_path_factory.mktemp("rehearsal") / "dev")
    record = process.up(state_directory, load("dev").account_id)
    try:
        sandbox = Sandbox("dev", state_directory, record, variables(record.endpoint, os.environ))
        synthesized = tmp_path_factory.mktemp("synthesized")
        made = Rehearsal(
            terraform,
            sandbox,
            directory=sandbox.stack(synthesize(synthesized)),
            synthesized=synthesized,
            log=state_directory.directory / "provider.log",
        )
        done = made.run("init", "-input=false")
        if "provider" in done.stderr:
            without("terraform", f"terraform has no AWS provider: {done.stderr.strip()}")
        assert done.returncode == 0, done.stderr
        yield made
    finally:
        process.reset(state_directory)


def addresses(document: Mapping[str, Any]) -> set[str]:
    """Addresses of the resources of a stack."""
    return {f"{kind}.{name}" for kind, named in document["resource"].items() for name in named}


def test_every_resource_plans_and_applies(dev: Rehearsal, document: Any) -> None:
    planned = dev.plan()
    assert planned == {address: {"create"} for address in addresses(document)}
    dev.must("apply", "-input=false", "-parallelism=30", "plan.bin")
    assert dev.managed() == addresses(document)
    assert provider_version(dev.sandbox.state_directory) is not None


def test_a_second_plan_shows_no_changes_also_after_a_stop(dev: Rehearsal) -> None:
    process.down(dev.sandbox.state_directory)
    again = process.up(dev.sandbox.state_directory, load("dev").account_id)
    assert again.endpoint == dev.sandbox.endpoint
    assert dev.plan() == {}


def test_another_account_is_refused(dev: Rehearsal) -> None:
    """`allowed_account_ids` is in force: what the sandbox's STS says is not what the stack was made for."""
    (override,) = dev.directory.glob("zz_*")
    wrong = json.loads(override.read_bytes())
    wrong["provider"]["aws"][0]["allowed_account_ids"] = ["222222222222"]
    kept = override.read_bytes()
    override.write_text(json.dumps(wrong))
    done = dev.run("plan", "-input=false")
    override.write_bytes(kept)
    assert done.returncode == 1
    assert "AWS account ID not allowed: 111111111111" in done.stderr


def test_ten_replicas_destroy_nothing(dev: Rehearsal) -> None:
    dev.scale(10)
    planned = dev.plan("-refresh=false")
    assert set().union(*planned.values()) <= HARMLESS
    assert {"create"} in planned.values()


def test_a_third_replica_only_adds_and_its_removal_only_removes_it(dev: Rehearsal) -> None:
    before = dev.managed()
    dev.scale(3)
    up = dev.plan("-refresh=false")
    assert set().union(*up.values()) <= HARMLESS
    added = {address for address, actions in up.items() if "create" in actions}
    assert added
    dev.must("apply", "-input=false", "-parallelism=30", "plan.bin")
    assert dev.managed() == before | added

    dev.scale(2)
    down = dev.plan("-refresh=false")
    assert {address for address, actions in down.items() if "delete" in actions} == added
    assert all(actions == {"delete"} for address, actions in down.items() if address in added)
    dev.must("apply", "-input=false", "-parallelism=30", "plan.bin")
    assert dev.managed() == before


def test_the_table_of_permissions_has_every_operation_that_was_called(dev: Rehearsal) -> None:
    """What is missing belongs in tests/modules/delivery/permissions.yaml."""
    with dev.log.open(errors="replace") as lines:
        called = operations(lines)
    assert len(called) > 90
    assert table().lacks(called) == {}


def left_behind(client: Client) -> set[str]:
    """What is in the sandbox and not in a new account, by what it is: but for what AWS shows for a while after the end
    (instances and endpoints that are gone, keys that are about to go) and for the content of the bootstrap stack."""
    ec2, kms = client("ec2"), client("kms")
    (default,) = (each["VpcId"] for each in ec2.describe_vpcs()["Vpcs"])
    of_vpc = {
        "subnet": ec2.describe_subnets()["Subnets"],
        "interface": ec2.describe_network_interfaces()["NetworkInterfaces"],
        "network ACL": ec2.describe_network_acls()["NetworkAcls"],
        "route table": ec2.describe_route_tables()["RouteTables"],
        "security group": ec2.describe_security_groups()["SecurityGroups"],
    }
    found = {kind for kind, items in of_vpc.items() if any(each["VpcId"] != default for each in items)}
    instances = [each for group in ec2.describe_instances()["Reservations"] for each in group["Instances"]]
    endpoints = ec2.describe_vpc_endpoints()["VpcEndpoints"]
    found |= {"instance" for each in instances if each["State"]["Name"] != "terminated"}
    found |= {"endpoint" for each in endpoints if each["State"] != "deleted"}
    seeded = {each.get("TargetKeyId") for each in kms.list_aliases()["Aliases"]}
    keys = {each["KeyId"] for each in kms.list_keys()["Keys"]} - seeded
    found |= {"key" for key in keys if kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] != "PendingDeletion"}
    rest = {
        "role": client("iam").list_roles()["Roles"],
        "log group": client("logs").describe_log_groups()["logGroups"],
        "topic": client("sns").list_topics()["Topics"],
        "queue": client("sqs").list_queues().get("QueueUrls", []),
        "table": client("dynamodb").list_tables()["TableNames"],
        "load balancer": client("elbv2").describe_load_balancers()["LoadBalancers"],
        "certificate": client("acm").list_certificates()["CertificateSummaryList"],
        "cluster": client("kafka").list_clusters_v2()["ClusterInfoList"],
        "broker": client("mq").list_brokers()["BrokerSummaries"],
        "user pool": client("cognito-idp").list_user_pools(MaxResults=10)["UserPools"],
        "vault": client("backup").list_backup_vaults()["BackupVaultList"],
    }
    return found | {kind for kind, items in rest.items() if items}


def test_it_is_destroyed_to_the_end_and_can_be_planned_again(dev: Rehearsal, document: Any) -> None:
    """With everything that AWS refuses to delete while something hangs on it."""
    dev.scale(2)
    dev.must("destroy", "-auto-approve", "-input=false", "-parallelism=30", "-refresh=false")
    assert dev.managed() == set()
    assert left_behind(lambda service: client_of(dev.sandbox.record, service)) == set()
    assert dev.plan() == {address: {"create"} for address in addresses(document)}


@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
def test_no_environment_has_a_kind_of_resource_that_is_not_rehearsed(
    synthesized: Mapping[str, Any], document: Any, environment: str
) -> None:
    """So what applies here applies for them; a kind that is new is to be rehearsed first."""
    has = synthesized[environment]
    assert {*has["resource"], *has["data"]} - {*document["resource"], *document["data"]} == set()
