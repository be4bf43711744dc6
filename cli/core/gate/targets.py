"""What there is to scan at a path."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from cli.core.base.errors import ExitCode, InfraError
from cli.core.gate.inventory import hcl_inventory
from cli.core.gate.model import Framework, Target

IGNORED = ("node_modules", ".terraform", ".serverless")
"""Directories that checkov does not enter either; nor hidden ones."""


class NothingToScan(InfraError, exit_code=ExitCode.GATE):
    """There is no Terraform at a path: a pass would say that something was checked."""


def synthesized(environment: str, directory: Path, shown: Path) -> Target:
    """The stacks of an environment, synthesized to `directory`; the reader finds them in `shown`."""
    root = directory.resolve()
    files = tuple(sorted(root.glob("stacks/*/*.tf.json")))
    if not files:
        raise NothingToScan(f"{environment}: nothing was synthesized")
    return Target(name=environment, framework="terraform_json", root=root, files=files, shown=shown)


def at_path(path: Path) -> tuple[Target, ...]:
    """What there is at a path: a target for each root module in HCL, one for all Terraform JSON, one for all plans.

    Raises `NothingToScan` when there is none, or the path does not exist.
    """
    if not path.exists():
        raise NothingToScan(f"{path}: there is no such file or directory")
    root = (path if path.is_dir() else path.parent).resolve()
    shown = path if path.is_dir() else path.parent
    files: dict[Framework, list[Path]] = {"terraform": [], "terraform_json": [], "terraform_plan": []}
    for file in _walk(root) if path.is_dir() else [path.resolve()]:
        framework = _framework(file, is_named=not path.is_dir())
        if framework:
            files[framework].append(file.resolve() if framework == "terraform_plan" else file)  # as checkov does
    targets: list[Target] = []
    modules = root_modules(files["terraform"])
    for module, module_files in modules.items():
        name = str(path) if len(modules) == 1 else os.path.normpath(shown / module.relative_to(root))
        targets.append(
            Target(name=name, framework="terraform", root=root, files=module_files, shown=shown, module=module)
        )
    rest: tuple[Framework, ...] = ("terraform_json", "terraform_plan")
    targets += [
        Target(name=str(path), framework=framework, root=root, files=tuple(files[framework]), shown=shown)
        for framework in rest
        if files[framework]
    ]
    if not targets:
        raise NothingToScan(
            f"{path}: there is nothing to scan; allowed: a directory with *.tf or *.tf.json files, or a plan, written "
            "by terraform show -json PLANFILE > plan.json"
        )
    return tuple(targets)


def root_modules(files: Sequence[Path]) -> Mapping[Path, tuple[Path, ...]]:
    """The directories of HCL that no other one calls as a module, with the files of theirs and of what they call.

    Each is scanned by itself: of a module that several root modules call checkov follows the calls of one only.
    """
    own: dict[Path, list[Path]] = {}
    for file in files:
        own.setdefault(file.parent, []).append(file)
    calls: dict[Path, set[Path]] = {directory: set() for directory in own}
    for call in hcl_inventory(files).calls:
        calls[call.file.parent] |= {call.directory} & own.keys() - {call.file.parent}
    called = set().union(*calls.values())
    roots: dict[Path, tuple[Path, ...]] = {}
    seen: set[Path] = set()
    for directory in sorted(own, key=lambda directory: (directory in called, directory)):
        if directory not in called or directory not in seen:  # the latter of modules that call each other only
            reached = _reached(directory, calls)
            seen |= reached
            roots[directory] = tuple(file for module in sorted(reached) for file in own[module])
    return roots


def _reached(start: Path, calls: Mapping[Path, set[Path]]) -> set[Path]:
    """A directory and all that it calls, directly or not."""
    reached, rest = {start}, [start]
    while rest:
        more = calls[rest.pop()] - reached
        reached |= more
        rest += more
    return reached


def _walk(root: Path) -> Iterator[Path]:
    """The files below a directory that checkov would look at, in order."""
    for directory, names, files in os.walk(root):
        names[:] = sorted(name for name in names if name not in IGNORED and not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                yield Path(directory, name)


def _framework(file: Path, *, is_named: bool) -> Framework | None:
    """What a file is. A file that is no JSON is a plan only if the user named it, so that he learns what is wrong."""
    if file.name.endswith(".tf"):
        return "terraform"
    if file.name.endswith(".tf.json"):
        return "terraform_json"
    if file.suffix != ".json":
        return None
    try:
        document = json.loads(file.read_bytes())
    except (ValueError, RecursionError):
        return "terraform_plan" if is_named else None
    return "terraform_plan" if isinstance(document, dict) and "planned_values" in document else None
