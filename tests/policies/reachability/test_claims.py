"""The claims hold in every environment, with other settings and any number of replicas, and are about everything."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from envs.load import load
from envs.settings import Settings
from policies.access.claims.models import AccessPart
from policies.access.claims.models import claims as access_claims
from policies.library.model import Configuration
from policies.library.rule import BrokenFinding, Finding, Rule
from policies.library.terraform.load import load_directory
from policies.library.terraform.plan import load_plan
from policies.reachability import traffic
from policies.reachability.claims import load as claims_file
from policies.reachability.claims.construct_paths import Pattern
from policies.reachability.claims.load import claims
from policies.reachability.claims.models import At
from policies.reachability.claims.system import System, is_of_this_toolkit
from policies.reachability.placement import end
from policies.reachability.read import read
from tests.support.convert import as_plan
from tests.support.helpers import Document
from tests.support.reading import load_files
from tests.support.rules import RULES
from tests.support.rules import read as load_document

CLAIMS = {rule.id: rule for rule in RULES.values() if rule.id.startswith("CKV2_MEALS_3")}
ACCESS = [rule for rule in RULES.values() if rule.id.startswith("CKV2_MEALS_4")]
CONNECTOR = {
    "plugin_bucket": "meals-plugins",
    "plugin_key": "datadog.zip",
    "privatelink_service_name": "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0",
}
VPN = {"customer_gateway_ip": "198.51.100.7", "on_premises_cidrs": ["192.168.0.0/16", "172.20.0.0/16"]}


def with_vpn(values: dict[str, Any]) -> None:
    values["network"]["vpn"] = VPN


def with_connector(values: dict[str, Any]) -> None:
    values["streaming"]["metrics_export"]["connector"] = CONNECTOR


def with_active_mq(values: dict[str, Any]) -> None:
    values["broker"] |= {
        "engine": "activemq",
        "deployment_mode": "ACTIVE_STANDBY_MULTI_AZ",
        "instance_type": "mq.m5.large",
    }
    values["release"]["broker_engine_version"] = "5.18"


def with_other_ports(values: dict[str, Any]) -> None:
    values["servers"]["port"] = 9443
    values["event_store"]["port"] = 1113


def with_channels_by_address(values: dict[str, Any]) -> None:
    for channel in values["channels"]:
        if channel["direction"] == "outbound":
            channel["cidrs"] = ["198.51.100.0/24"]


def with_other_addresses(values: dict[str, Any]) -> None:
    values["network"] |= {"vpc_cidr": "172.16.0.0/20", "subnet_prefix_length": 26, "interface_endpoints": ["ssm"]}


def with_further_servers(values: dict[str, Any]) -> None:
    values["servers"]["groups"] = {
        "sample-shop": {"subnets": "public", "path_prefix": "/sample", "rule_number": 1, "modules": ["sample"]},
        "sample-office": {"subnets": "private", "port": 9443, "modules": ["sample"]},
    }


def with_consumers(values: dict[str, Any]) -> None:
    values["streaming"]["topics"]["further"] = ["orders"]
    values["streaming"]["consumers"] = {
        "billing": {"topic": "orders", "to": "sqs"},
        "news": {"topic": "data-reporting", "to": "sns"},
    }


VARIANTS: tuple[Callable[[dict[str, Any]], None], ...] = (
    with_vpn,
    with_connector,
    with_active_mq,
    with_other_ports,
    with_channels_by_address,
    with_other_addresses,
    with_further_servers,
    with_consumers,
)


def synthesized_with(change: Callable[[dict[str, Any]], None], directory: Path) -> Configuration:
    """The production stack with other settings."""
    from main import synthesize

    values = load("prod").model_dump(mode="json")
    change(values)
    synthesize([Settings.model_validate_json(json.dumps(values))], directory)
    configuration, unreadable = load_directory(directory / "stacks" / "prod")
    assert not unreadable
    return configuration


def found(configuration: Configuration, others: Sequence[Rule] = ACCESS) -> list[tuple[str, str, tuple[Finding, ...]]]:
    """What the rules of the claims find: those about connections, and others."""
    return [
        (rule.id, resource.address, findings)
        for rule in (*CLAIMS.values(), *others)
        for resource, findings in rule.judge(configuration)
        if findings
    ]


def system_of(configuration: Configuration) -> System:
    """A configuration with the names of the claims."""
    return System(claims(), configuration, read(configuration))


def test_every_claim_has_a_rule() -> None:
    assert {*claims().claims, "CKV2_MEALS_313"} == set(CLAIMS)


@pytest.mark.parametrize("change", VARIANTS, ids=lambda change: change.__name__)
def test_claims_hold_with_other_settings(change: Callable[[dict[str, Any]], None], tmp_path: Path) -> None:
    assert found(synthesized_with(change, tmp_path)) == []


def test_what_a_further_server_uses_needs_its_name_in_the_claims(tmp_path: Path) -> None:
    def change(values: dict[str, Any]) -> None:
        with_further_servers(values)
        values["servers"]["groups"]["sample-shop"]["uses"] = ["event-store", "images", "notifications", "stream"]
        values["servers"]["groups"]["sample-office"]["clients"] = ["core-server"]

    broken = {rule for rule, _, _ in found(synthesized_with(change, tmp_path))}
    assert broken == {
        *("CKV2_MEALS_305", "CKV2_MEALS_306", "CKV2_MEALS_307", "CKV2_MEALS_309"),
        *("CKV2_MEALS_407", "CKV2_MEALS_409"),
    }


def test_optional_parts_are_there_where_settings_ask_for_them(tmp_path: Path) -> None:
    def both(values: dict[str, Any]) -> None:
        with_vpn(values)
        with_connector(values)
        with_further_servers(values)
        with_consumers(values)
        del values["streaming"]["consumers"]["news"]

    system = system_of(synthesized_with(both, tmp_path))
    # A server of one name is there where somebody's settings have it; these are the tests' own.
    places = {**claims().parts, **claims().outside}
    named = {name for name, place in places.items() if re.match("servers/(public|private)/[^*]", place.path)}
    assert [name for name, keys in system.by_part.items() if not keys and name not in named] == []
    called = {name: end(system.network, *keys).name for name, keys in system.by_part.items() if len(keys) == 1}
    assert (called.pop("further_public"), called.pop("further_private")) == ("sample_shop", "sample_office")
    assert called.pop("consumer_pipes") == "pipe_billing"
    assert called == {name: name for name in called}, "infra reach and the claims call things alike"
    assert system.ports(["event_store", "server", "broker"]) == traffic.tcp(2113) | traffic.tcp(8443) | traffic.tcp(
        5671
    )


@pytest.mark.parametrize("replicas", [1, 2, 3, 10, 40])
def test_claims_hold_for_any_number_of_replicas(replicas: int, tmp_path: Path) -> None:
    def change(values: dict[str, Any]) -> None:
        values["network"]["replicas"] = replicas
        if replicas == 1:  # one zone: what needs two of them is turned down by AWS, and by the settings
            values["broker"]["deployment_mode"] = "SINGLE_INSTANCE"

    configuration = synthesized_with(change, tmp_path)
    assert found(configuration) == []
    assert len(system_of(configuration).network.nodes["aws_autoscaling_group." + _CORE].subnets) == replicas


_CORE = "servers_core-server_scaling-group_6C523D81"


def test_the_claims_are_about_every_pair_of_ends(synthesized: Mapping[str, Document], tmp_path: Path) -> None:
    """What one claim leaves open, another one decides: between any two ends no connection is nobody's business."""
    system = system_of(load_document(synthesized["prod"], tmp_path))
    decided: set[tuple[str, str]] = set()
    for claim in system.claims.claims.values():
        sources, targets = system.keys(claim.over.source), system.keys(claim.over.target)
        decided |= {(source, target) for source in sources for target in targets}
    assert set(system.matrix.answers) <= decided
    nodes, outside = set(system.network.nodes), set(system.network.externals)
    assert {(one, other) for one in nodes | outside for other in nodes} <= decided
    assert {(one, other) for one in nodes for other in outside} <= decided


