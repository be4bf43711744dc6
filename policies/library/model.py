"""One Terraform configuration as the rules see it, the same whether it was HCL, Terraform JSON or a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from policies.library.values import Linked, Unknown, UnknownValue, Value, references

IDENTITIES = ("arn", "id")
"""Attributes by whose known value a resource is found when a plan gives the value instead of the reference."""

NAMES: Mapping[str, tuple[str, ...]] = {
    "aws_dynamodb_table": ("name", "stream_arn"),
    "aws_launch_template": ("name",),
    "aws_s3_bucket": ("bucket",),
    "aws_vpc_endpoint": ("prefix_list_id",),
}
"""Types that are referred to by other attributes than those too, and the attributes."""


@dataclass(frozen=True, eq=False)
class Block:
    """A resource or a block in one: attributes by name, read through methods that fail on what is unknown.

    An attribute that is not set, or null, is None for every method. `place` says where the block is, for messages.
    """

    attributes: Mapping[str, Value] = field(repr=False)
    place: str

    def get(self, name: str) -> Value:
        """The value as it is, which may be unknown or hold unknowns."""
        return self.attributes.get(name)

    def has(self, name: str) -> bool:
        """Whether something is set: a reference or another unknown counts, null, "" and empty lists do not."""
        value = self.get(name)
        return isinstance(value, Unknown) or (value is not None and value not in ("", (), {}))

    def text(self, name: str, default: str = "") -> str:
        """Text, or a number or boolean as Terraform writes it. Raises UnknownValue."""
        value = self._known(name)
        if value is None:
            return default
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, str | int | float):
            return _linked_or_text(value)
        raise self._mistyped(name, value)

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean, also one written as text. `default` is what AWS does when it is not set. Raises UnknownValue."""
        value = self._known(name)
        if value is None:
            return default
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.lower() in ("true", "false", "1", "0"):
            return value.lower() in ("true", "1")
        raise self._mistyped(name, value)

    def number(self, name: str) -> int | None:
        """A whole number, also one written as text. Raises UnknownValue, also for text that is no number."""
        value = self._known(name)
        if value is None or value == "":
            return None
        try:
            return int(value)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            raise self._mistyped(name, value) from None

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts of a list or set; a single one counts as a list. Raises UnknownValue if any is unknown."""
        texts = []
        for value in self.values(name):
            if isinstance(value, Unknown):
                raise UnknownValue(value.expression, f"{self.place}.{name}")
            if not isinstance(value, str | int | float):
                raise self._mistyped(name, value)
            texts.append(_linked_or_text(value))
        return tuple(texts)

    def values(self, name: str) -> tuple[Value, ...]:
        """The items of a list or set, unknown ones and references included; a single value counts as a list of one."""
        value = self.get(name)
        if value is None:
            return ()
        return value if isinstance(value, tuple) else (value,)

    def blocks(self, name: str) -> tuple[Block, ...]:
        """The nested blocks of a name, none if it is not there. Raises UnknownValue if how many is unknown."""
        return tuple(
            Block(attributes, f"{self.place}.{name}[{index}]" if index else f"{self.place}.{name}")
            for index, attributes in enumerate(self._mappings(name))
        )

    def block(self, name: str) -> Block | None:
        """The first nested block of a name: for blocks of which there is at most one."""
        return next(iter(self.blocks(name)), None)

    def mapping(self, name: str) -> Mapping[str, Value]:
        """A map such as `tags`, empty if not set; its values may be unknown. Raises UnknownValue if all is."""
        return next(self._mappings(name), {})

    def _mappings(self, name: str) -> Iterator[Mapping[str, Value]]:
        for value in self.values(name):
            if isinstance(value, Unknown):
                raise UnknownValue(value.expression, f"{self.place}.{name}")
            if isinstance(value, Mapping):
                yield value
            elif value is not None:
                raise self._mistyped(name, value)

    def _known(self, name: str) -> Value:
        value = self.get(name)
        if isinstance(value, Unknown):
            raise UnknownValue(value.expression, f"{self.place}.{name}")
        if isinstance(value, tuple) and len(value) == 1:  # the list that JSON and HCL allow around a single value
            return value[0]
        return value

    def _mistyped(self, name: str, value: Value) -> UnknownValue:
        return UnknownValue(f"a value of an unexpected type: {value!r}", f"{self.place}.{name}")


@dataclass(frozen=True, eq=False)
class Resource(Block):
    """A resource or data source. Two are the same only if they are one object.

    `address` is unique in a configuration.
    """

    address: str
    """Terraform's: `module.m.aws_lb.this[0]`, `data.aws_ami.a`."""
    type: str
    """`aws_lb`; for data sources `data.aws_ami`."""
    name: str
    """The second label, without index."""
    file: str
    """The file that declares it, or the plan."""
    construct_path: str | None = None
    """The construct's path, in Terraform that cdktf wrote."""
    suppressions: Mapping[str, Mapping[str, Value]] = field(default_factory=dict, repr=False)
    """Rule id -> reason, owner, expires; as written on the construct."""


