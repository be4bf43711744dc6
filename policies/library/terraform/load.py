"""A directory of Terraform as a `Configuration`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from policies.library.model import Configuration, Resource
from policies.library.terraform.instance import Instance
from policies.library.terraform.module import World
from policies.library.values import freeze


def load_directory(path: Path) -> tuple[Configuration, Mapping[Path, str]]:
    """The configuration of a root module, and the files in it that are not understood, with the reason."""
    world = World(path)
    resources = {address: _resource(instance) for address, instance in sorted(world.instances.items())}
    unreadable = dict(world.directory.unreadable)
    for directory in world.directories():
        unreadable.update(directory.unreadable)
    return Configuration(resources), unreadable


def _resource(instance: Instance) -> Resource:
    declaration = instance.declaration
    type_, name = declaration.labels
    return Resource(
        attributes=instance.attributes(),
        place=instance.address,
        address=instance.address,
        type=type_,
        name=name,
        file=str(declaration.file),
        construct_path=construct_path(declaration.comment),
        suppressions=suppressions(declaration.comment),
    )


def construct_path(comment: Mapping[str, Any]) -> str | None:
    """The construct's path that cdktf notes under "//"."""
    metadata = comment.get("metadata")
    path = metadata.get("path") if isinstance(metadata, Mapping) else None
    return path if isinstance(path, str) else None


def suppressions(comment: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """The suppressions under "//", by rule id."""
    found = freeze(comment.get("suppressions", {}))
    return (
        {rule: each for rule, each in found.items() if isinstance(each, Mapping)} if isinstance(found, Mapping) else {}
    )
