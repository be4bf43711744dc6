"""The addresses of what holds data, kept in `addresses.json`, so that none is lost by a change of the code.

Terraform knows a resource by its address, and the address comes from the construct's path: whoever renames a construct
would have Terraform destroy the table and make an empty one. So synthesis compares what it made with the manifest. An
address that is gone needs a `moved` entry, which `infra move` writes, or has to be forgotten on purpose.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from cli.core.base.errors import ExitCode, InfraError
from cli.core.base.files import write_whole
from cli.core.base.project import ROOT
from cli.core.plans.reader import construct_paths
from cli.core.plans.stateful import is_stateful
from cli.core.synthesis.publish import BOOTSTRAP

MANIFEST = ROOT / "addresses.json"
"""The manifest: `stateful` has construct paths by stack and address, `moved` the moves, first to last."""

_SHOWN = 3

_FORGET = "infra move --forget"

_NOTHING_DEPLOYED = (
    "Where nothing is deployed yet, no data can be lost, and the manifest is made anew from envs/: "
    "rm addresses.json && infra move --write"
)


class AddressVanished(InfraError, exit_code=ExitCode.SYNTHESIS):
    """Something that holds data is no longer made at its address."""


class NoSuchAddress(InfraError, exit_code=ExitCode.USAGE):
    """An address that was given is not there."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is known of stateful resources."""

    stateful: Mapping[str, Mapping[str, str]]
    """Construct paths by stack and address."""
    moved: tuple[Mapping[str, str], ...]
    """Each with `stack` (`environment` or `bootstrap`), `from` and `to`, and `to_stack` where it goes to the other."""

    def moved_between(self, stack: str, other: str) -> dict[str, str]:
        """What moves from a stack to another one, each `environment` or `bootstrap`: old addresses by new ones."""
        return {
            move["to"]: move["from"] for move in self.moved if (move["stack"], move.get("to_stack")) == (stack, other)
        }


