"""One question: can this reach that, and by which rules; or what stops it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cli.core.reach.network import Place
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


@dataclass(frozen=True)
class Reply:
    """What is answered: over ways inside, or over the internet."""

    inside: Answer
    over_internet: tuple[Answer, Answer] | None = None
    """To the internet and from it, where nothing else connects two ends that both have a way there. What public
    addresses they have is not in the Terraform: taken for some that the other lets through."""

    def __bool__(self) -> bool:
        return bool(self.inside) or self.over_internet is not None

    @property
    def connections(self) -> tuple[Answer, ...]:
        """The answers that a yes is made of, or the one that is a no."""
        return self.over_internet or (self.inside,)


def ask(network: Network, question: Question) -> Reply:
    """The answer, limited to the addresses and the traffic that were asked about."""
    inside = _inside(network, question)
    ends = {question.source.key, question.target.key}
    if inside or not ends <= network.nodes.keys() or len(ends) == 1:
        return Reply(inside)
    internet = Place("internet", "internet")
    onward = _inside(network, Question(internet, Place(question.target.key, question.target.name), question.traffic))
    sent = onward.flows.traffic
    outward = _inside(network, Question(Place(question.source.key, question.source.name), internet, sent))
    return Reply(inside, (outward, onward) if sent and outward else None)


def _inside(network: Network, question: Question) -> Answer:
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


def text(question: Question, reply: Reply) -> str:
    """The answer in words: yes with one connection that gets there, or no with what stops every one."""
    about = traffic.describe(question.traffic) if question.traffic != traffic.ALL else "anything"
    ends = f"{question.source.name} can{'' if reply else 'not'} open"
    if not reply:
        stops = _indented(words.blocked(blocks(reply.inside)))
        return "\n".join([f"no: {ends} {about} to {question.target.name}", *stops])
    lines = [f"yes: {ends} {sent} to {question.target.name}{by}" for sent, by in _ways(reply)]
    for found in reply.connections:
        lines += _indented(words.lines(witness(found)))
    return "\n".join([*lines, *(f"assumed: {each}" for each in _assumed(reply))])


def data(question: Question, reply: Reply) -> Mapping[str, Any]:
    """The answer for programs."""
    network = reply.inside.network
    return {
        "from": question.source.name,
        "to": question.target.name,
        "traffic": traffic.describe(question.traffic),
        "reachable": bool(reply),
        "over_internet": reply.over_internet is not None,
        "ways": [
            {
                "from": answer.source.name,
                "to": answer.target.name,
                "through": [network.nodes[each.through].name for each in way.forwards],
                "sent": traffic.describe(way.flows.traffic),
                "arrives": traffic.describe(way.arrives),
            }
            for answer in reply.connections
            for way in answer.ways
            if way
        ],
        "witness": [_leg(leg) for answer in reply.connections for leg in witness(answer)],
        "blocked_by": [
            {
                "from": block.source,
                "to": block.target,
                "through": [network.nodes[each.through].name for each in block.forwards],
                "direction": block.direction,
                "place": block.place,
                "rules": [words.rule(each) for each in block.rules],
            }
            for block in (() if reply else blocks(reply.inside))
        ],
        "assumptions": _assumed(reply),
    }


def _ways(reply: Reply) -> list[tuple[str, str]]:
    """What can be opened, and by which way, each once."""
    if reply.over_internet is not None:
        return [(traffic.describe(reply.over_internet[0].flows.traffic), " over the internet")]
    found = [(traffic.describe(way.flows.traffic), _through(reply.inside, way)) for way in reply.inside.ways if way]
    return list(dict.fromkeys(found))


def _assumed(reply: Reply) -> list[str]:
    said = [f"{each.text}{_at(each.resource)}" for answer in reply.connections for each in assumptions(answer)]
    if reply.over_internet is not None:
        said.append("the public addresses of both are such that the rules let them through")
    return list(dict.fromkeys(said)) if reply else []


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
