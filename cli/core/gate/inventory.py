"""Counts what is on disk, independently of checkov: whatever checkov leaves out is noticed."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cli.core.base.addresses import module_resources
from cli.core.base.source_lines import SourceLine, lines_in
from cli.core.gate.model import Problem

_RULE = re.compile(r"CKV2?_[A-Z0-9]+_\d+")


@dataclass(frozen=True)
class Declaration:
    """A resource or data source that a file declares."""

    file: Path
    type: str
    """`aws_lb`; for data sources `data.aws_ami`."""
    address: str
    """In its module: `aws_lb.this`. In a plan the whole address with its index."""
    repeated: bool = False
    """Whether it has count or for_each, which may make none of it."""
    source_lines: tuple[SourceLine, ...] = ()
    """The Python that makes it."""


@dataclass(frozen=True)
class Call:
    """A module call."""

    file: Path
    name: str
    source: str
    repeated: bool = False
    """Whether it has count or for_each, which may make none of it."""

    @property
    def directory(self) -> Path:
        """Where a local source is."""
        return (self.file.parent / self.source).resolve()


@dataclass
class Inventory:
    """What some files declare."""

    resources: list[Declaration] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def json_inventory(files: Sequence[Path]) -> Inventory:
    """What Terraform JSON declares."""
    inventory = Inventory()
    for file in files:
        document = _load(file, inventory.problems)
        if document is None:
            continue
        for settings in _objects(document.get("terraform")):
            if "required_version" in settings:
                text = f"{file}: terraform.required_version: checkov checks nothing in JSON that has it; remove it"
                inventory.problems.append(Problem("terraform-version-block", text, str(file)))
        for block, prefix in (("resource", ""), ("data", "data.")):
            for type_, name, body in _labelled(document.get(block)):
                inventory.resources.append(
                    Declaration(
                        file,
                        f"{prefix}{type_}",
                        address=f"{prefix}{type_}.{name}",
                        repeated=any(map(_is_repeated, _objects(body))),
                        source_lines=lines_in(body),
                    )
                )
        for calls in _objects(document.get("module")):
            for name, body in calls.items():
                inventory.calls += [
                    Call(file, name, str(call.get("source", "")), _is_repeated(call)) for call in _objects(body)
                ]
    return inventory


def plan_inventory(files: Sequence[Path]) -> Inventory:
    """What plans make or keep: the resources in `planned_values`, except those that Terraform is told to forget."""
    inventory = Inventory()
    for file in files:
        document = _load(file, inventory.problems)
        if document is None:
            continue
        if document.get("errored"):
            text = f"{file}: terraform could not plan everything, so there is more than this plan shows"
            inventory.problems.append(Problem("plan-incomplete", text, str(file)))
        try:
            planned = list(_planned_resources(file, document))
            inventory.resources += planned
            lacking = [name for name in _PLAN_PARTS if planned and name not in document]
            if lacking:
                text = f"{file}: lacks {', '.join(lacking)}, without which nobody knows what is unknown and what "
                text += "refers to what; terraform show -json PLANFILE writes it whole"
                inventory.problems.append(Problem("plan-incomplete", text, str(file)))
        except (AttributeError, LookupError, TypeError) as error:
            text = f"{file}: is not what terraform show -json writes: {type(error).__name__}: {error}"
            inventory.problems.append(Problem("file-not-parsed", text, str(file)))
    return inventory


_PLAN_PARTS = ("terraform_version", "resource_changes", "configuration")
"""What every plan has, of whatever version. Source: Terraform's "JSON Output Format"."""


def _planned_resources(file: Path, plan: Mapping[str, Any]) -> Iterator[Declaration]:
    """The resources of a plan."""
    forgotten = {
        change["address"]
        for change in plan.get("resource_changes") or ()
        if (change.get("change") or {}).get("actions") == ["forget"]
    }
    for resource in module_resources((plan["planned_values"] or {}).get("root_module") or {}):
        if resource["address"] not in forgotten:
            prefix = "data." if resource.get("mode") == "data" else ""
            yield Declaration(file, f"{prefix}{resource['type']}", resource["address"])