def test_every_row_of_the_claims_is_about_something(synthesized: Mapping[str, Document], tmp_path: Path) -> None:
    optional = {name for name, place in {**claims().parts, **claims().outside}.items() if place.optional}
    system = system_of(load_document(synthesized["prod"], tmp_path))
    for claim in system.claims.claims.values():
        assert system.keys(claim.over.source)
        assert system.keys(claim.over.target)
        for row in claim.rows:
            names = system.claims.members(*row.source) | system.claims.members(*row.target)
            assert names & optional or (system.keys(row.source) and system.keys(row.target))


def test_a_bootstrap_stack_has_no_network_to_make_claims_about(
    synthesized_bootstrap: Mapping[str, Document], tmp_path: Path
) -> None:
    configuration = load_document(synthesized_bootstrap["prod"], tmp_path)
    assert not is_of_this_toolkit(configuration, claims())
    assert found(configuration) == []


def test_foreign_terraform_is_not_judged(tmp_path: Path) -> None:
    text = """
    resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }
    resource "aws_subnet" "private" {
      vpc_id = aws_vpc.a.id
      cidr_block = "10.0.0.0/24"
      map_public_ip_on_launch = true
    }
    resource "aws_instance" "event_store" { subnet_id = aws_subnet.private.id }
    """
    assert found(load_files(tmp_path, {"main.tf": text})) == []


