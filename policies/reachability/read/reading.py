"""What all parts of the reader share: the configuration, what had to be assumed, and values that may be unknown."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from policies.library.doubts import doubts
from policies.library.gaps import Gap
from policies.library.model import Block, Configuration, Resource
from policies.library.terraform.addresses import without_indexes
from policies.library.values import ModuleOutput, Reference, Unknown, UnknownValue, Value, label_of, references
from policies.library.values import leaves as decisive
from policies.reachability.network import Assumption
from policies.reachability.read.data_sources import Found, find
from policies.reachability.read.stacks import TYPES as STACKS

T = TypeVar("T")

_MENTION = re.compile(r"\b((?:data\.)?[a-z0-9]+_[A-Za-z0-9_]+\.[A-Za-z0-9_-]+)")


@dataclass(frozen=True)
class Candidate:
    """Something that an attribute names, or may name."""

    resource: Resource
    assumption: Assumption | None = None
    """That it is this one; None if it is for certain."""


@dataclass(frozen=True)
class _Named:
    resource: Resource
    is_found_perhaps: bool = False
    """Whether a data source finds it, perhaps."""


class Reading:
    """A configuration that is being read, and the assumptions made on the way."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self._assumptions: dict[tuple[str, str], Assumption] = {}
        self._about: dict[str, list[Assumption]] = {}
        self._by_label: dict[str, list[Resource]] | None = None
        self._found: dict[str, Found] = {}
        self._doubts_of: dict[str, str] = {}
        self._given: dict[str, Assumption] | None = None

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """All that was assumed, in the order of addresses."""
        return tuple(each for _, each in sorted(self._assumptions.items()))

    def assume(self, text: str, resource: Resource | None = None) -> Assumption:
        """Note, once, what was taken in place of something that the Terraform does not determine.

        What rests on it carries it: see `Rule.assumption`.
        """
        if resource is not None:  # one as it is seen for some purpose stands for the one that is declared
            resource = self.configuration.resources.get(resource.address, resource)
        address = resource.address if resource else ""
        if (address, text) not in self._assumptions:
            assumption = self._assumptions[address, text] = Assumption(text, resource, self._doubts(resource))
            self._about.setdefault(address, []).append(assumption)
        return self._assumptions[address, text]

    def _doubts(self, resource: Resource | None) -> str:
        """What is not known of a resource."""
        if resource is None:
            return ""
        if resource.address not in self._doubts_of:
            self._doubts_of[resource.address] = doubts(resource, self.configuration)
        return self._doubts_of[resource.address]

    def about(self, *resources: Resource | None) -> tuple[Assumption, ...]:
        """What was noted about some resources, and that it is not known how many there are of them."""
        found = {resource.address: resource for resource in resources if resource is not None}
        for each in found.values():
            self.presence(each)
        return tuple(noted for address in found for noted in self._about.get(address, ()))

    def doubt(self, *resources: Resource | None) -> Assumption | None:
        """The first of what was noted about some resources."""
        return next(iter(self.about(*resources)), None)

    def known(self, get: Callable[[], T], otherwise: T, meaning: str, resource: Resource | None) -> T:
        """What `get` gives; where that is unknown, `otherwise`, with the assumption that says what it means."""
        try:
            return get()
        except UnknownValue as unknown:
            self.assume(f"{_short(unknown)} is not known: {meaning}", resource)
            return otherwise

    def flag(
        self,
        block: Block,
        name: str,
        *,
        default: bool = False,
        if_unknown: bool,
        meaning: str,
        resource: Resource | None = None,
    ) -> bool:
        """A boolean, `if_unknown` where it is not known, which is assumed of ``resource``: unless given, the block."""
        owner = block if resource is None and isinstance(block, Resource) else resource
        return self.known(lambda: block.flag(name, default), if_unknown, meaning, owner)

    def number(self, block: Block, name: str, meaning: str, resource: Resource) -> int | None:
        """A whole number, None where it is not set or, which is assumed to mean `meaning`, not known."""
        return self.known(lambda: block.number(name), None, meaning, resource)

    def text(self, block: Block, name: str, default: str = "") -> str:
        """Text, the default where it is not set or not known."""
        try:
            return block.text(name, default)
        except UnknownValue:
            return default

    def blocks(self, block: Block, name: str, resource: Resource, meaning: str) -> tuple[Block, ...]:
        """The nested blocks of a name; of unknown ones those that are known, with the assumption what it means."""
        try:
            return block.blocks(name)
        except UnknownValue as unknown:
            self.assume(f"{_short(unknown)} is not known: {meaning}", resource)
            known = [each for each in block.values(name) if isinstance(each, Mapping)]
            return Block({**block.attributes, name: tuple(known)}, block.place).blocks(name)

    def named(self, value: Value, types: Collection[str]) -> list[Resource]:
        """The resources of some types that one value is about, in order; those that a data source finds, or itself.

        Where an expression cannot be worked out, the ones it mentions: it chooses among them.
        """
        return [each.resource for each in self._named(value, types) if not each.is_found_perhaps]

    def candidates(self, resource: Resource, name: str, types: Collection[str]) -> list[Candidate]:
        """The resources of some types that an attribute of a resource is about, or may be; all if it may be any."""
        found: list[Candidate] = []
        for leaf in leaves(resource.get(name)):
            choices = self.choices(leaf, types, resource)
            every = self.configuration.of_type(*sorted(types)) if not choices and could_be_anything(leaf) else ()
            if every:
                assumption = self.assume(f"{name} is not known: taken for any that there is", resource)
                choices = [Candidate(each, assumption) for each in every]
            found += choices
        return list({each.resource.address: each for each in reversed(found)}.values())[::-1]

    def choices(self, value: Value, types: Collection[str], resource: Resource | None) -> list[Candidate]:
        """The resources of some types that one value of a resource is about, or may be.

        Of what a data source finds perhaps both that and the data source, if it is of these types.
        """
        named = list(self._named(value, types))
        is_expression = isinstance(value, Unknown) and not isinstance(value, Reference)
        is_choice = bool(named) and is_expression and (len(named) > 1 or could_be_anything(value))
        if not is_choice and not any(each.is_found_perhaps for each in named):
            return [Candidate(each.resource) for each in named]
        which = self.assume(f"it is not known which {label_of(value)} is: any that it may be", resource)
        return [Candidate(each.resource, which) for each in named]

    def owners(self, resource: Resource, name: str, types: Collection[str], widens: bool = True) -> list[Resource]:
        """The resources of some types that `resource` belongs to by one attribute, or may.

        Unless that `widens`, only those that are named.
        """
        if not widens:
            return [each for leaf in leaves(resource.get(name)) for each in self.named(leaf, types)]
        return [each.resource for each in self.candidates(resource, name, types)]

    def presence(self, resource: Resource) -> Assumption | None:
        """What it rests on that a resource is there: None unless how many there are of it is not known."""
        number = resource.number_unknown
        return self.assume(f"how many there are is not known ({number}): none or some", resource) if number else None

    def opened(self, resource: Resource | None) -> Assumption | None:
        """That a module whose source is not here opens a resource which it is given; None if none is given it."""
        if self._given is None:
            self._given = {
                each.address: self.assume(f"{gap.where} is given it and is not here: as if it opened it", each)
                for gap in self.configuration.gaps
                for each in self.given(gap)
            }
        return None if resource is None else self._given.get(resource.address)

    def given(self, gap: Gap) -> list[Resource]:
        """What a module is given that is declared here."""
        given: list[Resource] = []
        for each in self.configuration.resolve(tuple(in_blocks(gap.arguments))):
            found = self.found(each) if each.type.startswith("data.") else Found((each,), (), is_elsewhere=False)
            given += [*found.certain, *found.possible]
        return list(dict.fromkeys(given))

    def modules_of(self, value: Value) -> list[str]:
        """The modules whose source is not here, and the stacks, that may put a value out."""
        calls = {each.call for each in decisive(value) if isinstance(each, ModuleOutput)}
        calls |= {each.address for each in references(value) if each.type in STACKS}
        return [gap.where for gap in self.configuration.gaps if gap.where in calls]

    def _put_out(self, value: Value, types: Collection[str]) -> Iterator[_Named]:
        """What a module whose source is not here may put out: what it was given."""
        calls = self.modules_of(value)
        for gap in self.configuration.gaps if calls else ():
            if gap.where in calls:
                yield from (_Named(each, is_found_perhaps=True) for each in self.given(gap) if each.type in types)

    def _named(self, value: Value, types: Collection[str]) -> Iterator[_Named]:
        found = [*self._at(value, types, frozenset()), *self._put_out(value, types)]
        if not found and isinstance(value, Unknown) and not isinstance(value, Reference):
            mentioned = (each for mention in self._mentioned(value.expression) for each in self._of(mention, types))
            found = list(mentioned)
        return iter({each.resource.address: each for each in found}.values())

    def _at(self, value: Value, types: Collection[str], passed: frozenset[str]) -> Iterator[_Named]:
        """What a value refers to; through arguments of other resources that it refers to, if those are set there."""
        for each in self.configuration.resolve(value):
            if each.address not in passed:
                of_types = list(self._of(each, types))
                yield from of_types
                for reference in references(value) if not of_types else ():
                    if reference.address == each.address and each.has(reference.attribute):
                        yield from self._at(each.get(reference.attribute), types, passed | {each.address})

    def _of(self, resource: Resource, types: Collection[str]) -> Iterator[_Named]:
        """A resource that is of some types, or what a data source finds of them."""
        if not resource.type.startswith("data."):
            if resource.type in types:
                yield _Named(resource)
            return
        found = self.found(resource)
        certain = [each for each in found.certain if each.type in types]
        yield from map(_Named, certain)
        if resource.type in types and (found.is_elsewhere or not certain):
            yield _Named(resource)
        yield from (_Named(each, is_found_perhaps=True) for each in found.possible if each.type in types)

    def may_be_elsewhere(self, value: Value) -> bool:
        """Whether what a value is about may be something that a data source finds, or a module has, elsewhere."""
        data = (each for each in self.configuration.resolve(value) if each.type.startswith("data."))
        return is_put_out(value) or any(self.found(each).is_elsewhere for each in data)

    def resolved(self, resource: Resource) -> tuple[Resource, ...]:
        """What a data source finds for certain among what is declared; nothing of what is none."""
        return self.found(resource).certain if resource.type.startswith("data.") else ()

    def found(self, data: Resource) -> Found:
        """What a data source finds among what is declared."""
        if data.address not in self._found:
            self._found[data.address] = Found((), (), is_elsewhere=True)  # of one that looks for itself
            self._found[data.address] = find(data, self.configuration, self.resolve)
        return self._found[data.address]

    def resolve(self, value: Value) -> list[Resource]:
        """The resources that a value refers to; of a data source what it finds for certain, if that is declared."""
        return [
            each for resource in self.configuration.resolve(value) for each in self.resolved(resource) or (resource,)
        ]

    def _mentioned(self, expression: str) -> Iterator[Resource]:
        if self._by_label is None:
            self._by_label = {}
            for address, each in sorted(self.configuration.resources.items()):
                last = ".".join(without_indexes(address).split(".")[-3 if each.type.startswith("data.") else -2 :])
                self._by_label.setdefault(last, []).append(each)
        for label in dict.fromkeys(_MENTION.findall(expression)):
            yield from self._by_label.get(label, ())


