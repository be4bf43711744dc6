"""The declarations in a directory of Terraform files, HCL and JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from policies.library.terraform.parse import parse_body, parse_template
from policies.library.terraform.syntax import (
    Body,
    Literal,
    NestedBlock,
    Node,
    Object,
    Source,
    SyntaxFault,
    Tuple,
    block_name,
)

_Key = TypeVar("_Key")
_SUFFIX = re.compile(r"\.(?:tf|tofu)(\.json)?$")


@dataclass(frozen=True)
class Declaration:
    """A resource, data source, module call, variable or output as declared, and the file it is in."""

    labels: tuple[str, ...]
    """Type and name; only the name of what has no type."""
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
    variables: dict[str, Declaration] = field(default_factory=dict)
    locals: dict[str, Node] = field(default_factory=dict)
    outputs: dict[str, Declaration] = field(default_factory=dict)
    providers: list[Declaration] = field(default_factory=list)
    """The configurations of providers, in the order of files."""
    moved: list[tuple[str, str]] = field(default_factory=list)
    """The `moved` blocks: from which address to which, in the order of files."""
    forgotten: list[str] = field(default_factory=list)
    """The addresses in `removed` blocks that destroy nothing."""
    settings: dict[str, Node] = field(default_factory=dict)
    """The values that terraform.tfvars and *.auto.tfvars set, and the same in JSON."""

    @property
    def settings_are_unreadable(self) -> bool:
        """Whether a file that sets variables is not understood."""
        return any(sets_variables(file) for file in self.unreadable)


def is_override(file: Path) -> bool:
    """Whether a file overrides others: `override.tf`, `x_override.tf`, also with .json. Source: "Override Files"."""
    stem = _SUFFIX.sub("", file.name)
    return stem == "override" or stem.endswith("_override")


def overridden(base: Body, override: Body) -> Body:
    """A body with the arguments of another instead of its own; nested blocks of a type are replaced all at once."""
    replaced = {*override.attributes, *map(block_name, override.blocks)}
    attributes = {name: node for name, node in base.attributes.items() if name not in replaced}
    blocks = tuple(block for block in base.blocks if block_name(block) not in replaced)
    return Body({**attributes, **override.attributes}, (*blocks, *override.blocks))


def read_directory(path: Path) -> Directory:
    """Read all Terraform files of a directory. Files that cannot be read are named in `unreadable`."""
    directory = Directory(path)
    names = sorted(path.iterdir()) if path.is_dir() else []
    for file in sorted(_terraform(names), key=is_override):
        directory.files.append(file)
        try:
            content = file.read_text(encoding="utf-8")
            blocks = _json_blocks(_parse_json(content)) if file.suffix == ".json" else _blocks(parse_body(content))
            for block, comment in blocks:
                _declare(directory, file, block, comment)
        except (OSError, ValueError, SyntaxFault, RecursionError) as error:
            directory.unreadable[file] = str(error)
    for file in sorted(filter(sets_variables, names), key=lambda file: (".auto." in file.name, file.name)):
        try:
            directory.settings.update(read_settings(file))
        except (OSError, ValueError, SyntaxFault, RecursionError) as error:
            directory.unreadable[file] = str(error)
    return directory


def _terraform(files: list[Path]) -> list[Path]:
    """The files that OpenTofu reads: its own, which replace Terraform's of the same name, and all others of Terraform.

    Terraform itself would not read its own. Whoever has such files uses OpenTofu.
    """
    named = {file.name: file for file in files if _SUFFIX.search(file.name) and file.is_file()}
    return [
        file
        for name, file in named.items()
        if _SUFFIX.sub(r".tofu\1", name) == name or _SUFFIX.sub(r".tofu\1", name) not in named
    ]


def sets_variables(file: Path) -> bool:
    """Whether Terraform reads a file for values of variables without being told to."""
    plain = file.name.removesuffix(".json")
    return plain == "terraform.tfvars" or plain.endswith(".auto.tfvars")


def read_settings(file: Path) -> Mapping[str, Node]:
    """The values of variables in a file. Raises OSError, ValueError, SyntaxFault, RecursionError."""
    content = file.read_text(encoding="utf-8")
    if file.suffix != ".json":
        return parse_body(content).attributes
    document = _parse_json(content)
    if not isinstance(document, dict):
        raise ValueError("not a JSON object")
    return {name: _constant(value) for name, value in document.items()}


def _parse_json(content: str) -> Any:
    """A JSON document; half a surrogate pair becomes a replacement character, as in Terraform. Raises ValueError."""
    document = json.loads(content, parse_constant=_refuse_constant)
    if "\\ud" not in content.lower():
        return document
    return json.loads(re.sub("[\ud800-\udfff]", "\ufffd", json.dumps(document, ensure_ascii=False)))


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _declare(directory: Directory, file: Path, block: NestedBlock, comment: Mapping[str, Any]) -> None:
    """Take a block in. Raises SyntaxFault if it overrides what is not declared."""
    match block.type, block.labels:
        case "resource", (type_, name):
            _put(directory.resources, (type_, name), Declaration((type_, name), block.body, file, comment))
        case "data", (type_, name):
            labels = (f"data.{type_}", name)
            _put(directory.resources, labels, Declaration(labels, block.body, file, comment))
        case "module", (name,):
            _put(directory.calls, name, Declaration((name,), block.body, file, comment))
        case "variable", (name,):
            _put(directory.variables, name, Declaration((name,), block.body, file))
        case "output", (name,):
            _put(directory.outputs, name, Declaration((name,), block.body, file))
        case "provider", (name,):
            directory.providers.append(Declaration((name,), block.body, file))
        case "locals", ():
            directory.locals.update(block.body.attributes)
        case "moved", ():
            ends = (_address(block.body.attributes.get(name)) for name in ("from", "to"))
            directory.moved.append((next(ends), next(ends)))
        case "removed", ():
            directory.forgotten += _forgotten(block.body)


def _forgotten(removed: Body) -> list[str]:
    """The address in a `removed` block that destroys nothing."""
    rules = (each.body.attributes.get("destroy") for each in removed.blocks if each.type == "lifecycle")
    return [_address(removed.attributes.get("from"))] if any(map(_is_false, rules)) else []


def _is_false(node: Node | None) -> bool:
    node = node.node if isinstance(node, Source) else node
    return isinstance(node, Literal) and node.value in (False, "false")


def _address(node: Node | None) -> str:
    """An address as it is written; empty for what is none."""
    if isinstance(node, Source):
        return node.text.strip().strip('"')
    if isinstance(node, Literal) and isinstance(node.value, str):
        return node.value
    return ""


def _put(declared: dict[_Key, Declaration], key: _Key, declaration: Declaration) -> None:
    """Add a declaration, or override the one of its name."""
    if is_override(declaration.file):
        if key not in declared:
            raise SyntaxFault(f"overrides {'.'.join(declaration.labels)}, which no other file declares")
        base = declared[key]
        declaration = replace(base, body=overridden(base.body, declaration.body))
    declared[key] = declaration


def _blocks(body: Body) -> Iterator[tuple[NestedBlock, Mapping[str, Any]]]:
    for block in body.blocks:
        yield block, {}


def _json_blocks(document: Any) -> Iterator[tuple[NestedBlock, Mapping[str, Any]]]:
    """The blocks of a Terraform JSON document. Raises ValueError."""
    for entry in document if isinstance(document, list) else [document]:
        if not isinstance(entry, dict):
            raise ValueError("not a JSON object")
        for type_, content in entry.items():
            depth = {
                "resource": 2,
                "data": 2,
                "module": 1,
                "variable": 1,
                "output": 1,
                "provider": 1,
                "locals": 0,
                "moved": 0,
                "removed": 0,
            }.get(type_)
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
                contents = [each for _, each in _labelled(spec.get("content", {}), 0, ("dynamic", *labels))]
                inner = [NestedBlock("content", (), _json_body(each)) for each in contents]
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


def _constant(value: Any) -> Node:
    """JSON that is a value, without templates in its texts."""
    if isinstance(value, list):
        return Tuple(tuple(_constant(item) for item in value))
    if isinstance(value, dict):
        return Object(tuple((Literal(key), _constant(item)) for key, item in value.items()))
    return Literal(value)
