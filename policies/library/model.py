"""One Terraform configuration as the rules see it, the same whether it was HCL, Terraform JSON or a plan."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from policies.library.gaps import Gap, GapKind
from policies.library.values import (
    Input,
    Linked,
    ModuleOutput,
    OneOf,
    Partial,
    Reference,
    Unknown,
    UnknownValue,
    Value,
    WrongValue,
    alternatives,
    leaves,
    references,
    unknowns,
)

_Read = TypeVar("_Read")

IDENTITIES = ("arn", "id")
"""Attributes by whose known value a resource is found when a plan gives the value instead of the reference."""

NAMES: Mapping[str, tuple[str, ...]] = {
    "aws_dax_subnet_group": ("name",),
    "aws_db_parameter_group": ("name",),
    "aws_db_subnet_group": ("name",),
    "aws_docdb_subnet_group": ("name",),
    "aws_dynamodb_table": ("name", "stream_arn"),
    "aws_elasticache_subnet_group": ("name",),
    "aws_launch_configuration": ("name",),
    "aws_launch_template": ("name",),
    "aws_memorydb_subnet_group": ("name",),
    "aws_neptune_subnet_group": ("name",),
    "aws_rds_cluster_parameter_group": ("name",),
    "aws_redshift_subnet_group": ("name",),
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
        return any(isinstance(each, Unknown) or each not in (None, "", (), {}) for each in alternatives(value))

    def text(self, name: str, default: str = "") -> str:
        """Text, or a number or boolean as Terraform writes it. Raises UnknownValue."""

        def read(value: Value) -> str:
            if value is None:
                return default
            if isinstance(value, bool):
                return str(value).lower()
            if isinstance(value, str | int | float):
                return _linked_or_text(value)
            raise self._mistyped(name, value)

        return self._known(name, read)

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean, also one written as text. `default` is what AWS does when it is not set. Raises UnknownValue."""

        def read(value: Value) -> bool:
            if value is None:
                return default
            if isinstance(value, bool):
                return value
            if isinstance(value, str) and value.lower() in ("true", "false", "1", "0"):
                return value.lower() in ("true", "1")
            raise self._mistyped(name, value)

        return self._known(name, read)

    def number(self, name: str) -> int | None:
        """A whole number, also one written as text. Raises UnknownValue, also for text that is no number."""

        def read(value: Value) -> int | None:
            if value is None or value == "":
                return None
            try:
                return int(value)  # type: ignore[arg-type]
            except (TypeError, ValueError):
                raise self._mistyped(name, value) from None

        return self._known(name, read)

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts of a list or set; a single one counts as a list. Raises UnknownValue if any is unknown."""
        texts = []
        for value in self.values(name):
            if isinstance(value, Unknown):
                raise value.failure(f"{self.place}.{name}")
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
                raise value.failure(f"{self.place}.{name}")
            if isinstance(value, Mapping):
                yield value
            elif value is not None:
                raise self._mistyped(name, value)

    def _known(self, name: str, read: Callable[[Value], _Read]) -> _Read:
        """What `read` makes of a value; of one of several, if it makes the same of all. Raises UnknownValue."""
        value = self.get(name)
        results: list[_Read] = []
        for each in alternatives(value):
            single = each[0] if isinstance(each, tuple) and len(each) == 1 else each  # JSON and HCL allow such a list
            if isinstance(single, Unknown):
                raise single.failure(f"{self.place}.{name}")
            results.append(read(single))
        if any(each != results[0] for each in results) and isinstance(value, Unknown):
            raise value.failure(f"{self.place}.{name}")
        return results[0]

    def _mistyped(self, name: str, value: Value) -> UnknownValue:
        return WrongValue(repr(value), f"{self.place}.{name}", "a value of an unexpected type")


@dataclass(frozen=True)
class Lifecycle:
    """What a resource says about its own changes, each as it is written: `tags["a"]`, `aws_kms_key.k.arn`."""

    ignores: tuple[str, ...] = ()
    """Arguments that Terraform leaves as they are; `all` for every one."""
    replaced_with: tuple[str, ...] = ()
    """Resources, or attributes of them, with whose change this one is made anew."""
    prevents_destroy: bool = False
    """Whether Terraform refuses each plan that destroys it."""


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
    private_words: frozenset[str] = frozenset()
    """What the team that wrote it calls private, beside what the rules take for it."""
    depends_on_counts: frozenset[str] = frozenset()
    """What `number_unknown` tells as text, by which two resources are known to be made together."""

    provider: str = ""
    """Which configuration of its provider makes it, if it says so: `aws.ireland`."""
    source_lines: tuple[str, ...] = ()
    """The lines of Python that make it, as `modules/runtime/source_lines.py` notes them: `modules/edge/dns.py:40`."""
    lifecycle: Lifecycle = Lifecycle()
    """What it says about its own changes; nothing where a plan tells of it."""

    @property
    def number_unknown(self) -> str:
        """The expressions of `count` and `for_each`, of its own or of calls, that are unknown; empty if none is.

        Where it is not empty this resource stands for none, one or several of it.
        """
        return ", ".join(sorted(self.depends_on_counts))

    def is_made_with(self, other: Resource) -> bool:
        """Whether there is one of it wherever there is an `other`, as far as count and for_each decide."""
        return self.depends_on_counts <= other.depends_on_counts


@dataclass(frozen=True, eq=False)
class Possible:
    """Something that may be linked, or hold what is."""

    unknown: UnknownValue
    """What, and why nobody can tell: `aws_flow_log.f.vpc_id = var.vpc (the variable has no value here)`."""
    resource: Resource | None
    """The resource that may be linked; None for what is not in this configuration."""


@dataclass(frozen=True, eq=False)
class Links:
    """The resources at the other ends of a link: certain ones, and what may be more of them.

    It works like a tuple of the certain ones, but cannot be mistaken for all there is: iterating raises UnknownValue
    after the last one if there may be more, and its truth if none is certain and one is possible. So `any`, `all` and
    loops over it are exact, and a rule that asks for something gets "unknown" instead of "absent".
    """

    certain: tuple[Resource, ...]
    possible: tuple[Possible, ...] = ()
    uncounted: tuple[Resource, ...] = ()
    """Those of the possible ones that are linked if they are there, or if they are what they may be."""

    def __iter__(self) -> Iterator[Resource]:
        yield from self.certain
        self.require_all()

    def __bool__(self) -> bool:
        if not self.certain:
            self.require_all()
        return bool(self.certain)

    def each(self) -> tuple[Resource, ...]:
        """Those of which each must be right, as AWS keeps one of them, and one may not be made: policies of a bucket.

        Raises UnknownValue if none is certain and one possible.
        """
        return (*self.certain, *self.uncounted) if self else ()

    def where(self, holds: Callable[[Resource], bool]) -> Links:
        """Those of them of which something holds; of possible ones nobody knows."""
        return Links(tuple(filter(holds, self.certain)), self.possible, tuple(filter(holds, self.uncounted)))

    def then(self, step: Callable[[Resource], Links]) -> Links:
        """What is at the end of a further link from each of them."""
        further = joined(map(step, self.certain))
        return Links(further.certain, (*self.possible, *further.possible), further.uncounted)

    def may_be_there(self) -> bool:
        """Whether there is one, or may be."""
        return bool(self.certain or self.possible)

    def require_all(self) -> None:
        """Raises UnknownValue if there may be more than the certain ones."""
        for possible in self.possible:
            raise possible.unknown


def joined(several: Iterable[Links]) -> Links:
    """All of several links, each once."""
    links = list(several)
    return Links(
        tuple(dict.fromkeys(each for one in links for each in one.certain)),
        tuple(each for one in links for each in one.possible),
        tuple(dict.fromkeys(each for one in links for each in one.uncounted)),
    )


@dataclass(frozen=True, eq=False)
class Configuration:
    """All resources and data sources of one root module with its modules, or of one plan, by address."""

    resources: Mapping[str, Resource]
    gaps: tuple[Gap, ...] = ()
    """What belongs to it and could not be read."""
    empty: frozenset[str] = frozenset()
    """Addresses of resources and module calls of which count or for_each make no instance."""
    providers: Mapping[str, Block] = field(default_factory=dict)
    """The root module's configurations of providers, as `Resource.provider` names them: `aws`, `aws.ireland`."""
    moved: Mapping[str, str] = field(default_factory=dict)
    """Addresses of resources and modules that were other ones before: the new by the old, as the root module says."""
    forgotten: frozenset[str] = frozenset()
    """Addresses of resources and modules that stay in AWS, and that Terraform no longer manages."""
    beside: Sequence[Configuration] = field(default=(), repr=False)
    """All that is judged at once, this one too, for rules about several stacks; whoever reads them fills it."""

    @cached_property
    def _by_type(self) -> Mapping[str, tuple[Resource, ...]]:
        by_type: dict[str, list[Resource]] = {}
        for _, resource in sorted(self.resources.items()):
            by_type.setdefault(resource.type, []).append(resource)
        return {type_: tuple(resources) for type_, resources in by_type.items()}

    @cached_property
    def _by_identity(self) -> Mapping[Hashable, tuple[Resource, ...]]:
        by_identity: dict[Hashable, dict[str, Resource]] = {}
        for _, resource in sorted(self.resources.items()):
            for name in (*IDENTITIES, *NAMES.get(resource.type, ())):
                value = resource.get(name)
                if (isinstance(value, str) and value) or isinstance(value, Input | Partial):
                    by_identity.setdefault(_identity(value), {}).setdefault(resource.type, resource)
        return {name: tuple(of_types.values()) for name, of_types in by_identity.items()}

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
        for name in _names(value):
            for resource in self._by_identity.get(_identity(name), ()):
                resources.setdefault(resource.address, resource)
        return tuple(resources.values())

    def targets(self, value: Value, *types: str) -> Links:
        """The resources that a value refers to, of some types if any are named; unlike `resolve` with what it may.

        What is not in this configuration, such as a literal id or a data source, is possible, as nobody sees it here.
        """
        certain = tuple(each for each in self.resolve(value) if not types or each.type in types)
        return Links(certain, tuple(Possible(each, None) for each in self._elsewhere(value)))

    def declared(self, value: Value, *types: str) -> Links:
        """The resources of some types that a value refers to or may refer to; what is elsewhere is none of them."""
        certain = tuple(each for each in self.resolve(value) if each.type in types)
        opaque = tuple(_single(value))
        if not opaque:
            return Links(certain)
        others = (each for each in self.of_type(*types) if each not in certain)
        return Links(
            certain,
            tuple(
                Possible(_open(value, ""), each) for each in others if any(self._may_be(one, each) for one in opaque)
            ),
        )

    def _elsewhere(self, value: Value) -> Iterator[UnknownValue]:
        if isinstance(value, tuple):
            for item in value:
                yield from self._elsewhere(item)
        elif isinstance(value, Partial):
            for part in value.parts:
                if isinstance(part, Unknown):
                    yield from self._elsewhere(part)
        elif isinstance(value, Unknown):
            if not isinstance(value, Reference) or value.address not in self.resources:
                yield value.failure()
        elif isinstance(value, str) and value and not self.resolve(value):
            yield UnknownValue(repr(value), reason="it is not in this configuration")

    def may_refer(self, value: Value, resource: Resource) -> bool:
        """Whether a value refers to a resource, or cannot be told from one that does.

        A variable without a value, and text, may be a name that somebody chose, but no id that AWS has yet to give. An
        output of a module that is not here may be what the module was given. A data source may find what has its name.
        """
        return self.refer(value, resource) or any(self._may_be(each, resource) for each in _single(value))

    def _may_be(self, value: Value, resource: Resource) -> bool:
        """Whether one value that does not refer to a resource may do so."""
        names = [resource.get(name) for name in NAMES.get(resource.type, ())]
        if isinstance(value, Partial):
            pattern = "".join(re.escape(part) if isinstance(part, str) else ".*" for part in value.parts)
            return any(
                isinstance(name, Unknown) or (isinstance(name, str) and bool(re.fullmatch(pattern, name)))
                for name in names
            ) or any(self._may_be(part, resource) for part in value.parts if not isinstance(part, str | Input))
        if isinstance(value, str):
            return not isinstance(value, Linked) and any(map(_is_input, names))
        if isinstance(value, Reference):
            return value.type == f"data.{resource.type}" and self._may_find(value.address, resource)
        if isinstance(value, Input):
            return bool(names)
        if isinstance(value, ModuleOutput):
            given = [gap.arguments for gap in self.gaps if gap.kind is GapKind.MODULE and gap.where == value.call]
            return bool(names) or any(self.may_refer(arguments, resource) for arguments in given)
        if isinstance(value, OneOf):
            return any(self.may_refer(each, resource) for each in value.alternatives)
        if isinstance(value, Unknown):
            return any(self.may_refer(each, resource) for each in value.made_of) if value.made_of else True
        return False

    def _may_find(self, address: str, resource: Resource) -> bool:
        """Whether a data source of a resource's type may find it: by the same name, as nobody knows its id yet."""
        found = self.resources.get(address)
        names = NAMES.get(resource.type, ())
        pairs = [(found.get(name) if found else None, resource.get(name)) for name in names]
        return any(
            one is None or isinstance(one, Unknown) or isinstance(other, Unknown) or one == other
            for one, other in pairs
        )

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

    def referrers(self, resource: Resource, type_: str, *path: str) -> Links:
        """The resources of a type that refer to `resource`, as `referring`, and those that may.

        Possible are those whose value at `path` may name it, those whose number is unknown, and modules that are given
        it and whose source is not here.
        """
        listed = self.referring(resource, type_, *path)
        certain = tuple(each for each in listed if each.is_made_with(resource))
        uncounted = tuple(each for each in listed if not each.is_made_with(resource))
        possible = [
            Possible(UnknownValue(each.address, reason=f"there may be none of it: {each.number_unknown}"), each)
            for each in uncounted
        ]
        is_named_by_text = any(_is_input(resource.get(name)) for name in NAMES.get(resource.type, ()))
        for each, value in self._open_values(type_, path, is_named_by_text):
            if each not in listed and self._may_be(value, resource):
                place = ".".join((each.address, *path))
                possible.append(Possible(_open(value, place), each))
                if any(self.refer(one, resource) for one in alternatives(value)):
                    uncounted = (*uncounted, each)
        return Links(certain, (*possible, *self._in_modules(resource)), uncounted)

    def _in_modules(self, resource: Resource) -> tuple[Possible, ...]:
        """The modules that are not here and are given a resource, or may be."""
        if resource.address not in self._given:
            self._given[resource.address] = tuple(
                Possible(UnknownValue(gap.where, reason=gap.text.removeprefix(f"{gap.where}: ")), None)
                for gap in self.gaps
                if gap.kind is GapKind.MODULE and self.may_refer(gap.arguments, resource)
            )
        return self._given[resource.address]

    @cached_property
    def _given(self) -> dict[str, tuple[Possible, ...]]:
        return {}

    def _open_values(self, type_: str, path: tuple[str, ...], by_name: bool) -> tuple[tuple[Resource, Value], ...]:
        """The values at a path that do not say for certain what they refer to; text only `by_name`."""
        key = (type_, path, by_name)
        if key not in self._open:
            self._open[key] = tuple(
                (each, single)
                for each in self.of_type(type_)
                for value in _at(each.attributes, path)
                for single in _single(value)
                if by_name or isinstance(single, Unknown)
            )
        return self._open[key]

    @cached_property
    def _open(self) -> dict[tuple[str, tuple[str, ...], bool], tuple[tuple[Resource, Value], ...]]:
        return {}

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


