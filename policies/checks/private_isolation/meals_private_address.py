"""CKV2_MEALS_202: nothing that stands in a private subnet has a public address.

Instances, the templates that scaling groups of private subnets launch from, network interfaces, and elastic addresses
bound to either. CKV2_MEALS_203 is about public addresses anywhere; this rule has no exception.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.examples import PRIVATE_SUBNET
from policies.library.model import Configuration, Links, Resource
from policies.library.routing import SUBNETS
from policies.library.rule import Finding, Findings, nist, security_hub
from policies.library.subnets import SERVERS, is_private, subnets_of, values_at

ALLOWED = "no public address in a private subnet"
FLAGS = (("associate_public_ip_address",), ("network_interfaces", "associate_public_ip_address"))
BOUND_TO = {
    "aws_eip": ("instance", "network_interface"),
    "aws_eip_association": ("instance_id", "network_interface_id"),
    "aws_nat_gateway": ("subnet_id",),
}


def evaluate(resource: Resource, configuration: Configuration) -> Findings:
    """Findings for a server in a private subnet that asks for a public address, and for an address bound to one."""
    if resource.type in BOUND_TO:
        if resource.type == "aws_nat_gateway" and resource.text("connectivity_type", default="public") == "private":
            return
        for name in BOUND_TO[resource.type]:
            for holder in configuration.declared(resource.get(name), *SERVERS, *SUBNETS):
                if _is_private(holder, configuration):
                    yield Finding(found=f"a public address for {holder.address} in a private subnet", allowed=ALLOWED)
        return
    if not _is_private(resource, configuration):
        return
    for path in FLAGS:
        for value in values_at(resource, path):
            if str(value).lower() in ("true", "1"):  # raises UnknownValue where it is unknown
                yield Finding(found=f"{path[-1]} = true in a private subnet", allowed=ALLOWED)


def _is_private(resource: Resource, configuration: Configuration) -> bool:
    subnets = subnets_of(resource, configuration) if resource.type in SERVERS else Links((resource,))
    return any(is_private(subnet, configuration) for subnet in subnets)


SERVER = """\
resource "aws_instance" "event_store" {
  subnet_id                   = aws_subnet.private.id
  associate_public_ip_address = false
}
"""

RULE = CheckovRule(
    id="CKV2_MEALS_202",
    name="Nothing in a private subnet has a public address",
    severity="critical",
    claim="C1",
    controls=security_hub("EC2.9", "EC2.25") + nist("SC-7", "AC-4"),
    fix="Set associate_public_ip_address = false and remove elastic addresses; reach AWS through VPC endpoints.",
    good=PRIVATE_SUBNET + SERVER,
    bad=PRIVATE_SUBNET + SERVER.replace("false", "true"),
    applies_to=(*SERVERS, *BOUND_TO),
    evaluate=evaluate,
)
