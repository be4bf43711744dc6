"""Every way in which one line of synthesized Terraform can let more through, made from the Terraform itself.

A loosening changes one route, network ACL entry, security-group rule, public address, listener or placement. What is
generated here is complete by construction: it goes through the resources that are there, not through a list.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.helpers import Document, Resource, resources

INGRESS = "aws_vpc_security_group_ingress_rule"
EGRESS = "aws_vpc_security_group_egress_rule"
EVERYBODY = "0.0.0.0/0"
_PEERS = ("referenced_security_group_id", "prefix_list_id", "cidr_ipv4")


@dataclass(frozen=True)
class Loosening:
    """One change, and the document after it."""

    kind: str
    """What was loosened, in a word."""
    path: str
    """The construct path of the resource below the stack."""
    change: str
    document: Document

    @property
    def name(self) -> str:
        """How tests call it."""
        return f"{self.kind} {self.path}: {self.change}"


def loosenings(document: Document) -> Iterator[Loosening]:
    """All loosenings of a stack's network. What is as loose already is none."""
    for part in (_security_group_rules, _network_acls, _route_tables, _addresses, _placements, _load_balancers):
        yield from (each for each in part(document) if each.document["resource"] != document["resource"])


def _security_group_rules(document: Document) -> Iterator[Loosening]:
    for type_ in (INGRESS, EGRESS):
        for each in resources(document, type_):
            everybody = {**dict.fromkeys(_PEERS), "cidr_ipv4": EVERYBODY}
            every_port = {"from_port": 0, "to_port": 65535}
            everything = {"ip_protocol": "-1", "from_port": None, "to_port": None}
            yield _changed(document, each, "from and to everybody", everybody)
            yield _changed(document, each, "every port", every_port)
            yield _changed(document, each, "every protocol", everything)
            yield _changed(document, each, "everything, everybody", {**everybody, **everything})
    for each in resources(document, "aws_security_group"):
        for type_ in (INGRESS, EGRESS):
            rule: dict[str, Any] = {"security_group_id": _id(each), "cidr_ipv4": EVERYBODY, "ip_protocol": "-1"}
            yield _added(document, each, f"a new {type_.split('_')[-2]} rule for everything", type_=type_, body=rule)
    for each in resources(document, "aws_default_security_group"):
        open_to_all: dict[str, Any] = {"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": [EVERYBODY]}
        yield _changed(document, each, "everything", {"ingress": [open_to_all], "egress": [open_to_all]})


def _network_acls(document: Document) -> Iterator[Loosening]:
    for each in resources(document, "aws_network_acl_rule"):
        yield _changed(document, each, "from and to everybody", {"cidr_block": EVERYBODY})
        yield _changed(document, each, "every port", {"from_port": 0, "to_port": 65535})
        yield _changed(document, each, "every protocol", {"protocol": "-1", "from_port": 0, "to_port": 0})
    for each in resources(document, "aws_network_acl"):
        for egress in (False, True):
            entry = {
                "network_acl_id": _id(each),
                "egress": egress,
                "rule_number": 1,
                "rule_action": "allow",
                "protocol": "-1",
                "cidr_block": EVERYBODY,
            }
            direction = "out" if egress else "in"
            yield _added(document, each, f"everything {direction}", type_="aws_network_acl_rule", body=entry)
    for each in resources(document, "aws_default_network_acl"):
        entry = {"rule_no": 1, "action": "allow", "protocol": "-1", "from_port": 0, "to_port": 0}
        rules = [{**entry, "cidr_block": EVERYBODY}]
        yield _changed(document, each, "everything", {"ingress": rules, "egress": rules})
    yield from _swapped(document, "aws_network_acl_association", "network_acl_id", "aws_network_acl")


def _route_tables(document: Document) -> Iterator[Loosening]:
    (gateway,) = resources(document, "aws_internet_gateway")
    (subnet, *_) = [each for each in resources(document, "aws_subnet") if each.path.endswith("public-subnet")]
    (vpc,) = resources(document, "aws_vpc")
    for each in resources(document, "aws_route_table"):
        route = {"route_table_id": _id(each), "destination_cidr_block": EVERYBODY}
        yield _added(
            document, each, "a route to the internet", type_="aws_route", body={**route, "gateway_id": _id(gateway)}
        )
        through = _added(
            document,
            each,
            "a route to a NAT gateway",
            type_="aws_route",
            body={**route, "nat_gateway_id": "${aws_nat_gateway.loosened.id}"},
        )
        nat = {"subnet_id": _id(subnet), "allocation_id": "${aws_eip.loosened.id}"}
        _put(through.document, "aws_nat_gateway", nat)
        _put(through.document, "aws_eip", {"domain": "vpc"})
        yield through
        peering = _added(
            document,
            each,
            "a route to a peer",
            type_="aws_route",
            body={**route, "vpc_peering_connection_id": "${aws_vpc_peering_connection.loosened.id}"},
        )
        _put(peering.document, "aws_vpc_peering_connection", {"vpc_id": _id(vpc), "peer_vpc_id": "vpc-0123"})
        yield peering
    for each in resources(document, "aws_default_route_table"):
        own = {"route": [{"cidr_block": EVERYBODY, "gateway_id": _id(gateway)}]}
        yield _changed(document, each, "a route to the internet", own)
    yield from _swapped(document, "aws_route_table_association", "route_table_id", "aws_route_table")