def load(path: Path = MANIFEST) -> Manifest:
    """The manifest; an empty one where there is no file. Raises `InfraError` for a file that is no manifest."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Manifest({}, ())
    marker = next((number for number, line in enumerate(text.splitlines(), 1) if line.startswith("<<<<<<<")), None)
    if marker is not None:
        raise InfraError(f"{path.name}:{marker}: a merge conflict; resolve it, then run infra move --write")
    try:
        document = json.loads(text)
        return Manifest(document["stateful"], tuple(document["moved"]))
    except json.JSONDecodeError as error:
        raise InfraError(f"{path.name}:{error.lineno}: is not JSON: {error.msg}") from None
    except (LookupError, TypeError):
        raise InfraError(f"{path.name}: is not a manifest; it has `stateful` and `moved`, see infra move") from None


def save(manifest: Manifest, path: Path = MANIFEST) -> None:
    """Write the manifest, sorted, whole or not at all."""
    stateful = {stack: dict(sorted(found.items())) for stack, found in sorted(manifest.stateful.items()) if found}
    document = {"stateful": stateful, "moved": list(manifest.moved)}
    write_whole(path, json.dumps(document, indent=2).encode() + b"\n")


def stateful_addresses(document: Mapping[str, Any]) -> dict[str, str]:
    """What of a synthesized stack holds data: construct paths by address."""
    return {
        address: path for address, path in construct_paths(document).items() if is_stateful(address.partition(".")[0])
    }


def guard(directory: Path, manifest: Path = MANIFEST) -> None:
    """Compare every stack that was synthesized to a directory with the manifest. Raises `AddressVanished`."""
    known = load(manifest)
    problems: list[str] = []
    for stack, expected in known.stateful.items():
        file = directory / "stacks" / stack / "cdk.tf.json"
        if file.is_file():
            made = stateful_addresses(json.loads(file.read_bytes()))
            other = file.parent.with_name(_other_stack(stack)) / file.name
            made_there = stateful_addresses(json.loads(other.read_bytes())) if other.is_file() else {}
            problems += [
                _gone_to(other.parent.name, stack, address, path=path, manifest=manifest)
                if address in made_there
                else _problem(stack, address, path=path, made=made, expected=expected, manifest=manifest)
                for address, path in expected.items()
                if address not in made
            ]
    if problems:
        gone = [_NOTHING_DEPLOYED] if any(_FORGET in problem for problem in problems) else []
        raise AddressVanished("\n".join((*problems, *gone)))


def with_stacks(manifest: Manifest, stacks: Mapping[str, Mapping[str, Any]]) -> Manifest:
    """The manifest with everything stateful of some stacks added, by name; nothing is taken away."""
    stateful = {stack: dict(found) for stack, found in manifest.stateful.items()}
    for stack, document in stacks.items():
        stateful.setdefault(stack, {}).update(stateful_addresses(document))
    return Manifest(stateful, manifest.moved)


def with_move(manifest: Manifest, old: str, new: str, stacks: Mapping[str, Mapping[str, Any]]) -> Manifest:
    """The manifest after a resource was renamed, or went to the other stack of its environment. ``old`` and ``new`` are
    addresses or construct paths; ``stacks`` are synthesized ones by name, as they are now. Raises `NoSuchAddress`."""
    stateful = {stack: dict(found) for stack, found in manifest.stateful.items()}
    moved = list(manifest.moved)
    still_made: NoSuchAddress | None = None
    for stack, found in manifest.stateful.items():
        before = _address(old, found)
        if before is None or stack not in stacks:
            continue
        made = stateful_addresses(stacks[stack])
        after = _address(new, made)
        other = _other_stack(stack)
        if after is None and before not in made and other in stacks:
            there = stateful_addresses(stacks[other])
            after = _address(new, there)
            if after is not None and after.partition(".")[0] == before.partition(".")[0]:
                del stateful[stack][before]
                stateful.setdefault(other, {})[after] = there[after]
                _add(moved, {"stack": _kind(stack), "from": before, "to_stack": _kind(other), "to": after})
                continue
        if before in made:
            still_made = still_made or NoSuchAddress(f"{before} is still made in {stack}: rename the construct first")
            continue
        if after is None or after.partition(".")[0] != before.partition(".")[0]:
            news = [f"{address} ({path})" for address, path in made.items() if address not in found]
            hint = f" New in {stack}: {', '.join(news)}." if news else ""
            raise NoSuchAddress(f"{new}: {stack} makes no {before.partition('.')[0]} there.{hint}")
        for source, target in {before: after, **_moved_along(found[before], made[after], stacks[stack])}.items():
            stateful[stack].pop(source, None)
            if target in made:
                stateful[stack][target] = made[target]
            _add(moved, {"stack": _kind(stack), "from": source, "to": target})
    if stateful == manifest.stateful:
        raise still_made or _unknown(manifest, old)
    return Manifest(stateful, tuple(moved))


def _moved_along(old: str, new: str, document: Mapping[str, Any]) -> dict[str, str]:
    """What is made below the construct that got another name: new addresses by those that it had before.

    A bucket's policy and encryption go along with the bucket. Else terraform would delete them at their old addresses
    and make them at the new ones, in any order, and the bucket might end without them. What was not there before does
    no harm: terraform overlooks a move of what is not in the state.
    """
    before, after = old.split("/"), new.split("/")
    while before and after and before[-1] == after[-1]:
        del before[-1], after[-1]
    scope, paths = "/".join(after), construct_paths(document)
    if not scope:
        return {}
    moved = {}
    for address, path in paths.items():
        type_, _, name = address.partition(".")
        if path.startswith(f"{scope}/") and name == unique_id(path):
            source = f"{type_}.{unique_id('/'.join((*before, path.removeprefix(f'{scope}/'))))}"
            if source not in paths:
                moved[source] = address
    return moved


def unique_id(path: str) -> str:
    """The name in the address of a resource, which cdktf makes from its construct path (`makeUniqueId`): the words of
    the path without those that the word before ends in, and eight digits of the path's digest."""
    words: list[str] = []
    for part in path.split("/"):
        word = re.sub(r"[^A-Za-z0-9_-]", "", part)
        if not words or not words[-1].endswith(word):
            words.append(word)
    return "_".join([*words, hashlib.md5(path.encode(), usedforsecurity=False).hexdigest()[:8].upper()])