def hcl_inventory(files: Sequence[Path]) -> Inventory:
    """What HCL declares."""
    from policies.library.terraform.files import read_directory  # 0.1 s: hcl2, for HCL only

    inventory = Inventory()
    for directory in sorted({file.parent for file in files}):
        content = read_directory(directory)
        for file, reason in sorted(content.unreadable.items()):
            is_json = file.suffix != ".json" or _load(file, []) is not None
            kind = "file-not-parsed" if is_json else "file-not-json"
            inventory.problems.append(Problem(kind, f"{file}: {reason}", str(file)))
        for (type_, name), declaration in content.resources.items():
            if declaration.file in files:
                repeated = _is_repeated(declaration.body.attributes)
                inventory.resources.append(Declaration(declaration.file, type_, f"{type_}.{name}", repeated))
        for name, declaration in content.calls.items():
            if declaration.file in files:
                attributes = declaration.body.attributes
                source = str(getattr(attributes.get("source"), "value", ""))
                inventory.calls.append(Call(declaration.file, name, source, _is_repeated(attributes)))
    return inventory


@dataclass(frozen=True)
class RuleFiles:
    """The files of a directory of rules, read without running them."""

    ids: Mapping[str, Path]
    problems: tuple[Problem, ...]


def rule_files(checks: Path) -> RuleFiles:
    """The rule that each Python file below a directory defines: the text given for `id` in a call."""
    ids: dict[str, Path] = {}
    problems: list[Problem] = []
    files = sorted(path for path in checks.rglob("*.py") if not path.name.startswith("__"))
    if not files:
        problems.append(Problem("rules-missing", f"{checks}: there is no rule"))
    for directory in sorted({parent for file in files for parent in file.parents if parent.is_relative_to(checks)}):
        if not (directory / "__init__.py").is_file():
            text = f"{directory}: has no __init__.py, so checkov loads no rule from it"
            problems.append(Problem("rules-directory-without-init", text))
    for file in files:
        try:
            rules = _ids(ast.parse(file.read_bytes()))
        except SyntaxError as error:
            problems.append(Problem("rule-not-loaded", f"{file}:{error.lineno}: {error.msg}"))
            continue
        except (OSError, ValueError) as error:
            problems.append(Problem("rule-not-loaded", f"{file}: {error}"))
            continue
        if not rules:
            problems.append(Problem("rule-without-id", f"{file}: defines no rule, or one whose id is no literal text"))
        for rule in rules:
            if rule in ids:
                text = f"{rule} is defined in {ids[rule]} and again in {file}; checkov loads only one of them"
                problems.append(Problem("rule-duplicated", text))
            ids.setdefault(rule, file)
    return RuleFiles(ids, tuple(problems))


def _ids(tree: ast.AST) -> list[str]:
    """The ids of rules in a file: `Rule(id="CKV2_...")`, or `id = "CKV..."` as checkov's own checks have it."""
    named = [
        (keyword.arg, keyword.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
    ]
    named += [
        (target.id, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
    return [
        str(value.value)
        for name, value in named
        if name == "id" and isinstance(value, ast.Constant) and _RULE.fullmatch(str(value.value))
    ]


def _load(file: Path, problems: list[Problem]) -> dict[str, Any] | None:
    """A JSON document that is an object; otherwise None, and a problem."""
    try:
        document = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        problems.append(Problem("file-not-json", f"{file}: {error}", str(file)))
        return None
    if not isinstance(document, dict):
        text = f"{file}: received {type(document).__name__}; allowed: an object"
        problems.append(Problem("file-not-json", text, str(file)))
        return None
    return document


def _is_repeated(body: Iterable[str]) -> bool:
    """Whether a block is made as often as count or for_each say."""
    return not {"count", "for_each"}.isdisjoint(body)


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """The objects of a value that may be one, or a list of them; comments left out."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            yield {key: inner for key, inner in item.items() if key != "//"}


def _labelled(value: Any) -> Iterator[tuple[str, str, Any]]:
    """Type, name and body of resources or data sources."""
    for types in _objects(value):
        for type_, names in types.items():
            for resources in _objects(names):
                for name, body in resources.items():
                    yield type_, name, body
