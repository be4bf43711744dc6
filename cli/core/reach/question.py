"""One question: can this reach that, and by which rules; or what stops it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cli.core.reach.network import Endpoint
from policies.reachability import addresses, text, traffic
from policies.reachability.analysis import Answer, Path, answer
from policies.reachability.explain import Leg, assumptions, blockers, witness
from policies.reachability.flows import Box, Flows
from policies.reachability.intervals import Intervals
from policies.reachability.network import Network


@dataclass(frozen=True)
class Question:
    """Whether one end reaches another."""

    source: Endpoint
    target: Endpoint
    traffic: Intervals = traffic.ALL
    """What the target gets; or what the source sends, where a load balancer passes it on to another port."""


@dataclass(frozen=True)
class ReachResult:
    """What is answered: over paths inside, or over the internet."""

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


def ask(network: Network, question: Question) -> ReachResult:
    """The answer, limited to the addresses and the traffic that were asked about."""
    inside = _inside(network, question)
    ends = {question.source.key, question.target.key}
    if inside or not ends <= network.nodes.keys() or len(ends) == 1:
        return ReachResult(inside)
    internet = Endpoint("internet", "internet")
    onward = _inside(network, Question(internet, Endpoint(question.target.key, question.target.name), question.traffic))
    sent = onward.flows.traffic
    outward = _inside(network, Question(Endpoint(question.source.key, question.source.name), internet, sent))
    return ReachResult(inside, (outward, onward) if sent and outward else None)


def _inside(network: Network, question: Question) -> Answer:
    limited = _limited(answer(network, question.source.key, question.target.key, question.traffic), question)
    if limited:
        return limited
    sent = answer(network, question.source.key, question.target.key)
    paths = [replace(path, flows=path.flows.with_traffic(question.traffic)) for path in sent.paths if path.forwards]
    passed_on = _limited(replace(sent, paths=tuple(paths)), question)
    return passed_on if passed_on else limited


def _limited(reply: Answer, question: Question) -> Answer:
    """An answer about some addresses of the ends only."""
    ends = Flows.of([Box(question.source.addresses, question.target.addresses, traffic.ALL)])
    sources = Flows.of([Box(question.source.addresses, addresses.ALL, traffic.ALL)])
    return replace(
        reply,
        paths=tuple(replace(path, flows=path.flows & (sources if path.forwards else ends)) for path in reply.paths),
    )


def report(question: Question, result: ReachResult) -> str:
    """The answer in words: yes with one connection that gets there, or no with what stops every one."""
    about = traffic.describe(question.traffic) if question.traffic != traffic.ALL else "anything"
    ends = f"{question.source.name} can{'' if result else 'not'} open"
    if not result:
        stops = _indented(text.blocked(blockers(result.inside)))
        return "\n".join([f"no: {ends} {about} to {question.target.name}", *stops])
    lines = [f"yes: {ends} {sent} to {question.target.name}{by}" for sent, by in _paths(result)]
    for found in result.connections:
        lines += _indented(text.lines(witness(found)))
    return "\n".join([*lines, *(f"assumed: {each}" for each in _assumed(result))])


def data(question: Question, result: ReachResult) -> Mapping[str, Any]:
    """The answer for programs."""
    network = result.inside.network
    return {
        "from": question.source.name,
        "to": question.target.name,
        "traffic": traffic.describe(question.traffic),
        "reachable": bool(result),
        "over_internet": result.over_internet is not None,
        "paths": [
            {
                "from": answer.source.name,
                "to": answer.target.name,
                "through": [network.nodes[each.through].name for each in path.forwards],
                "sent": traffic.describe(path.flows.traffic),
                "arrives": traffic.describe(path.arrives),
            }
            for answer in result.connections
            for path in answer.paths
            if path
        ],
        "witness": [_leg(leg) for answer in result.connections for leg in witness(answer)],
        "blocked_by": [
            {
                "from": blocker.source,
                "to": blocker.target,
                "through": [network.nodes[each.through].name for each in blocker.forwards],
                "direction": blocker.direction,
                "place": blocker.place,
                "rules": [text.rule(each) for each in blocker.rules],
            }
            for blocker in (() if result else blockers(result.inside))
        ],
        "assumptions": _assumed(result),
    }


def _paths(result: ReachResult) -> list[tuple[str, str]]:
    """What can be opened, and by which path, each once."""
    if result.over_internet is not None:
        return [(traffic.describe(result.over_internet[0].flows.traffic), " over the internet")]
    texts = [
        (traffic.describe(path.flows.traffic), _through(result.inside, path)) for path in result.inside.paths if path
    ]
    return list(dict.fromkeys(texts))


def _assumed(result: ReachResult) -> list[str]:
    texts = [f"{each.text}{_at(each.resource)}" for answer in result.connections for each in assumptions(answer)]
    if result.over_internet is not None:
        texts.append("the public addresses of both are such that the rules let them through")
    return list(dict.fromkeys(texts)) if result else []


def _leg(leg: Leg) -> Mapping[str, Any]:
    return {
        "from": leg.source,
        "to": leg.target,
        "source_address": addresses.address(leg.packet.source),
        "destination_address": addresses.address(leg.packet.destination),
        "traffic": text.traffic_of(leg),
        "client_port": leg.client_port,
        "hops": [
            {
                "direction": hop.direction,
                "place": hop.place,
                "rules": [text.rule(each) for each in hop.rules],
                "assumed": hop.is_assumed,
            }
            for hop in leg.hops
        ],
        "passed_on_by": text.rule(leg.forward.rule) if leg.forward else None,
    }


def _through(found: Answer, path: Path) -> str:
    return "".join(f" through {found.network.nodes[each.through].name}" for each in path.forwards)


def _at(resource: Any) -> str:
    return f" ({resource.address})" if resource is not None else ""


def _indented(lines: Any) -> list[str]:
    return [f"  {line}" for line in lines]