@pytest.mark.parametrize("applied", [False, True], ids=["first run", "applied"])
def test_plans_are_judged_by_the_names_of_resources(
    applied: bool, synthesized: Mapping[str, Document], tmp_path: Path
) -> None:
    configuration = load_document(synthesized["prod"], tmp_path)
    plan = load_plan(as_plan(configuration, applied=applied), "plan.json")
    assert all(resource.construct_path is None for resource in plan.resources.values())
    assert found(plan, others=()) == []  # ARNs of these plans are not as AWS writes them
    rules = "aws_vpc_security_group_ingress_rule"
    opened = as_plan(configuration, applied=applied)
    for resource in opened["planned_values"]["root_module"]["resources"]:
        if resource["type"] == rules and "core-server_from-public-load" in resource["name"]:
            resource["values"] |= {"cidr_ipv4": "0.0.0.0/0", "from_port": 0, "to_port": 65535}
    assert {rule_id for rule_id, _, _ in found(load_plan(opened, "plan.json"), others=())} >= {
        "CKV2_MEALS_302",
        "CKV2_MEALS_304",
    }


def test_a_pattern_finds_every_resource_by_its_name_alone(synthesized: Mapping[str, Document], tmp_path: Path) -> None:
    """What plans go by is what cdktf makes of construct paths: the same resources are found either way."""
    configuration = load_document(synthesized["prod"], tmp_path)
    plan = load_plan(as_plan(configuration, applied=False), "plan.json")
    for address, resource in configuration.resources.items():
        if resource.construct_path is not None:
            pattern = Pattern(resource.type, resource.construct_path.partition("/")[2])
            assert [each.address for each in plan.of_type(resource.type) if pattern.matches(each)] == [address]


def test_a_plan_has_at_each_place_of_the_claims_what_its_terraform_has(tmp_path: Path) -> None:
    """Also where a name lacks steps: `servers_public_sample-shop-server_scaling-group_...` is that of its `group`."""

    def grown(values: dict[str, Any]) -> None:
        with_further_servers(values)
        with_consumers(values)

    configuration = synthesized_with(grown, tmp_path)
    plan = load_plan(as_plan(configuration, applied=False), "plan.json")
    network, access = claims(), access_claims()
    places: list[At | AccessPart] = [
        *network.parts.values(),
        *network.outside.values(),
        *access.callers.values(),
        *access.things.values(),
    ]
    assert any("*" in place.path for place in places)
    for place in places:
        in_terraform, in_plan = (
            {resource.address for resource in each.of_type(place.type) if place.pattern.matches(resource)}
            for each in (configuration, plan)
        )
        assert in_terraform == in_plan, place.path


