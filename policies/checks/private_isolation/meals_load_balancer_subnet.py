"""CKV2_MEALS_227: load balancers in private subnets are internal.

AWS's default is an internet-facing one: with public addresses, in whatever subnets it stands.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.examples import PRIVATE_SUBNET
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist
from policies.library.subnets import LOAD_BALANCERS, is_private, subnets_of


def evaluate(balancer: Resource, configuration: Configuration) -> Findings:
    """A finding for an internet-facing load balancer with a private subnet."""
    private = subnets_of(balancer, configuration).where(lambda each: is_private(each, configuration))
    if private.may_be_there() and not balancer.flag("internal") and private:
        names = ", ".join(each.address for each in private.certain)
        yield Finding(found=f"internet-facing in {names}", allowed="internal = true")


LOAD_BALANCER = """\
resource "aws_lb" "event_store" {
  internal = true
  subnets  = [aws_subnet.private.id]
}
"""

RULE = CheckovRule(
    id="CKV2_MEALS_227",
    name="Load balancers in private subnets are internal",
    severity="critical",
    claim="C1",
    controls=nist("SC-7", "AC-4"),
    fix="Set internal = true.",
    good=PRIVATE_SUBNET + LOAD_BALANCER,
    bad=PRIVATE_SUBNET + LOAD_BALANCER.replace("true", "false"),
    applies_to=tuple(LOAD_BALANCERS),
    evaluate=evaluate,
)
