"""CKV2_MEALS_120: ports of protocols without TLS are closed inside the network too.

Claim C7 is about every channel, not only those from the internet: security groups, private networks and prefix lists as
peers, in both directions. Ports count whose protocol has no TLS there, such as 5672 beside 5671. Where TLS is optional,
as on 5432, a database may well insist on it; servers of one's own, load balancers and endpoints are not told to in
Terraform, so towards them such a port counts as well. Public peers are for CKV2_MEALS_109 and CKV2_MEALS_138.

Port 80 may be open to a load balancer that redirects to HTTPS, and a group may be open to itself for protocols of its
members' own. Neither can be told of a group whose members are not declared here, so there both pass.
"""

from policies.checkov.adapter import CheckovRule
from policies.library import examples
from policies.library.members import members_of
from policies.library.model import Configuration, Resource
from policies.library.plaintext import listing, tls_optional, without_tls
from policies.library.redirects import HTTP, is_redirected
from policies.library.rule import Finding, Findings, nist
from policies.library.security_groups import TYPES, Direction, Permission, permissions
from policies.library.subnets import LOAD_BALANCERS, SERVERS
from policies.library.values import UnknownValue

DIRECTIONS: tuple[tuple[Direction, str], ...] = (("ingress", "from"), ("egress", "to"))


def evaluate(subject: Resource, configuration: Configuration) -> Findings:
    """Findings for each rule with peers that are not public which reaches such a port."""
    for direction, towards in DIRECTIONS:
        for permission in permissions(subject, direction):
            if not permission.has_traffic:
                continue
            traffic = permission.traffic
            ports = without_tls(traffic)
            if direction == "ingress" and is_of_servers(permission, configuration):
                ports = (*ports, *tls_optional(traffic))
            if ports and has_inside_peers(permission) and not is_excused(permission, ports, configuration):
                yield Finding(
                    found=f"{traffic} {towards} inside the network, which reaches {listing(ports)}",
                    allowed="the ports of protocols over TLS, such as 443, 5671, 8883, 9098, 61617",
                )


def is_excused(permission: Permission, ports: tuple[str, ...], configuration: Configuration) -> bool:
    """Whether a rule opens port 80 to a redirect, or may do so or be for members alone, as far as can be told."""
    http = permission.direction == "ingress" and ports == (HTTP,)
    only_itself = permission.is_with_itself and not (permission.cidrs or permission.groups or permission.prefix_lists)
    if not members_of(permission, configuration):
        return http or (only_itself and permission.traffic.is_everything)
    return http and is_redirected(permission, configuration)


def is_of_servers(permission: Permission, configuration: Configuration) -> bool:
    """Whether servers, load balancers or endpoints are in a rule's group."""
    return any(
        member.type in (*SERVERS, *LOAD_BALANCERS, "aws_vpc_endpoint")
        for member in members_of(permission, configuration)
    )


def has_inside_peers(permission: Permission) -> bool:
    """Whether any peer is not public; one that is unknown is taken to be inside, where this port is wrong anyway."""
    if permission.groups or permission.prefix_lists or permission.is_with_itself:
        return True
    try:
        return len(permission.public_networks()) < len(permission.cidrs)
    except UnknownValue:
        return True


RULE = CheckovRule(
    id="CKV2_MEALS_120",
    name="Ports of plaintext protocols are closed inside the network",
    severity="high",
    claim="C7",
    controls=nist("SC-8", "CM-7"),
    fix="Open only the port of the protocol's TLS variant, and narrow rules for all ports to those that are used.",
    good=examples.group_rule("ingress", "amqps", group="broker", peer="servers", port=5671),
    bad=examples.group_rule("ingress", "amqp", group="broker", peer="servers", port=5672),
    applies_to=TYPES,
    evaluate=evaluate,
)
