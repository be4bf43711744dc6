"""Each resource of some Terraform, by the part that makes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cli.core.base.addresses import part_of
from cli.core.plans.stateful import loss
from policies.library.model import Configuration, Resource
from policies.library.values import Unknown, UnknownValue, Value

_NAMES = ("name", "bucket", "identifier", "cluster_name", "cluster_identifier", "alias", "domain_name", "key")
"""Arguments that name a resource in AWS; the first that is there counts, then the tag Name."""


@dataclass(frozen=True)
class ListedResource:
    """A resource that Terraform makes."""

    stack: str
    """The stack, or the path, that it is in."""
    part: str
    """The second component of its construct path; of other Terraform its module, empty for the root."""
    type: str
    name: str
    """Its name in AWS; empty where AWS chooses it or it is not known."""
    address: str
    construct_path: str
    """Empty for Terraform that cdktf did not write."""
    source: str
    """The line of Python that makes it, or the file that declares it."""
    loses: str
    """What is lost with it; empty for what holds nothing."""
    number_unknown: str
    """The count or for_each that is not known; there may be none of it, or several."""


@dataclass(frozen=True)
class Group:
    """Resources of one type in one part."""

    part: str
    type: str
    items: tuple[ListedResource, ...]


def items(stack: str, configuration: Configuration) -> list[ListedResource]:
    """The resources of a configuration in the order of parts, types and addresses. Data sources are none."""
    found = (
        _item(stack, resource) for resource in configuration.resources.values() if not resource.type.startswith("data.")
    )
    return sorted(found, key=lambda item: (item.part, item.type, item.address))


def gaps(configuration: Configuration) -> tuple[str, ...]:
    """What belongs to a configuration and was not read: there may be more resources in it."""
    return tuple(dict.fromkeys(gap.text for gap in configuration.gaps))


def groups(found: Iterable[ListedResource]) -> list[Group]:
    """Items by part and type, in their order."""
    by: dict[tuple[str, str], list[ListedResource]] = {}
    for item in found:
        by.setdefault((item.part, item.type), []).append(item)
    return [Group(part, type_, tuple(alike)) for (part, type_), alike in by.items()]


def parts(found: Sequence[ListedResource]) -> list[str]:
    """The parts, each once, in order."""
    return list(dict.fromkeys(item.part for item in found))


def _item(stack: str, resource: Resource) -> ListedResource:
    return ListedResource(
        stack=stack,
        part=part_of(resource),
        type=resource.type,
        name=_name(resource),
        address=resource.address,
        construct_path=resource.construct_path or "",
        source=resource.source_lines[0] if resource.source_lines else resource.file,
        loses=loss(resource.type, _known(resource)),
        number_unknown=resource.number_unknown,
    )


def _known(resource: Resource) -> Mapping[str, Value]:
    return {name: value for name, value in resource.attributes.items() if not isinstance(value, Unknown)}


def _name(resource: Resource) -> str:
    for name in _known_names(resource):
        if name:
            return name
    return ""


def _known_names(resource: Resource) -> Iterator[str]:
    for argument in _NAMES:
        yield _text(resource, argument)
    try:
        tag = resource.mapping("tags").get("Name")
    except UnknownValue:
        return
    yield tag if isinstance(tag, str) else ""


def _text(resource: Resource, argument: str) -> str:
    try:
        return resource.text(argument)
    except UnknownValue:
        return ""
