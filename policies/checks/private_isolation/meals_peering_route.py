"""CKV2_MEALS_213: routes to a peering connection name the networks they need, never everything.

Private route tables have none at all (CKV2_MEALS_201); elsewhere, "least access" (CIS).
"""

from policies.checkov.adapter import CheckovRule
from policies.library.cidrs import is_world_open, known_networks
from policies.library.model import Configuration, Resource
from policies.library.routing import Route, inline_routes
from policies.library.rule import Finding, Findings, nist
from policies.library.security_groups import is_vpc_network

TYPES = ("aws_route", "aws_route_table", "aws_default_route_table")


def evaluate(subject: Resource, configuration: Configuration) -> Findings:
    """A finding for each route to a peering connection that is for every address."""
    routes = [Route(subject, subject)] if subject.type == "aws_route" else list(inline_routes(subject))
    for route in routes:
        if not any(name == "vpc_peering_connection_id" for name, _ in route.targets()):
            continue
        destination = route.destination
        is_list = route.block.has("destination_prefix_list_id")
        if destination is None or is_list or is_vpc_network(destination):
            continue
        if is_world_open(known_networks((destination,), route.block.place)):
            yield Finding(found=f"a route for {destination} to a peering connection", allowed="the networks needed")


RULE = CheckovRule(
    id="CKV2_MEALS_213",
    name="Routes to peering connections are for single networks",
    severity="medium",
    claim="C3",
    controls=("CIS AWS Foundations v3.0.0 5.5", *nist("AC-4", "SC-7")),
    fix="Name the subnets or hosts of the other VPC that are needed.",
    good="""\
resource "aws_route" "peer" {
  route_table_id            = aws_route_table.public.id
  destination_cidr_block    = "10.1.2.0/24"
  vpc_peering_connection_id = aws_vpc_peering_connection.peer.id
}
""",
    bad="""\
resource "aws_route" "peer" {
  route_table_id            = aws_route_table.public.id
  destination_cidr_block    = "0.0.0.0/0"
  vpc_peering_connection_id = aws_vpc_peering_connection.peer.id
}
""",
    applies_to=TYPES,
    evaluate=evaluate,
)