@dataclass(frozen=True, eq=False)
class Configuration:
    """All resources and data sources of one root module with its modules, or of one plan, by address."""

    resources: Mapping[str, Resource]

    @cached_property
    def _by_type(self) -> Mapping[str, tuple[Resource, ...]]:
        by_type: dict[str, list[Resource]] = {}
        for _, resource in sorted(self.resources.items()):
            by_type.setdefault(resource.type, []).append(resource)
        return {type_: tuple(resources) for type_, resources in by_type.items()}

    @cached_property
    def _by_identity(self) -> Mapping[str, Resource]:
        by_identity: dict[str, Resource] = {}
        for _, resource in sorted(self.resources.items()):
            for name in (*IDENTITIES, *NAMES.get(resource.type, ())):
                value = resource.get(name)
                if isinstance(value, str) and value:
                    by_identity.setdefault(value, resource)
        return by_identity

    def of_type(self, *types: str) -> tuple[Resource, ...]:
        """The resources of some types, in the order of types, then of addresses."""
        return tuple(resource for type_ in types for resource in self._by_type.get(type_, ()))

    def resolve(self, value: Value) -> tuple[Resource, ...]:
        """The resources that a value refers to, each once: by reference, by text around references, or by ARN or id.

        Empty where it refers to nothing in this configuration: a literal of elsewhere, a variable without a value.
        """
        resources = {
            reference.address: self.resources[reference.address]
            for reference in references(value)
            if reference.address in self.resources
        }
        for text in _texts(value):
            resource = None if isinstance(text, Linked) else self._by_identity.get(text)
            if resource is not None:
                resources.setdefault(resource.address, resource)
        return tuple(resources.values())

    def refer(self, value: Value, resource: Resource) -> bool:
        """Whether a value refers to a resource."""
        return resource in self.resolve(value)

    def referring(self, resource: Resource, type_: str, *path: str) -> tuple[Resource, ...]:
        """The resources of a type that refer to `resource` in the attribute at `path`, in nested blocks if it is long.

        `referring(subnet, "aws_route_table_association", "subnet_id")`.
        """
        index = self._indexes.get((type_, path))
        if index is None:
            index = self._indexes[type_, path] = self._index(type_, path)
        return index.get(resource.address, ())

    @cached_property
    def _indexes(self) -> dict[tuple[str, tuple[str, ...]], Mapping[str, tuple[Resource, ...]]]:
        return {}

    def _index(self, type_: str, path: tuple[str, ...]) -> Mapping[str, tuple[Resource, ...]]:
        index: dict[str, list[Resource]] = {}
        for each in self.of_type(type_):
            for value in _at(each.attributes, path):
                for target in self.resolve(value):
                    index.setdefault(target.address, []).append(each)
        return {address: tuple(dict.fromkeys(resources)) for address, resources in index.items()}


def _linked_or_text(value: str | int | float) -> str:
    return value if isinstance(value, str) else str(value)


def _texts(value: Value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)


def _at(value: Value, path: Iterable[str]) -> tuple[Value, ...]:
    """The values at a path of names, through lists of blocks."""
    values: tuple[Value, ...] = (value,)
    for name in path:
        steps: list[Value] = []
        for item in values:
            for each in item if isinstance(item, tuple) else (item,):
                if isinstance(each, Mapping):
                    steps.append(each.get(name))
        values = tuple(steps)
    return values
