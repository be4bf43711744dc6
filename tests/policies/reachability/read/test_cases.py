"""Whole configurations: who reaches whom, and that nothing unknown in them isolates anybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import pytest

from policies.library.model import Configuration, Resource
from policies.library.values import Unknown, Value
from policies.reachability.analysis import answer
from policies.reachability.read import read
from tests.support.reachability_text import NAMES, assumed, configuration_of, forwards, reached, who_reaches

Place = tuple[str | int, ...]

ELSEWHERE = "what else is attached to it is not known: as if networks that open connections"
"""What is assumed of each transit gateway."""


def test_three_tiers(tmp_path: Path) -> None:
    network = read(configuration_of("three_tiers", tmp_path))
    assert [each for each in reached(network) if not each.startswith("main ->")] == [
        "app -> db: tcp 5432",
        "app -> dynamodb: tcp 80, 443",
        "app -> internet: all traffic",
        "app -> s3: tcp 80, 443",
        "app -> web: tcp 443",
        "internet -> app: tcp 8080",
        "internet -> web: tcp 443",
        "web -> app: tcp 8080",
        "web -> dynamodb: tcp 80, 443",
        "web -> internet: all traffic",
        "web -> s3: tcp 80, 443",
    ]
    assert not network.assumptions


def test_joined_networks(tmp_path: Path) -> None:
    network = read(configuration_of("joined_networks", tmp_path))
    assert reached(network) == [
        "aws_lb.service -> far: tcp 8080",
        "hub -> aws_lb.service: tcp 80",
        "hub -> aws_vpc_endpoint.service: tcp 80",
        "hub -> far: tcp 8080",
        "hub -> spoke: tcp 443",
        "hub -> vpn.office: all traffic",
        "spoke -> far: tcp 8080",
        "spoke -> s3: tcp 443",
        "vpn.office -> hub: tcp 22",
    ]
    assert assumed(network) == [f"aws_ec2_transit_gateway.main: {ELSEWHERE}"]


def test_hub(tmp_path: Path) -> None:
    network = read(configuration_of("hub", tmp_path))
    outwards = ("dynamodb: tcp 80, 443", "internet: all traffic", "s3: tcp 80, 443")
    assert reached(network) == sorted(
        [
            *(f"spoke[{each}] -> {target}" for each in (0, 1) for target in outwards),
            *(f"spoke[{each}] -> {target}: all traffic" for each in (0, 1) for target in ("transit.hub", "vpn.site")),
            *(f"{source} -> spoke[{each}]: tcp 22" for each in (0, 1) for source in ("transit.hub", "vpn.site")),
            "spoke[0] -> spoke[1]: tcp 22",
            "spoke[1] -> spoke[0]: tcp 22",
        ]
    )
    assert assumed(network) == [
        f"aws_ec2_transit_gateway.hub: {ELSEWHERE}",
        "aws_route.middle: vpce-0123456789abcdef0: what is behind it is not looked at: as if it led everywhere",
    ]


def test_load_balancers(tmp_path: Path) -> None:
    network = read(configuration_of("load_balancers", tmp_path))
    assert forwards(network) == [
        "aws_elb.classic tcp 8443 -> aws_instance.server tcp 8444",
        "aws_lb.alb tcp 443 -> aws_autoscaling_group.blue tcp 8080",
        "aws_lb.alb tcp 443 -> aws_ecs_service.green tcp 3000",
        "aws_lb.nlb tcp 443 -> aws_lb.alb tcp 443 kept",
        "aws_lb.nlb tcp 53 -> aws_network_interface.dns tcp 53 kept",
        "aws_lb.nlb tcp 80 -> aws_instance.server tcp 8000 kept",
        "aws_lb.nlb tcp 81 -> aws_instance.server tcp 9001",
        "aws_lb.nlb tcp 82 -> aws_instance.server tcp 8002",
        "aws_lb.nlb udp 53 -> aws_network_interface.dns udp 53 kept",
    ]
    assert reached(network, of="internet") == [
        "internet -> alb: tcp 443",
        "internet -> blue: tcp 8080",
        "internet -> classic: tcp 8443",
        "internet -> green: tcp 3000",
        "internet -> nlb: tcp 53, 80-82, 443",
        "internet -> server: tcp 8000, 8002, 8444, 9001",
    ]
    assert not network.assumptions


def test_estate(tmp_path: Path) -> None:
    network = read(configuration_of("estate", tmp_path))
    assert reached(network, of="internet") == [
        "internet -> api: tcp 443",
        "internet -> aws_eks_cluster.kubernetes/public endpoint: tcp 443",
        "internet -> aws_instance.default: tcp 80",
        "internet -> aws_lb.inside: tcp 443",
        "internet -> kubernetes: tcp 443",
        "internet -> world: tcp 443",
    ]
    assert assumed(network) == [
        "aws_api_gateway_vpc_link.api: what it asks of its callers is not looked at: as if it were open",
        "aws_eks_cluster.kubernetes: what it asks of its callers is not looked at: as if it were open",
        "aws_globalaccelerator_endpoint_group.world: what it asks of its callers is not looked at: as if it were open",
        "aws_redshift_cluster.warehouse: publicly_accessible is not set: true before version 6 of the provider",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_unknown_isolates(name: str, tmp_path: Path) -> None:
    """Whatever one value of a configuration is not known, all who reach somebody still do, on as many ports."""
    configuration = configuration_of(name, tmp_path)
    before = who_reaches(read(configuration))
    assert before
    for place, changed in changes(configuration, [Unknown("var.not_known")]):
        after = read(changed)
        for (source, target), arrived in before.items():
            assert arrived <= answer(after, source, target).arrives, f"{place} unknown isolates {target} from {source}"


@pytest.mark.parametrize("name", NAMES)
def test_odd_values_are_no_errors(name: str, tmp_path: Path) -> None:
    configuration = configuration_of(name, tmp_path)
    for place, changed in changes(configuration, [(Unknown("one of several"),), "odd", 7, {"a": 1}, ("a", {}), None]):
        assert "internet" in read(changed).externals, place


def changes(configuration: Configuration, values: Sequence[Value]) -> Iterator[tuple[str, Configuration]]:
    """The configuration with one value at a time replaced, by some values in turn, and where."""
    turn = cycle(values)
    for address, resource in configuration.resources.items():
        for place in places(resource.attributes):
            attributes = replaced(resource.attributes, place, next(turn))
            assert isinstance(attributes, Mapping)
            changed: Resource = replace(resource, attributes=attributes)
            yield f"{address} {place}", Configuration({**configuration.resources, address: changed})


def places(value: Value, place: Place = ()) -> Iterator[Place]:
    """Where values are in a value, at any depth."""
    inner: list[tuple[str | int, Value]] = []
    if isinstance(value, Mapping):
        inner = list(value.items())
    elif isinstance(value, tuple):
        inner = list(enumerate(value))
    for step, each in inner:
        yield (*place, step)
        yield from places(each, (*place, step))


def replaced(value: Value, place: Place, by: Value) -> Value:
    """A value with what is at a place in it replaced."""
    if not place:
        return by
    step, *rest = place
    if isinstance(value, Mapping):
        return {name: replaced(each, tuple(rest), by) if name == step else each for name, each in value.items()}
    assert isinstance(value, tuple)
    return tuple(replaced(each, tuple(rest), by) if at == step else each for at, each in enumerate(value))