def test_a_pattern_does_not_find_what_only_reads_alike(tmp_path: Path) -> None:
    names = ("messaging_broker", "messaging_broker_00000000", "messaging_broker_F6BDD6B2")
    text = "".join(f'resource "aws_mq_broker" "{name}" {{ broker_name = "a" }}\n' for name in names)
    configuration = load_files(tmp_path, {"main.tf": text})
    pattern = Pattern("aws_mq_broker", "messaging/broker")
    assert [each.name for each in configuration.of_type("aws_mq_broker") if pattern.matches(each)] == [names[-1]]


@pytest.mark.parametrize("part", sorted(name for name, place in claims().parts.items() if not place.optional))
def test_a_part_that_moves_is_missed(part: str, synthesized: Mapping[str, Document], tmp_path: Path) -> None:
    document = json.loads(json.dumps(synthesized["prod"]))
    pattern = claims().parts[part].pattern
    for resource in load_document(document, tmp_path).of_type(pattern.type):
        if pattern.matches(resource):
            metadata = document["resource"][pattern.type][resource.name]["//"]["metadata"]
            metadata["path"] = f"prod/elsewhere/{resource.name}"
    said = [finding.found for _, _, findings in found(load_document(document, tmp_path)) for finding in findings]
    assert any(text.startswith(f"there is no {part}:") for text in said)


def test_a_port_that_is_not_told_is_a_finding(synthesized: Mapping[str, Document], tmp_path: Path) -> None:
    document = json.loads(json.dumps(synthesized["prod"]))
    (broker,) = document["resource"]["aws_mq_broker"].values()
    broker["engine_type"] = "Artemis"
    said = {rule_id: findings for rule_id, _, findings in found(load_document(document, tmp_path))}
    (finding,) = said["CKV2_MEALS_308"]
    assert finding.found.endswith("engine_type is 'Artemis', which tells no port broker")


def test_claims_that_cannot_be_read_fail_every_resource(
    synthesized: Mapping[str, Document], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "claims.yaml"
    file.write_text("parts: {}\nclaim: {}\n")
    monkeypatch.setattr(claims_file, "FILE", file)
    claims.cache_clear()
    try:
        configuration = load_document(synthesized["prod"], tmp_path)
        judged = list(CLAIMS["CKV2_MEALS_308"].judge(configuration))
        assert len(judged) == 2
        for _, findings in judged:
            assert isinstance(findings[0], BrokenFinding)
            assert "policies/claims.yaml:2:1: claim: received an unknown key" in findings[0].found
    finally:
        claims.cache_clear()


def test_a_finding_tells_the_way_and_the_rules(synthesized: Mapping[str, Document], tmp_path: Path) -> None:
    document = json.loads(json.dumps(synthesized["prod"]))
    for rule in document["resource"]["aws_vpc_security_group_ingress_rule"].values():
        if rule["//"]["metadata"]["path"].endswith("core-server/from-public-load-balancer-8443"):
            del rule["referenced_security_group_id"]
            rule |= {"cidr_ipv4": "0.0.0.0/0", "from_port": 9443, "to_port": 9443}
    said = {rule_id: findings for rule_id, _, findings in found(load_document(document, tmp_path))}
    text = said["CKV2_MEALS_302"][0].found
    assert text.startswith("internet can open tcp 9443 to core: internet 203.0.113.10 -> core 10.0.1.4, tcp 9443: ")
    assert "network ACL meals-prod-public, inbound (" in text
    assert "security groups meals-prod-core-server, inbound (tcp 9443 from 0.0.0.0/0)" in text
