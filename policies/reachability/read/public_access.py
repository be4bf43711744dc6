"""VPC Block Public Access: what it stops at the internet gateways of a subnet.

Sources: VPC user guide, "Block public access to VPCs and subnets": a mode for a region, and exclusions of VPCs and
subnets; EC2 API reference, "BlockPublicAccessStates": where ingress is blocked, "only traffic to and from NAT gateways
and egress-only internet gateways is allowed". It stops only what is stopped for certain: options that may not be there,
of another region, or with a mode or an exclusion that is not known, stop nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from policies.library.model import Block, Configuration, Resource
from policies.library.values import Unknown, UnknownValue
from policies.reachability.network import PublicAccessBlock, Rule
from policies.reachability.read.data_sources import Match
from policies.reachability.read.locations import location_of
from policies.reachability.read.reading import Reading

_OPTIONS = "aws_vpc_block_public_access_options"
_EXCLUSION = "aws_vpc_block_public_access_exclusion"
_MODE = "internet_gateway_block_mode"
_NOTHING = (False, False, False)
_STOPPED = {"block-bidirectional": (True, True, True), "block-ingress": (True, True, False), "off": _NOTHING}
"""By mode: whether it stops what comes in, what goes out, and what goes out through what only lets out."""
_LET_THROUGH = {"allow-bidirectional": (True, True, True), "allow-egress": (False, True, True)}
"""By mode of an exclusion: whether it lets these through."""


def public_access(subnet: Resource, vpc: Resource | None, reading: Reading) -> PublicAccessBlock | None:
    """What is stopped for a declared subnet of a VPC; None where nothing is for certain."""
    if reading.opened(subnet) or reading.opened(vpc):
        return None
    for options in reading.configuration.of_type(_OPTIONS):
        if reading.presence(options) is None and vpc is not None and _is_where(options, subnet, reading.configuration):
            stopped = _STOPPED.get(_mode(options, _MODE), _NOTHING)
            for exclusion in _exclusions(subnet, vpc, reading):
                let = _LET_THROUGH.get(_mode(exclusion, "internet_gateway_exclusion_mode"), (True, True, True))
                stopped = (stopped[0] and not let[0], stopped[1] and not let[1], stopped[2] and not let[2])
            if any(stopped):
                rule = Rule(f"Block Public Access: {_mode(options, _MODE)}", options)
                return PublicAccessBlock(*stopped, rule)
    return None


def _exclusions(subnet: Resource, vpc: Resource, reading: Reading) -> Iterator[Resource]:
    """The exclusions of a subnet and its VPC, and those that may be of them."""
    for exclusion in reading.configuration.of_type(_EXCLUSION):
        for name, types in (("subnet_id", (subnet.type,)), ("vpc_id", (vpc.type,))):
            found = [each.resource for each in reading.candidates(exclusion, name, types)]
            if subnet in found or vpc in found:
                yield exclusion


def _is_where(options: Resource, subnet: Resource, configuration: Configuration) -> bool:
    """Whether two resources are for certain of one account and region."""
    one, other = (location_of(each, configuration) for each in (options, subnet))
    is_known = not any(isinstance(each.get("region"), Unknown) for each in (options, subnet))
    return is_known and one.same_as(other) is Match.YES


def _mode(block: Block, name: str) -> str:
    try:
        return block.text(name)
    except UnknownValue:
        return ""
