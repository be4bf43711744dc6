"""Explanations as text: the lines of a witness and of what blocks, and both in one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from policies.reachability import addresses, traffic
from policies.reachability.explain import Block, Hop, Leg
from policies.reachability.intervals import Intervals
from policies.reachability.network import Rule

_OWN_LABEL = re.compile(r"\baws_\w+\.([A-Za-z][\w-]*?)_[0-9A-F]{8}\b")
"""An address as cdktf makes it: the digest and the type say nothing to a reader who sees what the text is about."""
_LABEL = r"\1"

MOST = 8
"""As many rules of what blocks are told; whoever wants all of them reads the data."""

_LISTS = ("network ACL", "route table", "security groups")
"""How places begin that let through what is in them, and nothing else."""


def traffic_of(leg: Leg) -> str:
    """The protocol and port of a leg's packet."""
    return traffic.describe(Intervals.of([(leg.packet.traffic, leg.packet.traffic)]))


def connection(leg: Leg) -> str:
    """Ends and packet of a leg: `core 10.0.1.4 -> broker 10.0.2.4, tcp 5671`."""
    ends = [
        name if name == address else f"{name} {address}"
        for name, address in (
            (leg.source, addresses.address(leg.packet.source)),
            (leg.target, addresses.address(leg.packet.destination)),
        )
    ]
    return f"{ends[0]} -> {ends[1]}, {traffic_of(leg)}"


def rule(found: Rule) -> str:
    """A rule in words, with the resource that declares it."""
    text = _OWN_LABEL.sub(_LABEL, found.text)
    if found.resource is None or found.resource.address in found.text:
        return text
    return f"{text} ({found.resource.address})"


def hop(found: Hop) -> str:
    """What a connection passes, and by which rules."""
    rules = "; ".join(map(rule, found.rules)) or "nothing stands against it"
    return f"{found.place}: {rules}{' (assumed)' if found.is_assumed else ''}"


def lines(legs: Sequence[Leg]) -> Iterator[str]:
    """A witness, a line for each leg and, indented, for each hop."""
    for leg in legs:
        yield connection(leg)
        for each in leg.hops:
            arrow = "->" if each.direction == "forward" else "<-"
            yield f"  {arrow} {hop(each)}"
        if leg.forward is not None:
            yield f"  => {rule(leg.forward.rule)}"


def sentence(legs: Sequence[Leg]) -> str:
    """A witness in one line: each connection with what it passes, and by which rules."""
    return ". ".join(f"{connection(leg)}: {_passed(leg) or 'nothing stands in between'}" for leg in legs)


def _passed(leg: Leg) -> str:
    forth = (each for each in leg.hops if each.direction == "forward" and each.rules)
    passed = [f"{each.place} ({'; '.join(_OWN_LABEL.sub(_LABEL, rule.text) for rule in each.rules)})" for each in forth]
    if leg.forward is not None:
        passed.append(f"passed on by {leg.forward.rule.resource.address if leg.forward.rule.resource else 'AWS'}")
    return ", ".join(passed)


def blocked(found: Sequence[Block]) -> Iterator[str]:
    """What blocks, a line for each connection that does not come about and, indented, for each thing that stops it."""
    said: list[tuple[str, str]] = []
    for block in found:
        ends = (block.source, block.target)
        if ends not in said:
            said.append(ends)
            yield f"{block.source} -> {block.target}"
            for each in found:
                if (each.source, each.target) == ends and each.forwards == block.forwards:
                    yield f"  {'->' if each.direction == 'forward' else '<-'} {_stop(each)}"


def _stop(block: Block) -> str:
    rules = [_OWN_LABEL.sub(_LABEL, each.text) for each in block.rules]
    said = "; ".join([*rules[:MOST], f"and {len(rules) - MOST} more"] if len(rules) > MOST else rules)
    if block.place.startswith(_LISTS):
        return f"{block.place}: {'only ' if rules else 'nothing'}{said}"
    return f"{block.place}: {said or 'stops it'}"
