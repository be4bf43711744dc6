"""The settings described, from the models: as a JSON Schema for editors, as Markdown for people."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, get_origin

from pydantic.fields import FieldInfo

from envs.errors import Path as Keys
from envs.errors import dotted
from envs.settings import Settings
from envs.settings.base import Part
from envs.settings.company import DERIVED, INHERITED, Company
from envs.settings.fields import allowed_values, element_type, is_part, type_of

SCHEMA_PATH = Path(__file__).parent / "schema.json"
"""The JSON Schema that the environment files name in their first line."""
COMPANY_SCHEMA_PATH = Path(__file__).parent / "company.schema.json"
"""The JSON Schema that the company's file names in its first line."""
MARKDOWN_PATH = Path(__file__).parent.parent / "docs" / "settings.md"
"""The reference of all settings."""

_INTRODUCTION = """\
# Settings

Every key of [`envs/company.yaml`](#the-company), which has what all environments share, and of
[`envs/<environment>.yaml`](#the-environment), in the order of the files. `infra env schema --write` writes this page
and the schemas in `envs/` from the models in `envs/settings/`; an editor that reads the first line of a file completes
and checks it with its schema.

An environment takes from the company what its own file does not say, and some names follow from the project and the
environment. `infra env show ENV` prints what comes of it.

Unknown keys are errors, and so are values of another type: a quoted number is no number. Anchors, aliases and tags
are not read. Besides what is allowed for a key alone there are rules between keys, such as replicas against the
address space; an error names the key, the value and what the rule allows.
"""


def render() -> str:
    """The JSON Schema of an environment file, as the text of ``envs/schema.json``."""
    schema = _schema(Settings, "Settings of an environment")
    for path, part in _parts(Settings, ()):
        node = schema["$defs"][part.__name__] if path else schema
        if needed := _needed(part, path):
            node["required"] = needed
        else:
            node.pop("required", None)
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def render_company() -> str:
    """The JSON Schema of the company's file, as the text of ``envs/company.schema.json``."""
    return json.dumps(_schema(Company, "What all environments have in common"), indent=2, ensure_ascii=False) + "\n"


def render_markdown() -> str:
    """The reference of all settings, as the text of ``docs/settings.md``."""
    company = ["## The company\n", *_sections(Company, ())]
    return "\n".join([_INTRODUCTION, *company, "## The environment\n", *_sections(Settings, ())])


def _schema(model: type[Part], title: str) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_tidied(model.model_json_schema()),
        "title": title,
    }


def _parts(part: type[Part], path: Keys) -> Iterator[tuple[Keys, type[Part]]]:
    """A part and those below it by fixed keys, each with its path."""
    yield path, part
    for name, info in part.model_fields.items():
        if is_part(type_of(info).kind):
            yield from _parts(type_of(info).kind, (*path, name))


def _needed(part: type[Part], path: Keys) -> list[str]:
    """The keys that an environment's file has to have: what is required, and neither the company's nor derived."""
    return [name for name, info in part.model_fields.items() if _is_needed(info, (*path, name))]


def _is_needed(info: FieldInfo, path: Keys) -> bool:
    kind = type_of(info).kind
    filled = path in INHERITED or path in DERIVED or (is_part(kind) and not _needed(kind, path))
    return info.is_required() and not filled


def write(path: Path = SCHEMA_PATH) -> None:
    """Write the JSON Schema to ``path``, whole or not at all."""
    _write(path, render())


def write_company(path: Path = COMPANY_SCHEMA_PATH) -> None:
    """Write the JSON Schema of the company's file to ``path``, whole or not at all."""
    _write(path, render_company())


def write_markdown(path: Path = MARKDOWN_PATH) -> None:
    """Write the reference to ``path``, whole or not at all."""
    _write(path, render_markdown())


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}-", delete=False) as file:
        file.write(text)
    try:
        Path(file.name).chmod(0o644)
        os.replace(file.name, path)
    except OSError:
        Path(file.name).unlink()
        raise


def _tidied(node: Any) -> Any:
    """A schema without the titles that pydantic makes from names, and with mappings closed to keys of another form."""
    if isinstance(node, list):
        return [_tidied(item) for item in node]
    if not isinstance(node, dict):
        return node
    tidied = {key: _tidied(item) for key, item in node.items() if key != "title" or not isinstance(item, str)}
    return {**tidied, "additionalProperties": False} if "patternProperties" in tidied else tidied


def _sections(part: type[Part], keys: Keys) -> Iterator[str]:
    nested: list[tuple[Keys, type[Part]]] = []
    if keys:
        yield f"{'#' * min(len(keys) + 1, 4)} {_heading(keys)}\n"
    yield f"{cleandoc(part.__doc__ or '')}\n"
    yield "| key | allowed | default | meaning |\n|---|---|---|---|"
    for name, info in part.model_fields.items():
        yield _row(name, info, (*keys, name) if part is not Company else ())
        field_type = type_of(info)
        kind = field_type.kind if is_part(field_type.kind) else None
        if get_origin(field_type.kind) in (dict, tuple) and is_part(element_type(field_type).kind):
            kind = element_type(field_type).kind
            name = f"{name}[]" if get_origin(field_type.kind) is tuple else f"{name}.*"
        if kind:
            nested.append(((*keys, name), kind))
    yield ""
    for path, kind in nested:
        yield from _sections(kind, path)


def _heading(keys: Keys) -> str:
    return f"`{dotted(keys)}`"


def _row(name: str, info: FieldInfo, path: Keys) -> str:
    field_type = type_of(info)
    allowed = allowed_values(field_type)
    if is_part(field_type.kind):
        allowed = "a mapping, or null" if field_type.nullable else "a mapping"
    elif get_origin(field_type.kind) in (dict, tuple):
        element = element_type(field_type)
        allowed += f"; each: {'a mapping' if is_part(element.kind) else allowed_values(element)}"
    return f"| `{name}` | {_escaped(allowed)} | {_default(info, path)} | {_escaped(info.description or '')} |"


def _escaped(text: str) -> str:
    return re.sub(r"([|*<])", r"\\\1", text)


def _default(info: FieldInfo, path: Keys) -> str:
    """A default as YAML; a part's own defaults stand in its section."""
    if path in INHERITED:
        return "the company's"
    if path in DERIVED:
        return f"`{DERIVED[path]}`"
    if info.is_required():
        return "required" if not path or _is_needed(info, path) else "see below"
    value = info.default
    if isinstance(value, Part):
        return "see below"
    if isinstance(value, dict):
        return f"`{{{', '.join(f'{key}: {{}}' for key in value)}}}`"
    if isinstance(value, tuple):
        return f"`[{', '.join(map(str, value))}]`"
    return f"`{json.dumps(value) if not isinstance(value, str) else value}`"
