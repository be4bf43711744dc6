"""What AWS has on a resource and no resource of the state explains: somebody else's rule, policy, route or grant.

The provider reads back at a parent what its children created: at a security group all of its rules. What has no child
there was added outside of Terraform. terraform leaves it alone, and writes it into the state with the next apply, from
when on it is no change any more. So the state as it was refreshed is looked at, and not what differs from before.

Source: AWS provider, the attributes of each parent that are "Computed" and described as read back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from cli.core.base.addresses import declared, module_resources
from cli.core.plans.model import Attribute, Value
from cli.core.plans.values import NOTHING

State: TypeAlias = Mapping[str, Any]
"""A resource of a state, as terraform shows it: `address`, `type`, `values`."""
Entry: TypeAlias = tuple[str, ...]
"""One thing that a parent reads back, or that a child makes, so that both can be compared."""

_PROTOCOLS = {"icmp": "1", "tcp": "6", "udp": "17", "icmpv6": "58", "all": "-1"}
_NAMES = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}
_TARGETS = (
    "carrier_gateway_id",
    "core_network_arn",
    "egress_only_gateway_id",
    "gateway_id",
    "local_gateway_id",
    "nat_gateway_id",
    "network_interface_id",
    "transit_gateway_id",
    "vpc_endpoint_id",
    "vpc_peering_connection_id",
)


def foreign(
    plan: Mapping[str, Any], written: Mapping[str, frozenset[str]], imported: Mapping[str, State] | None = None
) -> Mapping[str, tuple[Attribute, ...]]:
    """What is foreign in the refreshed state of a plan: by address, the attributes that show it, in words.

    Attributes in ``written``, the arguments that the Terraform sets by address, are compared by terraform itself.
    ``imported`` explain what parents read back too: they are in AWS, and will be in the state.
    """
    found = {}
    resources = {**(imported or {}), **managed(plan)}.values()
    for resource in managed(plan).values():
        attributes = tuple(
            Attribute(name, NOTHING, Value(text))
            for name, read_back in _PARENTS.get(resource["type"], {}).items()
            if name not in written.get(declared(resource["address"]), frozenset())
            for text in sorted(read_back(resource, resources))
        )
        if attributes:
            found[resource["address"]] = attributes
    return found


def managed(plan: Mapping[str, Any]) -> dict[str, State]:
    """The managed resources of a plan's refreshed state, by address."""
    root = ((plan.get("prior_state") or {}).get("values") or {}).get("root_module") or {}
    return {resource["address"]: resource for resource in module_resources(root) if resource.get("mode") == "managed"}


def _rules(direction: str) -> Callable[[State, Iterable[State]], Iterator[str]]:
    """The rules of a security group in one direction."""

    def found(group: State, resources: Iterable[State]) -> Iterator[str]:
        own = str(group["values"]["id"])
        known = set()
        for child in resources:
            values = child["values"]
            if values.get("security_group_id") != own:
                continue
            if child["type"] == f"aws_vpc_security_group_{direction}_rule":
                known.add(_rule(values, values["ip_protocol"], _referenced(values, own)))
            elif child["type"] == "aws_security_group_rule" and values["type"] == direction:
                known |= {_rule(values, values["protocol"], peer) for peer in _peers(values, own)}
        for block in group["values"].get(direction) or ():
            for peer in _peers(block, own):
                entry = _rule(block, block["protocol"], peer)
                if entry not in known:
                    protocol, ports, _ = entry
                    yield f"{_traffic(protocol, ports)} {'from' if direction == 'ingress' else 'to'} {peer}"

    return found


def _rule(values: Mapping[str, Any], protocol: str, peer: str) -> Entry:
    number = _PROTOCOLS.get(str(protocol).lower(), str(protocol))
    ports = "" if number == "-1" else f"{values.get('from_port')}-{values.get('to_port')}"
    return number, ports, peer


def _peers(values: Mapping[str, Any], own: str) -> Iterator[str]:
    """The peers of a rule: networks, prefix lists, groups, the group itself."""
    for name in ("cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups"):
        yield from values.get(name) or ()
    if values.get("source_security_group_id"):
        yield values["source_security_group_id"]
    if values.get("self"):
        yield own


def _referenced(values: Mapping[str, Any], own: str) -> str:
    names = ("cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id")
    return next((str(values[name]) for name in names if values.get(name)), own)


def _traffic(protocol: str, ports: str) -> str:
    if protocol == "-1":
        return "everything"
    first, _, last = ports.partition("-")
    return f"{_NAMES.get(protocol, f'protocol {protocol}')} {first if first == last else ports}"


def _entries(direction: str) -> Callable[[State, Iterable[State]], Iterator[str]]:
    """The entries of a network ACL in one direction."""

    def found(acl: State, resources: Iterable[State]) -> Iterator[str]:
        known = {
            _entry(child["values"], "rule_number", "rule_action")
            for child in resources
            if child["type"] == "aws_network_acl_rule"
            and child["values"].get("network_acl_id") == acl["values"]["id"]
            and bool(child["values"].get("egress")) is (direction == "egress")
        }
        for block in acl["values"].get(direction) or ():
            entry = _entry(block, "rule_no", "action")
            if entry not in known:
                number, action, protocol, ports, network = entry
                yield f"{number}: {action} {_traffic(protocol, ports)} {network}"

    return found


def _entry(values: Mapping[str, Any], number: str, action: str) -> Entry:
    protocol, ports, network = _rule(values, values["protocol"], values.get("cidr_block") or values["ipv6_cidr_block"])
    return str(values[number]), str(values[action]).lower(), protocol, ports, network


