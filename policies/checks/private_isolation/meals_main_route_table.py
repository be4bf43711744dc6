"""CKV2_MEALS_206: the main route table has no route to the internet.

What is left to the main route table by mistake then reaches nothing but the VPC. A table is the main one as
aws_default_route_table, by aws_main_route_table_association, or where a route names the VPC's main table.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.routing import TABLES, Route, inline_routes, is_in_table
from policies.library.rule import Finding, Findings, nist
from policies.library.subnets import leads_to_internet
from policies.library.values import Unknown, Value, reads, references

ALLOWED = "no route out of the VPC in the main route table"
OUTWARD = ("nat_gateway_id", "egress_only_gateway_id", "carrier_gateway_id")
MAIN = ("default_route_table_id", "main_route_table_id")


def evaluate(subject: Resource, configuration: Configuration) -> Findings:
    """Findings for each route to the internet that `subject`, a main route table or a route, declares."""
    if subject.type == "aws_route":
        routes = [Route(subject, subject)] if _is_in_main(subject, configuration) else []
    elif subject.type == "aws_route_table" and not _is_main(subject, configuration):
        routes = []
    else:
        routes = list(inline_routes(subject))
    for route in routes:
        if leads_to_internet(route) or any(name in OUTWARD for name, _ in route.targets()):
            yield Finding(found="a route to the internet in the main route table", allowed=ALLOWED)
        gateway = route.block.get("gateway_id")
        if isinstance(gateway, Unknown) and not any(True for _ in references(gateway)):
            raise gateway.failure(f"{route.block.place}.gateway_id")


def _is_main(table: Resource, configuration: Configuration) -> bool:
    return table.type == "aws_default_route_table" or bool(
        configuration.referrers(table, "aws_main_route_table_association", "route_table_id")
    )


def _is_in_main(route: Resource, configuration: Configuration) -> bool:
    def is_main(table: Value) -> bool:
        if reads(table, *MAIN):
            return True
        return any(_is_main(each, configuration) for each in configuration.declared(table, *TABLES))

    return is_in_table(route, is_main)


RULE = CheckovRule(
    id="CKV2_MEALS_206",
    name="The main route table has no route to the internet",
    severity="high",
    claim="C3",
    controls=nist("SC-7", "AC-4"),
    fix="Declare the route in a route table of the public subnets and associate them with it.",
    good="""\
resource "aws_default_route_table" "main" {
  default_route_table_id = aws_vpc.meals.default_route_table_id
  route                  = []
}
""",
    bad="""\
resource "aws_default_route_table" "main" {
  default_route_table_id = aws_vpc.meals.default_route_table_id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.meals.id
  }
}
""",
    applies_to=("aws_default_route_table", "aws_route_table", "aws_route"),
    evaluate=evaluate,
)
