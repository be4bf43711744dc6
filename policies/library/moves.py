"""Resources under other addresses: what `moved` blocks say is the same, so that nothing of it seems to go or come.

Source: Terraform, "Refactor modules", and `ImpliedMoveStatements` in its source for what moves without a block.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from policies.library.model import Configuration, Resource
from policies.library.values import Linked, OneOf, Partial, Reference, Unknown, Value


def moved(configuration: Configuration, moves: Mapping[str, str]) -> Configuration:
    """A configuration with resources, modules and all references to them under the addresses that they move to.

    What would come to an address that another resource has keeps its own.
    """
    if not moves:
        return configuration
    places = {address: _place(address, moves) for address in configuration.resources}
    counted = Counter(places.values())
    kept = {old: old if counted[new] > 1 else new for old, new in places.items()}
    renamed = _Renamed(kept)
    resources = {kept[address]: renamed.resource(each) for address, each in configuration.resources.items()}
    return replace(configuration, resources=dict(sorted(resources.items())))


def moves_between(before: Configuration, after: Configuration) -> Mapping[str, str]:
    """Where what was there is afterwards: what `moved` blocks say, and what Terraform takes for moved by itself.

    That is the object of a resource that gets a `count`, which is the first of the instances then, and the other way
    round; not of a resource that a block names.
    """
    named = {_without_index(each) for ends in after.moved.items() for each in ends}
    implied = {}
    for address in before.resources:
        declared = _without_index(address)
        if address not in after.resources and declared not in named:
            other = f"{address}[0]" if address == declared else declared if address == f"{declared}[0]" else ""
            if other in after.resources and other not in before.resources:
                implied[address] = other
    happens = any(_is_there(old, before) for old in after.moved)
    return {**(after.moved if happens else {}), **implied}


def _is_there(address: str, configuration: Configuration) -> bool:
    """Whether there is anything at an address, or below it."""
    return any(each == address or each.startswith((f"{address}.", f"{address}[")) for each in configuration.resources)


_NAMES: Mapping[str, str] = {
    "aws_dynamodb_table": "name",
    "aws_ecr_repository": "name",
    "aws_iam_policy": "name",
    "aws_iam_role": "name",
    "aws_iam_user": "name",
    "aws_lambda_function": "function_name",
    "aws_s3_bucket": "bucket",
    "aws_secretsmanager_secret": "name",
    "aws_sns_topic": "name",
    "aws_sqs_queue": "name",
}
"""Types of which AWS has one of a name, and the argument that is it."""


def renames_between(before: Configuration, after: Configuration) -> Mapping[str, str]:
    """Where what was there is afterwards though nothing moves it: made anew under another address, with the name that
    says to AWS and to policies what it is."""
    gone, come = (_by_name(one, other) for one, other in ((before, after), (after, before)))
    return {gone[name][0]: come[name][0] for name in gone if len(gone[name]) == len(come.get(name, ())) == 1}


def _by_name(one: Configuration, other: Configuration) -> Mapping[tuple[str, str], list[str]]:
    """The addresses that only one configuration has, by type and name."""
    found: dict[tuple[str, str], list[str]] = {}
    for type_, argument in _NAMES.items():
        for each in one.of_type(type_):
            name = each.get(argument)
            if each.address not in other.resources and isinstance(name, str) and name:
                found.setdefault((type_, name), []).append(each.address)
    return found


def _without_index(address: str) -> str:
    """An address without the index of its last part."""
    return _LAST_INDEX.sub("", address)


_LAST_INDEX = re.compile(r'\[(?:\d+|"(?:[^"\\]|\\.)*")\]\Z')


def _place(address: str, moves: Mapping[str, str]) -> str:
    """Where an address is after all moves, of which one may begin where another ends."""
    for _ in moves:
        for old, new in moves.items():
            if address == old or address.startswith((f"{old}.", f"{old}[")):
                address = new + address[len(old) :]
                break
        else:
            return address
    return address


class _Renamed:
    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = places

    def resource(self, resource: Resource) -> Resource:
        """A resource under its new address, with what it refers to."""
        address = self._places[resource.address]
        attributes = {name: self.value(each) for name, each in resource.attributes.items()}
        return replace(resource, address=address, place=address, attributes=attributes)

    def value(self, value: Value) -> Value:
        """A value with references to new addresses."""
        if isinstance(value, Linked):
            reference = self.value(value.reference)
            return Linked(str(value), reference) if isinstance(reference, Reference) else value
        if isinstance(value, tuple):
            return tuple(map(self.value, value))
        if isinstance(value, Mapping):
            return {key: self.value(each) for key, each in value.items()}
        return self._unknown(value) if isinstance(value, Unknown) else value

    def _unknown(self, value: Unknown) -> Unknown:
        made_of, given = tuple(map(self._unknown, value.made_of)), tuple(map(self.value, value.given))
        if isinstance(value, Reference):
            new = self._places.get(value.address, value.address)
            expression = value.expression.replace(value.address, new)
            return replace(value, address=new, expression=expression, made_of=made_of, given=given)
        if isinstance(value, Partial):
            parts = tuple(self._unknown(each) if isinstance(each, Unknown) else each for each in value.parts)
            return replace(value, parts=parts, made_of=made_of, given=given)
        if isinstance(value, OneOf):
            return replace(value, alternatives=tuple(map(self.value, value.alternatives)), made_of=made_of, given=given)
        return replace(value, made_of=made_of, given=given) if made_of or given else value