def _routes(table: State, resources: Iterable[State]) -> Iterator[str]:
    known = {
        _route(child["values"], "destination_")
        for child in resources
        if child["type"] == "aws_route" and child["values"].get("route_table_id") == table["values"]["id"]
    }
    for block in table["values"].get("route") or ():
        if (entry := _route(block, "")) not in known:
            yield " -> ".join(entry)


def _route(values: Mapping[str, Any], prefix: str) -> Entry:
    networks = (f"{prefix}cidr_block", f"{prefix}ipv6_cidr_block", "destination_prefix_list_id")
    network = next((str(values[name]) for name in networks if values.get(name)), "")
    return network, next((str(values[name]) for name in _TARGETS if values.get(name)), "nothing")


def _managed_policies(role: State, resources: Iterable[State]) -> Iterator[str]:
    known = {
        child["values"]["policy_arn"]
        for child in resources
        if (child["type"] == "aws_iam_role_policy_attachment" and child["values"].get("role") == role["values"]["name"])
        or (child["type"] == "aws_iam_policy_attachment" and role["values"]["name"] in (child["values"]["roles"] or ()))
    }
    yield from set(role["values"].get("managed_policy_arns") or ()) - known


def _inline_policies(role: State, resources: Iterable[State]) -> Iterator[str]:
    known = {
        child["values"]["name"]
        for child in resources
        if child["type"] == "aws_iam_role_policy" and child["values"].get("role") == role["values"]["name"]
    }
    for block in role["values"].get("inline_policy") or ():
        if block.get("name") and block["name"] not in known:
            yield f"{block['name']}: {block.get('policy')}"


def _of_bucket(type_: str, bucket: State, resources: Iterable[State]) -> bool:
    """Whether a child of a type belongs to a bucket."""
    return any(each["type"] == type_ and each["values"].get("bucket") == bucket["values"]["id"] for each in resources)


def _grants(bucket: State, resources: Iterable[State]) -> Iterator[str]:
    """Grants to groups, and to more accounts than the owner, of whom each bucket has a grant."""
    if _of_bucket("aws_s3_bucket_acl", bucket, resources):
        return
    grants = bucket["values"].get("grant") or ()
    accounts = sorted({grant["id"] for grant in grants if grant.get("id")})
    for grant in grants:
        grantee = grant.get("uri") or (grant.get("id") if len(accounts) > 1 else "")
        if grantee:
            yield f"{', '.join(sorted(grant['permissions']))} to {grantee}"


def _policy(type_: str, parent: str) -> Callable[[State, Iterable[State]], Iterator[str]]:
    """A policy that stands on a resource without the resource of a type that makes it."""

    def found(resource: State, resources: Iterable[State]) -> Iterator[str]:
        identities = {resource["values"].get("id"), resource["values"].get("arn")}
        is_made = any(each["type"] == type_ and each["values"].get(parent) in identities for each in resources)
        if resource["values"].get("policy") and not is_made:
            yield str(resource["values"]["policy"])

    return found


def _website(bucket: State, resources: Iterable[State]) -> Iterator[str]:
    if bucket["values"].get("website") and not _of_bucket("aws_s3_bucket_website_configuration", bucket, resources):
        yield "is a website"


def _replication(bucket: State, resources: Iterable[State]) -> Iterator[str]:
    """Where a bucket's new objects are copied to."""
    if _of_bucket("aws_s3_bucket_replication_configuration", bucket, resources):
        return
    for configuration in bucket["values"].get("replication_configuration") or ():
        for rule in configuration.get("rules") or ():
            for destination in rule.get("destination") or ():
                yield f"new objects to {destination.get('bucket')}"


def _replicas(name: str) -> Callable[[State, Iterable[State]], Iterator[str]]:
    """Other regions to which a table or a secret is copied."""

    def found(resource: State, resources: Iterable[State]) -> Iterator[str]:
        made = {
            each["values"].get("global_table_arn") for each in resources if each["type"] == "aws_dynamodb_table_replica"
        }
        if resource["values"].get("arn") not in made:
            yield from (f"in {block.get(name)}" for block in resource["values"].get("replica") or ())

    return found


_PARENTS: Mapping[str, Mapping[str, Callable[[State, Iterable[State]], Iterator[str]]]] = {
    "aws_default_network_acl": {"egress": _entries("egress"), "ingress": _entries("ingress")},
    "aws_default_route_table": {"route": _routes},
    "aws_default_security_group": {"egress": _rules("egress"), "ingress": _rules("ingress")},
    "aws_dynamodb_table": {"replica": _replicas("region_name")},
    "aws_iam_role": {"inline_policy": _inline_policies, "managed_policy_arns": _managed_policies},
    "aws_network_acl": {"egress": _entries("egress"), "ingress": _entries("ingress")},
    "aws_route_table": {"route": _routes},
    "aws_s3_bucket": {
        "grant": _grants,
        "policy": _policy("aws_s3_bucket_policy", "bucket"),
        "replication_configuration": _replication,
        "website": _website,
    },
    "aws_secretsmanager_secret": {
        "policy": _policy("aws_secretsmanager_secret_policy", "secret_arn"),
        "replica": _replicas("region"),
    },
    "aws_security_group": {"egress": _rules("egress"), "ingress": _rules("ingress")},
    "aws_sqs_queue": {"policy": _policy("aws_sqs_queue_policy", "queue_url")},
}
"""What parents read back and who may do what by it: by type and attribute, what no child explains."""