def _names(value: Value) -> Iterator[Value]:
    """The texts in a value that may be a name, unknown ones too, and not those that say what they refer to."""
    if isinstance(value, str | Input | Partial) and not isinstance(value, Linked):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _names(item)


def _identity(value: Value | Unknown) -> Hashable:
    """Equal for texts that are the same whatever the variables are: `var.name` twice, `"${var.name}-logs"` twice."""
    if isinstance(value, Partial):
        return tuple(_identity(part) for part in value.parts)
    if isinstance(value, Reference):
        return (value.address, value.attribute)
    return value if isinstance(value, str) else id(value)


def _single(value: Value) -> Iterator[Value]:
    """The texts and unknowns in a value, at whatever depth, that are no reference to a managed resource."""
    if isinstance(value, tuple):
        for item in value:
            yield from _single(item)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _single(item)
    elif isinstance(value, Reference):
        if value.type.startswith("data."):
            yield value
    elif isinstance(value, Unknown | str) and not isinstance(value, Linked):
        yield value


def _open(value: Value, place: str) -> UnknownValue:
    """What to say of a value of which nobody knows what it refers to."""
    for unknown in unknowns(value):
        return unknown.failure(place)
    return UnknownValue(repr(value), place, "it may be the name of something else")


def _is_input(value: Value) -> bool:
    """Whether a name is one that a variable decides, so that any text may be it."""
    return isinstance(value, Unknown) and any(isinstance(leaf, Input) for leaf in leaves(value))


def _at(value: Value, path: Iterable[str]) -> tuple[Value, ...]:
    """The values at a path of names, through lists of blocks."""
    values: tuple[Value, ...] = (value,)
    for name in path:
        steps: list[Value] = []
        for item in values:
            for each in item if isinstance(item, tuple) else (item,):
                if isinstance(each, Mapping):
                    steps.append(each.get(name))
                elif isinstance(each, Unknown):
                    steps.append(each)
        values = tuple(steps)
    return values
