"""One question: can this reach that, and by which rules; or what stops it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cli.engine.reach.network import Place
from policies.reachability import addresses, traffic, words
from policies.reachability.analysis import Answer, Way, answer
from policies.reachability.explain import Leg, assumptions, blocks, witness
from policies.reachability.flows import Box, Flows
from policies.reachability.intervals import Intervals
from policies.reachability.network import Network


@dataclass(frozen=True)
class Question:
    """Whether one end reaches another."""

    source: Place
    target: Place
    traffic: Intervals = traffic.ALL
    """What the target gets; or what the source sends, where a load balancer passes it on to another port."""


def ask(network: Network, question: Question) -> Answer:
    """The answer, limited to the addresses and the traffic that were asked about."""
    asked = _limited(answer(network, question.source.key, question.target.key, question.traffic), question)
    if asked:
        return asked
    sent = answer(network, question.source.key, question.target.key)
    ways = [replace(way, flows=way.flows.with_traffic(question.traffic)) for way in sent.ways if way.forwards]
    passed_on = _limited(replace(sent, ways=tuple(ways)), question)
    return passed_on if passed_on else asked


def _limited(found: Answer, question: Question) -> Answer:
    """An answer about some addresses of the ends only."""
    ends = Flows.of([Box(question.source.addresses, question.target.addresses, traffic.ALL)])
    sources = Flows.of([Box(question.source.addresses, addresses.ALL, traffic.ALL)])
    return replace(
        found,
        ways=tuple(replace(way, flows=way.flows & (sources if way.forwards else ends)) for way in found.ways),
    )


def text(question: Question, found: Answer) -> str:
    """The answer in words: yes with one connection that gets there, or no with what stops every one."""
    about = traffic.describe(question.traffic) if question.traffic != traffic.ALL else "anything"
    ends = f"{question.source.name} can{'' if found else 'not'} open"
    if not found:
        return "\n".join([f"no: {ends} {about} to {question.target.name}", *_indented(words.blocked(blocks(found)))])
    lines = []
    for way in found.ways:
        if way:
            sent = traffic.describe(way.flows.traffic)
            lines.append(f"yes: {ends} {sent} to {question.target.name}{_through(found, way)}")
    lines = list(dict.fromkeys(lines))
    lines += _indented(words.lines(witness(found)))
    lines += [f"assumed: {each.text}{_at(each.resource)}" for each in assumptions(found)]
    return "\n".join(lines)


def data(question: Question, found: Answer) -> Mapping[str, Any]:
    """The answer for programs."""
    return {
        "from": question.source.name,
        "to": question.target.name,
        "traffic": traffic.describe(question.traffic),
        "reachable": bool(found),
        "ways": [
            {
                "through": [found.network.nodes[each.through].name for each in way.forwards],
                "sent": traffic.describe(way.flows.traffic),
                "arrives": traffic.describe(way.arrives),
            }
            for way in found.ways
            if way
        ],
        "witness": [_leg(leg) for leg in witness(found)],
        "blocked_by": [
            {
                "from": block.source,
                "to": block.target,
                "through": [found.network.nodes[each.through].name for each in block.forwards],
                "direction": block.direction,
                "place": block.place,
                "rules": [words.rule(each) for each in block.rules],
            }
            for block in blocks(found)
        ],
        "assumptions": [f"{each.text}{_at(each.resource)}" for each in assumptions(found)],
    }


def _leg(leg: Leg) -> Mapping[str, Any]:
    return {
        "from": leg.source,
        "to": leg.target,
        "source_address": addresses.address(leg.packet.source),
        "destination_address": addresses.address(leg.packet.destination),
        "traffic": words.traffic_of(leg),
        "client_port": leg.client_port,
        "hops": [
            {
                "direction": hop.direction,
                "place": hop.place,
                "rules": [words.rule(each) for each in hop.rules],
                "assumed": hop.is_assumed,
            }
            for hop in leg.hops
        ],
        "passed_on_by": words.rule(leg.forward.rule) if leg.forward else None,
    }


def _through(found: Answer, way: Way) -> str:
    return "".join(f" through {found.network.nodes[each.through].name}" for each in way.forwards)


def _at(resource: Any) -> str:
    return f" ({resource.address})" if resource is not None else ""


def _indented(lines: Any) -> list[str]:
    return [f"  {line}" for line in lines]