def _kind(stack: str) -> str:
    """Which of the two stacks of its environment a stack is."""
    return "bootstrap" if stack.endswith(BOOTSTRAP) else "environment"


def _other_stack(stack: str) -> str:
    """The other stack of the same environment."""
    return stack.removesuffix(BOOTSTRAP) if stack.endswith(BOOTSTRAP) else f"{stack}{BOOTSTRAP}"


def _add(moves: list[Mapping[str, str]], move: Mapping[str, str]) -> None:
    """Add a move that another environment has not added before."""
    if move not in moves:
        moves.append(move)


def without(manifest: Manifest, address: str) -> Manifest:
    """The manifest without something that is to go. Raises `NoSuchAddress`."""
    stateful = {
        stack: {each: path for each, path in found.items() if address not in (each, path)}
        for stack, found in manifest.stateful.items()
    }
    if stateful == manifest.stateful:
        raise _unknown(manifest, address)
    return Manifest(stateful, manifest.moved)


def _unknown(manifest: Manifest, name: str) -> NoSuchAddress:
    known = [text for found in manifest.stateful.values() for item in found.items() for text in item]
    near = get_close_matches(name, known, n=1)
    return NoSuchAddress(f"{name} is not in {MANIFEST.name}.{f' Did you mean {near[0]}?' if near else ''}")


def _address(name: str, found: Mapping[str, str]) -> str | None:
    """The address that a name, which may be a construct path, stands for."""
    return next((address for address, path in found.items() if name in (address, path)), None)


def _problem(
    stack: str, address: str, path: str, made: Mapping[str, str], expected: Mapping[str, str], manifest: Path
) -> str:
    """What to say about an address that is gone: where it was known, which line makes what now, what to do."""
    type_ = address.partition(".")[0]
    news = {made[each]: each for each in made if each not in expected and each.partition(".")[0] == type_}
    text = (
        f"{manifest.name}:{_line_in(manifest, address)}: {stack}: {address} ({path}) holds data and is no longer made."
    )
    near = get_close_matches(path, news, n=1, cutoff=0.0)
    if near:
        lines = _lines_of(_changed_part(path, near[0]))
        by = f"{', '.join(lines[:_SHOWN])} makes" if lines else "There is"
        return f"{text} {by} {news[near[0]]} ({near[0]}) instead. If it is the same: infra move {path} {near[0]}"
    lines = _lines_of(path.split("/")[-1]) or _lines_of(path.split("/")[0])
    by = f" {', '.join(lines[:_SHOWN])} made it." if lines else ""
    return f"{text}{by} If it is to go, with its data: {_FORGET} {path}"


def _gone_to(other: str, stack: str, address: str, *, path: str, manifest: Path) -> str:
    """What to say about an address that the other stack of the environment makes now."""
    return (
        f"{manifest.name}:{_line_in(manifest, address)}: {stack}: {address} ({path}) holds data and is no longer made. "
        f"{other} makes it now. If it is the same: infra move {path} {path}"
    )


def _changed_part(old: str, new: str) -> str:
    """The first part of a new construct path that is not as in the old one."""
    before = old.split("/")
    return next((part for at, part in enumerate(new.split("/")) if before[at : at + 1] != [part]), new)


def _line_in(path: Path, address: str) -> int:
    """The line of the manifest that has an address."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if f'"{address}"' in line), 1)


def _lines_of(construct_id: str, root: Path = ROOT) -> list[str]:
    """The lines of the constructs' code that give something an id, as `modules/a.py:1`."""
    return [
        f"{file.relative_to(root).as_posix()}:{line}"
        for file in sorted((root / "modules").rglob("*.py"))
        for line in _calls_with(file, construct_id)
    ]


def _calls_with(file: Path, construct_id: str) -> Iterator[int]:
    """The lines of a file on which a construct is made with an id: `Table(self, "table", ...)`."""
    for node in ast.walk(ast.parse(file.read_bytes(), str(file))):
        if isinstance(node, ast.Call) and len(node.args) > 1:
            second = node.args[1]
            if isinstance(second, ast.Constant) and second.value == construct_id:
                yield node.lineno
