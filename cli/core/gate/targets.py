"""What there is to scan at a path."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from cli.core.base.errors import ExitCode, InfraError
from cli.core.gate.inventory import Call, Inventory, hcl_inventory, plan_inventory
from cli.core.gate.model import Framework, Problem, Request, Target

IGNORED = ("node_modules", ".terraform", ".serverless")
"""Directories that checkov does not enter either; nor hidden ones."""


_TERRAFORM = (".tf", ".tofu", ".tf.json", ".tofu.json")


class NothingToScan(InfraError, exit_code=ExitCode.GATE):
    """There is no Terraform at a path: a pass would say that something was checked."""


def synthesized(environment: str, directory: Path, shown: Path) -> Target:
    """The stacks of an environment, synthesized to `directory`; the reader finds them in `shown`."""
    root = directory.resolve()
    files = tuple(sorted(root.glob("stacks/*/*.tf.json")))
    if not files:
        raise NothingToScan(f"{environment}: nothing was synthesized")
    return Target(
        name=environment, framework="terraform_json", root=root, files=files, shown=shown, is_environment=True
    )


def at_path(path: Path, request: Request = Request()) -> tuple[Target, ...]:  # noqa: B008 (it is frozen)
    """What there is at a path: a target for each root module in HCL, one for all Terraform JSON, one for all plans.

    Modules that checkov cannot follow from the root modules, such as those that Terraform JSON calls, are targets of
    its built-in rules alone: the rules of the project judge them where they are called. Raises `NothingToScan` when
    there is nothing, or the path does not exist.
    """
    if not path.exists():
        raise NothingToScan(f"{path}: there is no such file or directory")
    root = (path if path.is_dir() else path.parent).resolve()
    at = _At(path, root, path if path.is_dir() else path.parent, request)
    files = list(_walk(root)) if path.is_dir() else [path.resolve()]
    kinds = {file: _framework(file, is_named=not path.is_dir()) for file in files}
    layout = _layout([file for file, kind in kinds.items() if kind in ("terraform", "terraform_json")])
    plans = tuple(file.resolve() for file, kind in kinds.items() if kind == "terraform_plan")  # as checkov does
    targets = [
        *at.modules(layout.roots, layout),
        *at.together("terraform_json", layout.json, request, layout.broken),
        *at.modules(layout.hidden, layout, are_hidden=True),
        *at.together("terraform_json", layout.hidden_json, replace(request, builtin_only=True), layout.broken),
        *at.together("terraform_plan", plans, request, {} if path.is_dir() else _broken_plan(plans)),
    ]
    if not targets:
        raise NothingToScan(
            f"{path}: there is nothing to scan; allowed: a directory with *.tf, *.tofu or *.tf.json files, or a plan, "
            "written by terraform show -json PLANFILE > plan.json"
        )
    return tuple(targets)


@dataclass(frozen=True)
class _At:
    """Makes the targets of a path."""

    path: Path
    root: Path
    shown: Path
    request: Request

    def modules(
        self, roots: Mapping[Path, tuple[Path, ...]], layout: _Layout, *, are_hidden: bool = False
    ) -> Iterator[Target]:
        """A target for each root module in HCL."""
        for module, files in roots.items():
            name = str(self.path)
            if are_hidden or len(roots) > 1:
                name = os.path.normpath(self.shown / module.relative_to(self.root))
            yield Target(
                name=f"{name} (called by Terraform JSON)" if are_hidden else name,
                framework="terraform",
                root=self.root,
                files=files,
                shown=self.shown,
                module=module,
                request=replace(self.request, builtin_only=are_hidden),
                broken=tuple(layout.broken.get(module, ())),
                is_broken=module in layout.broken,
            )

    def together(
        self, framework: Framework, files: tuple[Path, ...], request: Request, broken: Mapping[Path, Sequence[Problem]]
    ) -> Iterator[Target]:
        """A target for files that are scanned together, if there are any."""
        directories = {file.parent for file in files}
        if files:
            yield Target(
                name=str(self.path),
                framework=framework,
                root=self.root,
                files=files,
                shown=self.shown,
                request=request,
                broken=tuple(chain.from_iterable(broken.get(directory, ()) for directory in sorted(directories))),
                is_broken=broken.keys() >= directories,
            )


@dataclass(frozen=True)
class _Layout:
    """The root modules among some files of Terraform, and what belongs to them."""

    roots: Mapping[Path, tuple[Path, ...]]
    """The directories of HCL that no other one calls, with the files of theirs and of what they call in HCL."""
    json: tuple[Path, ...]
    """The Terraform JSON of root modules."""
    hidden: Mapping[Path, tuple[Path, ...]]
    """As `roots`, of directories that are called, and by no root module in a way that checkov follows."""
    hidden_json: tuple[Path, ...]
    """Terraform JSON of directories that are called."""
    broken: Mapping[Path, Sequence[Problem]]
    """By directory: what is not understood there and in what it calls."""


def _layout(files: Sequence[Path]) -> _Layout:
    """Each root module is scanned by itself: of a module that several call checkov follows the calls of one only."""
    own: dict[Path, list[Path]] = {}
    for file in files:
        own.setdefault(file.parent, []).append(file)
    calls: dict[Path, set[Path]] = {directory: set() for directory in own}
    followed: dict[Path, set[Path]] = {directory: set() for directory in own}
    inventory = hcl_inventory(files)
    for call in inventory.calls:
        if call.directory in own and call.directory != call.file.parent:
            calls[call.file.parent].add(call.directory)
            if call.file.suffix == ".tf":
                followed[call.file.parent].add(call.directory)
    outside = _outside(inventory.calls, own)
    roots = _roots(own, calls)
    hcl = {directory: _in_hcl(directory, own, followed) for directory in roots if any(map(_is_hcl, own[directory]))}
    seen = {file.parent for some in hcl.values() for file in some}
    unseen = {directory for directory, some in own.items() if directory not in seen and any(map(_is_hcl, some))}
    hidden = _roots(unseen, {directory: followed[directory] & unseen for directory in unseen})
    is_json = {file for file in files if file.name.endswith(".tf.json")}
    return _Layout(
        roots=hcl,
        json=tuple(file for file in files if file in is_json and file.parent in roots),
        hidden={directory: _in_hcl(directory, own, followed) for directory in hidden},
        hidden_json=tuple(file for file in files if file in is_json and file.parent not in roots),
        broken=_broken((*inventory.problems, *outside.problems), (*inventory.calls, *outside.calls)),
    )


def _outside(calls: Sequence[Call], own: Collection[Path]) -> Inventory:
    """What the modules declare that are called from somewhere else."""
    inventory = Inventory()
    seen = set(own)
    while new := {call.directory for call in calls} - seen:
        seen |= new
        files = (file for directory in sorted(new) if directory.is_dir() for file in sorted(directory.iterdir()))
        found = hcl_inventory([file for file in files if file.name.endswith(_TERRAFORM)])
        inventory.calls += found.calls
        inventory.problems += found.problems
        calls = found.calls
    return inventory


def _broken(problems: Iterable[Problem], calls: Iterable[Call]) -> Mapping[Path, Sequence[Problem]]:
    """What is wrong with files, by the directories that it concerns: their own, and those that call them."""
    callers: dict[Path, set[Path]] = {}
    for call in calls:
        callers.setdefault(call.directory, set()).add(call.file.parent)
    broken: dict[Path, list[Problem]] = {}
    for problem in problems:
        told = replace(problem, text=f"{problem.text}. Mend the file: its root module is not checked before")
        for directory in _reached(Path(problem.file).parent, callers):
            broken.setdefault(directory, []).append(told)
    return broken


def _broken_plan(plans: Sequence[Path]) -> Mapping[Path, Sequence[Problem]]:
    """What is wrong with the plan that is given, if it is no JSON."""
    problems = [problem for problem in plan_inventory(plans).problems if problem.kind == "file-not-json"]
    return {Path(problem.file).parent: [problem] for problem in problems}


def _roots(directories: Iterable[Path], calls: Mapping[Path, set[Path]]) -> Sequence[Path]:
    """The directories that no other one calls; one of those that call each other only."""
    called = set().union(*calls.values())
    roots: list[Path] = []
    seen: set[Path] = set()
    for directory in sorted(directories, key=lambda directory: (directory in called, directory)):
        if directory not in called or directory not in seen:
            seen |= _reached(directory, calls)
            roots.append(directory)
    return roots


def _in_hcl(root: Path, own: Mapping[Path, Sequence[Path]], followed: Mapping[Path, set[Path]]) -> tuple[Path, ...]:
    """The files of HCL of a directory and of what it calls in HCL."""
    return tuple(file for directory in sorted(_reached(root, followed)) for file in own[directory] if _is_hcl(file))


def _is_hcl(file: Path) -> bool:
    return file.suffix in (".tf", ".tofu")


def _reached(start: Path, calls: Mapping[Path, set[Path]]) -> set[Path]:
    """A directory and all that it calls, directly or not."""
    reached, rest = {start}, [start]
    while rest:
        more = calls.get(rest.pop(), set()) - reached
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
    """What a file is. A file that is no JSON is a plan only if the user named it, so that he learns what is wrong.

    Terraform JSON with nothing but Terraform's own settings, as in versions.tf.json, is nothing that checkov can read.
    """
    if file.name.endswith((".tf", ".tofu")):
        return "terraform"
    if file.suffix != ".json":
        return None
    is_terraform = file.name.endswith((".tf.json", ".tofu.json"))
    try:
        document = json.loads(file.read_bytes())
    except (ValueError, RecursionError):
        return "terraform_json" if is_terraform else "terraform_plan" if is_named else None
    if is_terraform:
        is_settings = isinstance(document, dict) and "terraform" in document and document.keys() <= {"terraform", "//"}
        return None if is_settings else "terraform_json"
    return "terraform_plan" if isinstance(document, dict) and "planned_values" in document else None
