"""The policy of a core network of Cloud WAN: in which segment an attachment is, and which segments reach which.

Source: Cloud WAN guide, "Core network policy version parameters": `segments` (isolated attachments, allow and deny
filters), `segment-actions` (sharing, routes, service insertion), `attachment-policies` (the first rule in the order of
numbers whose conditions hold puts an attachment in a segment).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from policies.library.json_text import from_json
from policies.library.model import Block, Configuration, Resource
from policies.library.values import UnknownValue, Value
from policies.reachability.read.data_sources import Match, of_tag
from policies.reachability.read.reading import Reading, leaves

CORE_NETWORK = "aws_networkmanager_core_network"
_POLICY = "aws_networkmanager_core_network_policy_attachment"
_DOCUMENT = "data.aws_networkmanager_core_network_policy_document"
_TYPES = {
    "aws_networkmanager_vpc_attachment": "vpc",
    "aws_networkmanager_connect_attachment": "connect",
    "aws_networkmanager_dx_gateway_attachment": "direct-connect-gateway",
    "aws_networkmanager_site_to_site_vpn_attachment": "site-to-site-vpn",
    "aws_networkmanager_transit_gateway_route_table_attachment": "transit-gateway-route-table",
}
"""What attachment policies call the types of attachments."""

ATTACHMENTS = tuple(_TYPES)


@dataclass(frozen=True)
class Joined:
    """What a core network lets through from one attachment to another."""

    match: Match
    is_inspected: bool = False
    """Whether it is sent through network functions, of which no more is known."""


@dataclass(frozen=True)
class StaticRoute:
    """A route that a policy puts into a segment."""

    segment: str
    networks: tuple[Value, ...]
    destinations: tuple[Value, ...]
    """Attachments, or `blackhole`."""


class Segments:
    """A policy that is read."""

    def __init__(self, document: Block) -> None:
        """Raises UnknownValue where a part that decides is not known."""
        self._segments = {each.text("name"): each for each in document.blocks("segments")}
        self._isolated = {name for name, each in self._segments.items() if each.flag("isolate_attachments")}
        self._rules = sorted(document.blocks("attachment_policies"), key=_number)
        actions = document.blocks("segment_actions")
        self._shared = {
            frozenset((action.text("segment"), other))
            for action in actions
            if action.text("action") == "share"
            for other in self._shared_with(action)
        }
        self._inspected = {
            (action.text("segment"), other)
            for action in actions
            if action.text("action") in ("send-via", "send-to")
            for other in self._sent_to(action)
        }
        self.routes = tuple(
            StaticRoute(
                action.text("segment"),
                tuple(leaves(action.get("destination_cidr_blocks"))),
                tuple(leaves(action.get("destinations"))),
            )
            for action in actions
            if action.text("action") == "create-route"
        )

    def of(self, attachment: Resource) -> Mapping[str, Match]:
        """The segments that an attachment is in, or may be. Raises UnknownValue."""
        found: dict[str, Match] = {}
        for rule in self._rules:
            match = self._holds(rule, attachment)
            if match is Match.NO:
                continue
            for segment, named in self._segment(rule, attachment):
                is_sure = match is named is Match.YES and not found
                found.setdefault(segment, Match.YES if is_sure else Match.MAYBE)
            if match is Match.YES:
                break
        return found

    def between(self, one: Resource, other: Resource) -> Joined:
        """Whether packets from one attachment get to another. Raises UnknownValue."""
        best = Joined(Match.NO)
        for mine, mine_sure in self.of(one).items():
            for theirs, theirs_sure in self.of(other).items():
                is_sure = mine_sure is theirs_sure is Match.YES
                if self._joins(mine, theirs):
                    best = max(best, Joined(Match.YES if is_sure else Match.MAYBE), key=_rank)
                elif (mine, theirs) in self._inspected or (theirs, mine) in self._inspected:
                    best = max(best, Joined(Match.MAYBE, is_inspected=True), key=_rank)
        return best

    def _joins(self, mine: str, theirs: str) -> bool:
        """Whether routes of a segment get into another, or into itself."""
        if mine == theirs:
            return mine not in self._isolated
        return frozenset((mine, theirs)) in self._shared and self._takes(mine, theirs)

    def _takes(self, mine: str, theirs: str) -> bool:
        """Whether the filters of a segment take the routes of another."""
        own = self._segments.get(mine)
        if own is None:
            return True
        denied, allowed = own.texts("deny_filter"), own.texts("allow_filter")
        return theirs not in denied and (not allowed or theirs in allowed)

    def _shared_with(self, action: Block) -> set[str]:
        """The segments with which an action shares its own."""
        said = action.get("share_with")
        excluded, given = set(action.texts("share_with_except")), {"*"}
        if isinstance(said, Mapping):
            excluded = set(Block(said, action.place).texts("except"))
        elif said is not None:
            given = set(action.texts("share_with"))
        return (set(self._segments) if "*" in given else given) - excluded - {action.text("segment")}

    def _sent_to(self, action: Block) -> set[str]:
        """The segments to which an action sends through network functions."""
        found: set[str] = set()
        for block in action.blocks("when_sent_to"):
            given = set(block.texts("segments"))
            found |= set(self._segments) if "*" in given else given
        return found or set(self._segments)

    def _segment(self, rule: Block, attachment: Resource) -> Iterator[tuple[str, Match]]:
        """The segment that a rule puts an attachment in; any where that is not known."""
        for action in rule.blocks("action"):
            if action.has("segment"):
                yield action.text("segment"), Match.YES
            elif action.has("tag_value_of_key"):
                tags = attachment.get("tags")
                value = tags.get(action.text("tag_value_of_key")) if isinstance(tags, Mapping) else None
                if isinstance(value, str):
                    yield value, Match.YES
                else:
                    yield from ((name, Match.MAYBE) for name in self._segments)

    def _holds(self, rule: Block, attachment: Resource) -> Match:
        """Whether the conditions of a rule hold for an attachment."""
        matches = [_condition(each, attachment) for each in rule.blocks("conditions")] or [Match.MAYBE]
        choose = max if rule.text("condition_logic", "or") == "or" else min
        return choose(matches, key=lambda each: each.value)


def policy_of(core: Resource, reading: Reading) -> Segments | None:
    """The policy of a core network; None where it is not known, or not all of it."""
    configuration = reading.configuration
    attached = [
        each
        for each in configuration.of_type(_POLICY)
        if core in reading.owners(each, "core_network_id", (CORE_NETWORK,))
    ]
    values = [each.get("policy_document") for each in attached] or [core.get("base_policy_document")]
    if len(values) != 1 or any(reading.presence(each) for each in (core, *attached)):
        return None
    try:
        return Segments(_document(values[0], configuration))
    except UnknownValue:
        return None


def _document(value: Value, configuration: Configuration) -> Block:
    """A policy, as a data source makes it or as text. Raises UnknownValue."""
    for each in configuration.resolve(value):
        if each.type == _DOCUMENT:
            return each
    found = _renamed(from_json(value))
    if not isinstance(found, Mapping) or "segments" not in found:
        raise UnknownValue("the policy of a core network")
    return Block(found, "policy_document")


def _renamed(value: Value) -> Value:
    """JSON with the names that the data source has: `share_with` for `share-with`."""
    if isinstance(value, tuple):
        return tuple(map(_renamed, value))
    if isinstance(value, Mapping):
        return {name.replace("-", "_"): _renamed(each) for name, each in value.items()}
    return value


def _condition(condition: Block, attachment: Resource) -> Match:
    kind = condition.text("type")
    if kind == "any":
        return Match.YES
    if kind == "attachment-type" and condition.text("operator", "equals") == "equals":
        return Match.YES if condition.text("value") == _TYPES.get(attachment.type) else Match.NO
    tags = attachment.get("tags")
    own = tags if isinstance(tags, Mapping) else {}
    if kind == "tag-exists" and condition.text("key") in own:
        return Match.YES
    if kind == "tag-value" and condition.text("operator", "equals") == "equals":
        return of_tag(condition.text("key"), (condition.get("value"),), own)
    return Match.MAYBE


def _number(rule: Block) -> int:
    number = rule.number("rule_number")
    if number is None:
        raise UnknownValue("rule_number")
    return number


def _rank(joined: Joined) -> tuple[int, bool]:
    return joined.match.value, not joined.is_inspected
