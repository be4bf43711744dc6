"""One side of a change: a configuration with all that its proofs say."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from cli.core.access.table import is_listed
from cli.core.access.world import NotDecidable, World, world_of
from cli.core.base.digests import file_digest
from cli.core.change.terms import Terms
from cli.core.reach.network import configuration_at
from policies.access.difference import AccessView
from policies.access.model import AccessModel
from policies.access.read.beside import names_in
from policies.library.gaps import GapKind
from policies.library.joined import joined
from policies.library.model import Configuration
from policies.library.moves import moved, moves_between, renames_between
from policies.library.terraform.addresses import without_indexes
from policies.library.values import written
from policies.reachability.claims.system import System, is_of_this_toolkit
from policies.reachability.difference import NetworkView
from policies.reachability.read import read


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Some stacks of one account, of which the first has the network."""

    name: str
    stacks: tuple[Configuration, ...]
    organization: Path | None = None
    """The directory of the organization's policies, if there is one."""
    files: Mapping[str, str] = field(default_factory=dict)
    """The digest of each file of the stacks, by its name in there."""
    locals: Mapping[str, Hashable] = field(default_factory=dict)
    """The local values of stacks that cdktf wrote, which resources refer to by name."""
    terms: Terms = field(default_factory=Terms)
    """What it is judged by."""
    named_in: AccessModel | None = None
    """Whose policies name callers and places that are there too."""
    may_be_named: bool = False
    """Whether its account may be one that is named elsewhere."""

    @cached_property
    def network(self) -> NetworkView:
        """Who reaches whom."""
        return NetworkView(read(self.stacks[0]))

    @cached_property
    def world(self) -> World:
        """Who may do what. Raises NotDecidable."""
        return world_of(joined(self.stacks), self.organization, beside=self.named_in, may_be_named=self.may_be_named)

    def work_out(self) -> None:
        """Find what any comparison asks for, while something else is waited for. What is not decidable is told then."""
        with contextlib.suppress(NotDecidable):
            _ = self.network, self.access.caller_signatures, self.access.thing_signatures

    @cached_property
    def access(self) -> AccessView:
        """The same to be compared, without those who may do all that nothing denies. Raises NotDecidable."""
        return AccessView(self.world.model, tuple(filter(is_listed, self.world.callers)), self.world.known)

    @cached_property
    def system(self) -> System | None:
        """The network with the names of the claims; None for what is not of this toolkit, or has no claims that can be
        read."""
        known = self.terms.network
        if known is None or not is_of_this_toolkit(self.stacks[0], known):
            return None
        return System(known, self.stacks[0], self.network.network)

    @cached_property
    def written(self) -> tuple[tuple[tuple[str, Hashable], ...], ...]:
        """Of each stack its resources, its providers and what is not here, each with all that is written of it."""
        return tuple(tuple(_written(each)) for each in self.stacks)

    def uncounted(self) -> Mapping[str, str]:
        """What decides how many instances there are of resources of which nobody knows that, by their addresses without
        indexes."""
        return {
            without_indexes(each.address): each.number_unknown
            for stack in self.stacks
            for each in stack.resources.values()
            if each.number_unknown
        }

    def is_forgotten(self, address: str) -> bool:
        """Whether something that was at an address stays in AWS, and is managed no longer."""
        forgotten = (each for stack in self.stacks for each in stack.forgotten)
        return any(address == each or address.startswith((f"{each}.", f"{each}[")) for each in forgotten)

    def as_moved(self, moves: Mapping[str, str]) -> Snapshot:
        """The same with resources at the addresses that they move to."""
        if not moves:
            return self
        return replace(self, stacks=tuple(moved(each, moves) for each in self.stacks))

    def named_as(self, after: Snapshot) -> Snapshot:
        """The same with what another snapshot has of the same name at the address that it has there."""
        pairs = zip(self.stacks, after.stacks, strict=False)
        return self.as_moved({old: new for pair in pairs for old, new in renames_between(*pair).items()})

    def moves_to(self, after: Snapshot) -> Mapping[str, str]:
        """Where the resources are in another snapshot, of those that are at another address there."""
        pairs = zip(self.stacks, after.stacks, strict=False)
        return {old: new for pair in pairs for old, new in moves_between(*pair).items()}


def together(one: Snapshot, other: Snapshot) -> tuple[Snapshot, Snapshot]:
    """Two snapshots, each with the callers and places that policies of the other one name, so that what they allow can
    be compared. Raises NotDecidable."""
    if one.world.model.may_be_named is not other.world.model.may_be_named:
        one, other = (replace(each, may_be_named=True) for each in (one, other))
    if names_in(one.world.model) == names_in(other.world.model):
        return one, other
    return replace(one, named_in=other.world.model), replace(other, named_in=one.world.model)


def snapshot(
    name: str, paths: Sequence[Path], organization: Path | None = None, terms: Terms | None = None
) -> Snapshot:
    """What stacks in directories, or plans as JSON, describe together. Raises NotReadable."""
    stacks = tuple(_named_in(path, configuration_at(path)) for path in paths)
    files = {f"{at} {name}": digest for at, path in enumerate(paths) for name, digest in _files(path)}
    return Snapshot(name, stacks, organization, files=files, locals=dict(_locals(paths)), terms=terms or Terms())


def _written(configuration: Configuration) -> Iterator[tuple[str, Hashable]]:
    for address, each in configuration.resources.items():
        yield address, (each.provider, each.number_unknown, written(each.attributes))
    for name, block in configuration.providers.items():
        yield f"provider.{name}", written(block.attributes)
    for gap in configuration.gaps:
        if gap.kind is GapKind.VARIABLES:
            continue  # no part of it: `compare` looks whether its file differs
        yield gap.where, (gap.text, gap.version, written(gap.arguments))


def _named_in(path: Path, stack: Configuration) -> Configuration:
    """A stack whose files that are not read are named as they are in its directory, wherever that is."""
    gaps = tuple(
        replace(gap, where=name, text=f"{name}{gap.text.removeprefix(gap.where)}")
        for gap in stack.gaps
        for name in [os.path.relpath(gap.where, path) if gap.kind in _FILES else gap.where]
    )
    return replace(stack, gaps=gaps)


_FILES = (GapKind.FILE, GapKind.TOOL, GapKind.VARIABLES)
"""What is not here that is a file."""


def nothing(name: str, stacks: int = 1) -> Snapshot:
    """What is before a first change: so many stacks without a resource."""
    return Snapshot(name, (Configuration({}),) * stacks)


def holds_nothing(path: Path) -> bool:
    """Whether a path is a directory with no file of Terraform, or of a tool around it, anywhere below."""
    return path.is_dir() and next(_files(path), None) is None


def _files(path: Path) -> Iterator[tuple[str, str]]:
    if path.is_file():
        yield "", file_digest(path)
    for file in sorted(path.rglob("*")) if path.is_dir() else ():
        if file.is_file() and file.name.endswith((*TERRAFORM, ".tfvars")):
            yield file.relative_to(path).as_posix(), file_digest(file)


def _locals(paths: Iterable[Path]) -> Iterator[tuple[str, Hashable]]:
    for path in paths:
        file = path / CONFIGURATION
        if file.is_file():
            for name, value in (json.loads(file.read_bytes()).get("locals") or {}).items():
                yield f"local.{name}", json.dumps(value, sort_keys=True)


CONFIGURATION = "cdk.tf.json"
TERRAFORM = (".tf", ".tf.json", ".tofu", ".tofu.json", ".hcl", ".tfvars.json")
"""How the names of files end that go into a configuration."""
