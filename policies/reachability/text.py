"""Explanations as text: the lines of a witness and of what blocks, and both in one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from policies.reachability import addresses, traffic
from policies.reachability.explain import Blocker, Hop, Leg
from policies.reachability.intervals import Intervals
from policies.reachability.network import Forward, Rule

_OWN_LABEL = re.compile(r"\baws_\w+\.([A-Za-z][\w-]*?)_[0-9A-F]{8}\b")
"""An address as cdktf makes it: the digest and the type say nothing to a reader who sees what the text is about."""
_LABEL = r"\1"

MOST = 8
"""The most rules that are shown of a blocker; the JSON has all of them."""


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


def rule(rule: Rule) -> str:
    """A rule, with the resource that declares it."""
    text = _OWN_LABEL.sub(_LABEL, rule.text)
    if rule.resource is None or rule.resource.address in rule.text:
        return text
    return f"{text} ({rule.resource.address})"


def hop(hop: Hop) -> str:
    """What a connection passes, and by which rules."""
    rules = "; ".join(map(rule, hop.rules)) or "no rule applies"
    return f"{hop.place}: {rules}{' (assumed)' if hop.is_assumed else ''}"


def assumed(hop: Hop) -> str:
    """What is taken to pass, where the rule itself leaves open what happens there."""
    return f"{hop.place}: what {'; '.join(map(rule, hop.rules)) or 'stands there'} leads to is not known"


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
    return ". ".join(f"{connection(leg)}: {_passed(leg) or 'no rule applies'}" for leg in legs)


def _passed(leg: Leg) -> str:
    forth = (each for each in leg.hops if each.direction == "forward" and each.rules)
    passed = [f"{each.place} ({'; '.join(_OWN_LABEL.sub(_LABEL, rule.text) for rule in each.rules)})" for each in forth]
    if leg.forward is not None:
        passed.append(f"passed on by {leg.forward.rule.resource.address if leg.forward.rule.resource else 'AWS'}")
    return ", ".join(passed)


def blocked(blockers: Sequence[Blocker]) -> Iterator[str]:
    """What blocks, a line for each connection that does not come about and, indented, for each thing that stops it."""
    blocks: dict[tuple[str, tuple[Forward, ...]], dict[str, None]] = {}
    for blocker in blockers:
        lines = blocks.setdefault((f"{blocker.source} -> {blocker.target}", blocker.forwards), {})
        lines[f"  {'->' if blocker.direction == 'forward' else '<-'} {_stop(blocker)}"] = None
    for ends, stops in dict.fromkeys((ends, tuple(stops)) for (ends, _), stops in blocks.items()):
        yield ends
        yield from stops


def _stop(blocker: Blocker) -> str:
    place = f"{blocker.place}{_addresses(blocker)}{'' if blocker.is_alone else ', with others'}"
    if blocker.chosen:
        return f"{place}: {_first(blocker.chosen)}"
    text = _first([_OWN_LABEL.sub(_LABEL, each.text) for each in blocker.rules])
    if blocker.is_allow_list:
        return f"{place}: {'only ' if text else 'nothing'}{text}"
    return f"{place}: {text or 'stops it'}"


def _first(texts: Sequence[str]) -> str:
    """Some texts in one, and how many more there are."""
    return "; ".join([*texts[:MOST], f"and {len(texts) - MOST} more"] if len(texts) > MOST else texts)


def _addresses(blocker: Blocker) -> str:
    """The resources that a blocker is about, unless it names them."""
    found = [part.key for part in blocker.parts if "/" not in part.key]
    if not blocker.parts:
        found = [each.resource.address for each in blocker.rules if each.resource is not None]
    texts = " ".join([blocker.place, *(each.text for each in blocker.rules)])
    unnamed = dict.fromkeys(each for each in found if each not in texts)
    return f" ({', '.join(unnamed)})" if unnamed else ""