def _addresses(document: Document) -> Iterator[Loosening]:
    for each in resources(document, "aws_subnet"):
        yield _changed(document, each, "public addresses", {"map_public_ip_on_launch": True})
    for each in resources(document, "aws_launch_template"):
        (interface,) = each.body["network_interfaces"]
        if interface["associate_public_ip_address"] == "false":
            public = [{**interface, "associate_public_ip_address": "true"}]
            yield _changed(document, each, "a public address", {"network_interfaces": public})
    for each in resources(document, "aws_lb"):
        if each.body["internal"]:
            yield _changed(document, each, "public addresses", {"internal": False})
    for each in resources(document, "aws_mq_broker"):
        yield _changed(document, each, "public addresses", {"publicly_accessible": True})
    for each in resources(document, "aws_msk_cluster"):
        nodes = copy.deepcopy(each.body["broker_node_group_info"])
        nodes["connectivity_info"]["public_access"]["type"] = "SERVICE_PROVIDED_EIPS"
        yield _changed(document, each, "public addresses", {"broker_node_group_info": nodes})


def _placements(document: Document) -> Iterator[Loosening]:
    public = [_id(each) for each in resources(document, "aws_subnet") if each.path.endswith("public-subnet")]
    for type_, name in (
        ("aws_autoscaling_group", "vpc_zone_identifier"),
        ("aws_lb", "subnets"),
        ("aws_mq_broker", "subnet_ids"),
        ("aws_vpc_endpoint", "subnet_ids"),
    ):
        for each in resources(document, type_):
            now = each.body.get(name)
            if now and not set(now) & set(public):
                yield _changed(document, each, "in public subnets", {name: public[: len(now)]})
    for each in resources(document, "aws_msk_cluster"):
        nodes = copy.deepcopy(each.body["broker_node_group_info"])
        nodes["client_subnets"] = public[: len(nodes["client_subnets"])]
        yield _changed(document, each, "in public subnets", {"broker_node_group_info": nodes})


def _load_balancers(document: Document) -> Iterator[Loosening]:
    groups = resources(document, "aws_lb_target_group")
    for each in resources(document, "aws_lb"):
        for group in groups:
            listener = {"load_balancer_arn": _id(each, "arn"), "port": 8080, "protocol": "HTTP"}
            listener["default_action"] = [{"type": "forward", "target_group_arn": _id(group, "arn")}]
            yield _added(document, each, f"a listener for {group.path}", type_="aws_lb_listener", body=listener)
    for each in resources(document, "aws_lb_listener"):
        for group in groups:
            forward = [{"type": "forward", "target_group_arn": _id(group, "arn")}]
            if each.body["default_action"] != forward:
                yield _changed(document, each, f"forwards to {group.path}", {"default_action": forward})
            rule = {
                "listener_arn": _id(each, "arn"),
                "action": forward,
                "condition": [{"path_pattern": {"values": ["/*"]}}],
            }
            yield _added(document, each, f"a rule for {group.path}", type_="aws_lb_listener_rule", body=rule)
        yield _changed(document, each, "on port 8080", {"port": 8080})


def _swapped(document: Document, type_: str, name: str, of: str) -> Iterator[Loosening]:
    """Each association with another of what it could be associated with."""
    for each in resources(document, type_):
        for other in resources(document, of):
            if each.body[name] != _id(other):
                yield _changed(document, each, f"with {other.path}", {name: _id(other)})


def _changed(document: Document, resource: Resource, change: str, attributes: Mapping[str, Any]) -> Loosening:
    """A document in which attributes of one resource are others; None removes one."""
    kept = {name: value for name, value in resource.body.items() if attributes.get(name, value) is not None}
    body = kept | {name: value for name, value in attributes.items() if value is not None}
    return Loosening(resource.type, resource.path, change, _with(document, resource.type, resource.name, body))


def _added(document: Document, beside: Resource, change: str, type_: str, body: Mapping[str, Any]) -> Loosening:
    """A document with one more resource."""
    return Loosening(beside.type, beside.path, change, _with(document, type_, "loosened", body))


def _with(document: Document, type_: str, name: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """A document with a resource put in place; everything else is shared."""
    every = document["resource"]
    return {**document, "resource": {**every, type_: {**every.get(type_, {}), name: dict(body)}}}


def _put(document: Document, type_: str, body: Mapping[str, Any]) -> None:
    """Add a resource to a document that `_with` made."""
    document["resource"].setdefault(type_, {})["loosened"] = dict(body)


def _id(resource: Resource, attribute: str = "id") -> str:
    return f"${{{resource.address}.{attribute}}}"
