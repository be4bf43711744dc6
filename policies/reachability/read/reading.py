"""What all parts of the reader share: the configuration, what had to be assumed, and values that may be unknown."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TypeVar

from policies.library.model import Block, Configuration, Resource
from policies.library.terraform.addresses import without_indexes
from policies.library.values import Reference, Unknown, UnknownValue, Value, label_of, references
from policies.reachability.network import Assumption

T = TypeVar("T")

_MENTION = re.compile(r"\b((?:data\.)?[a-z0-9]+_[A-Za-z0-9_]+\.[A-Za-z0-9_-]+)")


class Reading:
    """A configuration that is being read, and the assumptions made on the way."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self._assumptions: dict[tuple[str, str], Assumption] = {}
        self._by_label: dict[str, list[Resource]] | None = None

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
        return self._assumptions.setdefault((resource.address if resource else "", text), Assumption(text, resource))

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
        """The resources of some types that one value is about, in order.

        Where an expression cannot be worked out, the ones it mentions: it chooses among them.
        """
        found = [each for each in self.configuration.resolve(value) if each.type in types]
        if not found and isinstance(value, Unknown) and not isinstance(value, Reference):
            found = [each for each in self._mentioned(value.expression) if each.type in types]
        return found

    def owners(self, resource: Resource, name: str, types: Collection[str], widens: bool = True) -> list[Resource]:
        """The resources of some types that `resource` belongs to by one attribute.

        All of them if it can be any, which is assumed where that lets more through: not for what denies.
        """
        value = resource.get(name)
        owners: list[Resource] = []
        for each in leaves(value):
            named = self.named(each, types)
            if not named and widens and could_be_anything(each):
                named = list(self.configuration.of_type(*sorted(types)))
                if named:
                    self.assume(f"{name} is not known: taken for any that there is", resource)
            owners += named
        return list(dict.fromkeys(owners))

    def is_sure(self, resource: Resource, name: str) -> bool:
        """Whether it is known what an attribute names: `owners` gives no more than that then."""
        return all(
            self.configuration.resolve(each) or not could_be_anything(each) for each in leaves(resource.get(name))
        )

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
    """Whether a value may be of anything in the configuration: an unknown that is no reference to something else."""
    return isinstance(value, Unknown) and not any(True for _ in references(value))


def known_text(value: Value) -> str:
    """A value as text. Raises ValueError where it is not known."""
    if isinstance(value, Unknown) or not isinstance(value, str | int | float):
        raise ValueError(f"{label_of(value)} is not known")
    return str(value)


def _short(unknown: UnknownValue) -> str:
    text = str(unknown)
    return text if len(text) <= 120 else f"{text[:117]}..."