def leaves(value: Value) -> Iterator[Value]:
    """The single values in a list, or the one value; nothing for what is not set."""
    if isinstance(value, tuple):
        for each in value:
            yield from leaves(each)
    elif isinstance(value, Unknown) or (value is not None and value != ""):
        yield value


def could_be_anything(value: Value) -> bool:
    """Whether a value may be of anything in the configuration: an unknown that is not made of something else only.

    What a module puts out whose source is not here is something in it, or what it was given.
    """
    return isinstance(value, Unknown) and any(
        not isinstance(each, Reference | ModuleOutput) for each in decisive(value)
    )


def is_put_out(value: Value) -> bool:
    """Whether a value may be something in a module whose source is not here."""
    return isinstance(value, Unknown) and any(isinstance(each, ModuleOutput) for each in decisive(value))


def in_blocks(value: Value) -> Iterator[Value]:
    """The single values in a value, also those in blocks and maps."""
    if isinstance(value, Mapping):
        for each in value.values():
            yield from in_blocks(each)
    elif isinstance(value, tuple):
        for each in value:
            yield from in_blocks(each)
    elif value is not None:
        yield value


def known_text(value: Value) -> str:
    """A value as text. Raises ValueError where it is not known."""
    if isinstance(value, Unknown) or not isinstance(value, str | int | float):
        raise ValueError(f"{label_of(value)} is not known")
    return str(value)


def _short(unknown: UnknownValue) -> str:
    text = str(unknown)
    return text if len(text) <= 120 else f"{text[:117]}..."
