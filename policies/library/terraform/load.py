"""A directory of Terraform as a `Configuration`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from policies.library.gaps import Gap, GapKind
from policies.library.model import Configuration, Resource
from policies.library.terraform.files import read_directory, sets_variables
from policies.library.terraform.inputs import NO_INPUTS, Inputs, add_inputs
from policies.library.terraform.instance import Instance
from policies.library.terraform.lifecycle import lifecycle
from policies.library.terraform.module import World
from policies.library.values import freeze

_TERRAGRUNT = ("root.hcl", "terragrunt.hcl")
_STACKS = (".tfcomponent.hcl", ".tfdeploy.hcl", ".tfstack.hcl")


def load_directory(path: Path, inputs: Inputs = NO_INPUTS) -> tuple[Configuration, Mapping[Path, str]]:
    """The configuration of a root module, and the files in it that are not understood, with the reason.

    Raises BadInput if the `inputs` do not fit it.
    """
    directory = read_directory(path)
    add_inputs(directory, inputs)
    world = World(directory, inputs.workspace)
    unreadable = dict(directory.unreadable)
    for called in world.directories():
        unreadable.update(called.unreadable)
    return configuration_of(world, tuple(_file_gaps(path, inputs, unreadable))), unreadable


def configuration_of(world: World, gaps: tuple[Gap, ...] = ()) -> Configuration:
    """The configuration of a root module that has been worked out, with files that could not be read."""
    resources = {address: _resource(instance) for address, instance in sorted(world.instances.items())}
    return Configuration(
        resources,
        (*gaps, *world.gaps()),
        frozenset(world.empty),
        world.root.providers(),
        moved=dict(world.moved),
        forgotten=frozenset(world.forgotten),
    )


def _file_gaps(root: Path, inputs: Inputs, unreadable: Mapping[Path, str]) -> Iterator[Gap]:
    for file, reason in sorted(unreadable.items()):
        yield Gap(GapKind.FILE, str(file), f"{file}: {reason}")
    for file in sorted(root.glob("*.hcl")):
        if file.name in _TERRAGRUNT or file.name.endswith(_STACKS):
            yield Gap(GapKind.TOOL, str(file), f"{file}: is for another tool, and is not read")
    if not any(isinstance(each, Path) for each in inputs.variables):
        for file in sorted({*root.glob("*.tfvars*"), *root.glob("*/*.tfvars*")}):
            is_settings = file.name.endswith((".tfvars", ".tfvars.json"))
            if is_settings and not (file.parent == root and sets_variables(file)):
                yield Gap(GapKind.VARIABLES, str(file), f"{file}: sets variables, and is read only where it is named")


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
        depends_on_counts=instance.counts,
        provider=instance.provider,
        source_lines=source_lines(declaration.comment),
        lifecycle=lifecycle(declaration.body),
    )


def construct_path(comment: Mapping[str, Any]) -> str | None:
    """The construct's path that cdktf notes under "//"."""
    metadata = comment.get("metadata")
    path = metadata.get("path") if isinstance(metadata, Mapping) else None
    return path if isinstance(path, str) else None


def source_lines(comment: Mapping[str, Any]) -> tuple[str, ...]:
    """The lines of Python that are noted under "//"."""
    metadata = comment.get("metadata")
    lines = metadata.get("sourceLines") if isinstance(metadata, Mapping) else None
    return tuple(each for each in lines if isinstance(each, str)) if isinstance(lines, list) else ()


def suppressions(comment: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """The suppressions under "//", by rule id."""
    found = freeze(comment.get("suppressions", {}))
    return (
        {rule: each for rule, each in found.items() if isinstance(each, Mapping)} if isinstance(found, Mapping) else {}
    )
