"""CKV2_MEALS_233: what is private stands in private subnets only, and nothing spans private and public ones.

Private is what says so by name or tag, and the servers of the event store. A scaling group or load balancer over both
kinds of subnets puts some of its instances or nodes where nobody means them to be.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.examples import PRIVATE_SUBNET
from policies.library.model import Configuration, Resource
from policies.library.perimeter import holds_events
from policies.library.routing import says_private
from policies.library.rule import Finding, Findings, nist
from policies.library.subnets import is_private, is_public, subnets_of

TYPES = ("aws_autoscaling_group", "aws_instance", "aws_lb", "aws_alb", "aws_elb")


def evaluate(subject: Resource, configuration: Configuration) -> Findings:
    """A finding for something private in a public subnet, and for something that spans both kinds."""
    subnets = subnets_of(subject, configuration)
    public = subnets.where(lambda each: is_public(each, configuration))
    if not public:
        return
    names = ", ".join(each.address for each in public.certain)
    if says_private(subject) or holds_events(subject):
        yield Finding(found=f"the public subnet {names}", allowed="private subnets only")
    elif any(is_private(each, configuration) for each in subnets):
        yield Finding(found=f"private subnets and the public {names}", allowed="subnets of one kind")


RULE = CheckovRule(
    id="CKV2_MEALS_233",
    name="Private resources are in private subnets only",
    severity="high",
    claim="C1",
    controls=nist("SC-7", "SC-32"),
    fix="Name private subnets only.",
    good=PRIVATE_SUBNET
    + """\
resource "aws_autoscaling_group" "event_store" {
  vpc_zone_identifier = [aws_subnet.private.id]
}
""",
    bad=PRIVATE_SUBNET
    + """\
resource "aws_subnet" "public" {
  vpc_id = aws_vpc.meals.id
  tags   = { Tier = "public" }
}
resource "aws_autoscaling_group" "event_store" {
  vpc_zone_identifier = [aws_subnet.private.id, aws_subnet.public.id]
}
""",
    applies_to=TYPES,
    evaluate=evaluate,
)
