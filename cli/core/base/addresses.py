"""Terraform's addresses of resources, and the resources of a module as terraform shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from policies.library.model import Resource
from policies.library.terraform.addresses import without_indexes

__all__ = ["declared", "module_resources", "part_of", "without_indexes"]


def declared(address: str) -> str:
    """An address as the file that declares the resource has it: without modules and indexes, `aws_lb.this`."""
    parts = without_indexes(address).split(".")
    while len(parts) > 3 and parts[0] == "module":
        del parts[:2]
    return ".".join(parts)


def module_resources(module: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The resources of a module in a plan or a state as JSON, with those of its child modules."""
    yield from module.get("resources") or ()
    for child in module.get("child_modules") or ():
        yield from module_resources(child)


def part_of(resource: Resource) -> str:
    """The part that makes a resource: the second component of its construct path; of other Terraform its module.

    `module.vpc` for `module.vpc.aws_vpc.this[0]`; empty for the root module.
    """
    path = resource.construct_path or ""
    if path.count("/") > 1:
        return path.split("/")[1]
    before = resource.address.removesuffix(f".{resource.type}.{resource.address.rpartition('.')[2]}")
    return before if before != resource.address else ""
