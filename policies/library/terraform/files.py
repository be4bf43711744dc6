"""The declarations in a directory of Terraform files, HCL and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from policies.library.terraform.parse import parse_body, parse_template
from policies.library.terraform.syntax import Body, Literal, NestedBlock, Node, Object, Source, SyntaxFault, Tuple


@dataclass(frozen=True)
class Declaration:
    """A resource, data source or module call as declared, and the file it is in."""

    labels: tuple[str, ...]
    """Type and name; of a module call the name."""
    body: Body
    file: Path
    comment: Mapping[str, Any] = field(default_factory=dict)
    """What Terraform JSON has under "//": cdktf's metadata and suppressions."""


@dataclass
class Directory:
    """What the files of one directory declare, by name."""

    path: Path
    files: list[Path] = field(default_factory=list)
    unreadable: dict[Path, str] = field(default_factory=dict)
    """Files that are not understood, with the reason."""
    resources: dict[tuple[str, str], Declaration] = field(default_factory=dict)
    """By type (`data.x` for data sources) and name."""
    calls: dict[str, Declaration] = field(default_factory=dict)
    variables: dict[str, Body] = field(default_factory=dict)
    locals: dict[str, Node] = field(default_factory=dict)
    outputs: dict[str, Node] = field(default_factory=dict)
    settings: dict[str, Node] = field(default_factory=dict)
    """The values that terraform.tfvars and *.auto.tfvars set."""

    @property
    def settings_are_unreadable(self) -> bool:
        """Whether a file that sets variables is not understood."""
        return any(file.name.endswith(".tfvars") for file in self.unreadable)


def read_directory(path: Path) -> Directory:
    """Read all Terraform files of a directory. Files that cannot be read are named in `unreadable`."""
    directory = Directory(path)
    names = sorted(path.iterdir()) if path.is_dir() else []
    for file in names:
        if not file.name.endswith((".tf", ".tf.json")) or not file.is_file():
            continue
        directory.files.append(file)
        try:
            content = file.read_text(encoding="utf-8")
            blocks = _json_blocks(json.loads(content)) if file.suffix == ".json" else _blocks(parse_body(content))
            for block, comment in blocks:
                _declare(directory, file, block, comment)
        except (OSError, ValueError, SyntaxFault, RecursionError) as error:
            directory.unreadable[file] = str(error)
    for file in sorted(names, key=lambda file: (file.name != "terraform.tfvars", file.name)):
        if file.name == "terraform.tfvars" or file.name.endswith(".auto.tfvars"):
            try:
                directory.settings.update(parse_body(file.read_text(encoding="utf-8")).attributes)
            except (OSError, ValueError, SyntaxFault) as error:
                directory.unreadable[file] = str(error)
    return directory


def _declare(directory: Directory, file: Path, block: NestedBlock, comment: Mapping[str, Any]) -> None:
    declaration = Declaration(block.labels, block.body, file, comment)
    match block.type, block.labels:
        case "resource", (type_, name):
            directory.resources[type_, name] = declaration
        case "data", (type_, name):
            directory.resources[f"data.{type_}", name] = replace(declaration, labels=(f"data.{type_}", name))
        case "module", (name,):
            directory.calls[name] = declaration
        case "variable", (name,):
            directory.variables[name] = block.body
        case "output", (name,):
            directory.outputs[name] = block.body.attributes.get("value", Literal(None))
        case "locals", ():
            directory.locals.update(block.body.attributes)


def _blocks(body: Body) -> Iterator[tuple[NestedBlock, Mapping[str, Any]]]:
    for block in body.blocks:
        yield block, {}


def _json_blocks(document: Any) -> Iterator[tuple[NestedBlock, Mapping[str, Any]]]:
    """The blocks of a Terraform JSON document. Raises ValueError."""
    for entry in document if isinstance(document, list) else [document]:
        if not isinstance(entry, dict):
            raise ValueError("not a JSON object")
        for type_, content in entry.items():
            depth = {"resource": 2, "data": 2, "module": 1, "variable": 1, "output": 1, "locals": 0}.get(type_)
            if depth is not None:
                for labels, body in _labelled(content, depth, ()):
                    comment = body.get("//")
                    yield NestedBlock(type_, labels, _json_body(body)), comment if isinstance(comment, dict) else {}


def _labelled(content: Any, depth: int, labels: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    for entry in _listed(content):
        if not isinstance(entry, dict):
            raise ValueError(f"{'.'.join(labels) or 'a block'}: not a JSON object")
        if depth == 0:
            yield labels, entry
        else:
            for label, inner in entry.items():
                if label != "//":
                    yield from _labelled(inner, depth - 1, (*labels, label))


def _listed(content: Any) -> Iterable[Any]:
    return content if isinstance(content, list) else [content]


def _json_body(content: Mapping[str, Any]) -> Body:
    attributes: dict[str, Node] = {}
    blocks: list[NestedBlock] = []
    for name, value in content.items():
        if name == "dynamic":
            for labels, spec in _labelled(value, 1, ()):
                inner = [NestedBlock("content", (), _json_body(each)) for each in _listed(spec.get("content", {}))]
                rest = {key: _json_node(each) for key, each in spec.items() if key != "content"}
                blocks.append(NestedBlock("dynamic", labels, Body(rest, tuple(inner))))
        elif name != "//":
            attributes[name] = _json_node(value)
    return Body(attributes, tuple(blocks))


def _json_node(value: Any) -> Node:
    if isinstance(value, str):
        node = parse_template(value)
        return node if isinstance(node, Literal) else Source(node, value)
    if isinstance(value, list):
        return Tuple(tuple(_json_node(item) for item in value))
    if isinstance(value, dict):
        if isinstance(value.get("dynamic"), dict | list):
            return _json_body(value)
        return Object(tuple((parse_template(key), _json_node(item)) for key, item in value.items() if key != "//"))
    return Literal(value)
