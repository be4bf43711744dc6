"""CKV2_MEALS_201: no route of a private route table leaves the VPC, except to a virtual private gateway.

A private route table may lead to the VPC itself, its endpoints and a VPN (claim C3). A table is private if it or one of
its subnets says so, see `policies.library.routing`. Both inline routes and aws_route are judged, at the resource that
declares the route. A NAT gateway and an egress-only gateway let nobody in, and many call private what has a route to
one (VPC user guide, "NAT gateways"): such a route is less severe.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.routing import TABLES, Route, inline_routes, is_in_table, is_private, says_private
from policies.library.rule import Finding, Findings, Severity, nist
from policies.library.values import Unknown, Value, references

OUTWARD = {
    "carrier_gateway_id": "a carrier gateway",
    "core_network_arn": "a core network",
    "egress_only_gateway_id": "an egress-only internet gateway",
    "instance_id": "an instance that forwards",
    "local_gateway_id": "a local gateway",
    "nat_gateway_id": "a NAT gateway",
    "network_interface_id": "a network interface that forwards",
    "transit_gateway_id": "a transit gateway",
    "vpc_peering_connection_id": "a VPC peering connection",
}
INWARD_TYPES = {"aws_vpn_gateway", "data.aws_vpn_gateway", "aws_vpc_endpoint", "data.aws_vpc_endpoint"}
INWARD_IDS = ("local", "vgw-", "vpce-")
OUTBOUND_ONLY = ("egress_only_gateway_id", "nat_gateway_id")
ALLOWED = "routes to the VPC, to its endpoints and to a virtual private gateway"


def evaluate(subject: Resource, configuration: Configuration) -> Findings:
    """Findings for each outward route that `subject`, a route or a route table, declares for a private table."""
    if subject.type == "aws_route":
        private = is_in_table(subject, lambda table: _is_private_table(table, subject, configuration))
        routes = [Route(subject, subject)]
    else:
        private = is_private(subject, configuration)
        routes = list(inline_routes(subject)) if private else []
    if private:
        for route in routes:
            for name, value in route.targets():
                if name in OUTWARD:
                    severity: Severity | None = "medium" if name in OUTBOUND_ONLY else None
                    yield Finding(found=f"a route to {OUTWARD[name]}", allowed=ALLOWED, severity=severity)
                elif name == "gateway_id" and not is_inward(value):
                    yield Finding(found="a route to an internet gateway", allowed=ALLOWED)


def _is_private_table(named: Value, route: Resource, configuration: Configuration) -> bool:
    """Whether the table that a route names is private; of one of elsewhere the route says it."""
    tables = configuration.declared(named, *TABLES)
    return any(is_private(table, configuration) for table in tables) if tables else bool(says_private(route))


def is_inward(gateway: Value) -> bool:
    """Whether what gateway_id names is no internet gateway. Raises UnknownValue."""
    types = {reference.type for reference in references(gateway)}
    if types:
        return types <= INWARD_TYPES
    if isinstance(gateway, Unknown):
        raise gateway.failure("gateway_id")
    return str(gateway).startswith(INWARD_IDS)


RULE = CheckovRule(
    id="CKV2_MEALS_201",
    name="Private route tables have no route out of the VPC",
    severity="critical",
    claim="C3",
    controls=nist("SC-7", "AC-4"),
    fix="Remove the route; reach AWS services through VPC endpoints.",
    good="""\
resource "aws_route_table" "private" {
  vpc_id = aws_vpc.meals.id
  tags   = { Name = "private" }
}
""",
    bad="""\
resource "aws_route_table" "private" {
  vpc_id = aws_vpc.meals.id
  tags   = { Name = "private" }
  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.meals.id
  }
}
""",
    applies_to=("aws_route", "aws_route_table", "aws_default_route_table"),
    evaluate=evaluate,
)
