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
from envs.expected import element_of, expected_of, in_words, is_part
from envs.settings import Settings
from envs.settings.base import Part

SCHEMA_PATH = Path(__file__).parent / "schema.json"
"""The JSON Schema that the environment files name in their first line."""
MARKDOWN_PATH = Path(__file__).parent.parent / "docs" / "settings.md"
"""The reference of all settings."""

_INTRODUCTION = """\
# Settings

Every key of `envs/<environment>.yaml`, in the order of the file. `infra env schema --write` writes this page
and `envs/schema.json` from the models in `envs/settings/`; an editor that reads the first line of an environment
file completes and checks it with that schema.

Unknown keys are errors, and so are values of another type: a quoted number is no number. Anchors, aliases and tags
are not read. Besides what is allowed for a key alone there are rules between keys, such as replicas against the
address space; an error names the key, the value and what the rule allows.
"""


def render() -> str:
    """The JSON Schema of an environment file, as the text of ``envs/schema.json``."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_tidied(Settings.model_json_schema()),
        "title": "Settings of an environment",
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def render_markdown() -> str:
    """The reference of all settings, as the text of ``docs/settings.md``."""
    return "\n".join([_INTRODUCTION, *_sections(Settings, ())])


def write(path: Path = SCHEMA_PATH) -> None:
    """Write the JSON Schema to ``path``, whole or not at all."""
    _write(path, render())


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
        return [_tidied(each) for each in node]
    if not isinstance(node, dict):
        return node
    tidied = {key: _tidied(each) for key, each in node.items() if key != "title" or not isinstance(each, str)}
    return {**tidied, "additionalProperties": False} if "patternProperties" in tidied else tidied


def _sections(part: type[Part], keys: Keys) -> Iterator[str]:
    nested: list[tuple[Keys, type[Part]]] = []
    if keys:
        yield f"{'#' * min(len(keys) + 1, 4)} {_heading(keys)}\n"
    yield f"{cleandoc(part.__doc__ or '')}\n"
    yield "| key | allowed | default | meaning |\n|---|---|---|---|"
    for name, info in part.model_fields.items():
        yield _row(name, info)
        expected = expected_of(info)
        kind = expected.kind if is_part(expected.kind) else None
        if get_origin(expected.kind) in (dict, tuple) and is_part(element_of(expected).kind):
            kind, name = element_of(expected).kind, f"{name}[]" if get_origin(expected.kind) is tuple else f"{name}.*"
        if kind:
            nested.append(((*keys, name), kind))
    yield ""
    for path, kind in nested:
        yield from _sections(kind, path)


def _heading(keys: Keys) -> str:
    return f"`{dotted(keys)}`"


def _row(name: str, info: FieldInfo) -> str:
    expected = expected_of(info)
    allowed = in_words(expected)
    if is_part(expected.kind):
        allowed = "a mapping, or null" if expected.nullable else "a mapping"
    elif get_origin(expected.kind) in (dict, tuple):
        element = element_of(expected)
        allowed += f"; each: {'a mapping' if is_part(element.kind) else in_words(element)}"
    return f"| `{name}` | {_escaped(allowed)} | {_default(info)} | {_escaped(info.description or '')} |"


def _escaped(text: str) -> str:
    return re.sub(r"([|*<])", r"\\\1", text)


def _default(info: FieldInfo) -> str:
    """A default as YAML; a part's own defaults stand in its section."""
    if info.is_required():
        return "required"
    value = info.default
    if isinstance(value, Part):
        return "see below"
    if isinstance(value, dict):
        return f"`{{{', '.join(f'{key}: {{}}' for key in value)}}}`"
    if isinstance(value, tuple):
        return f"`[{', '.join(map(str, value))}]`"
    return f"`{json.dumps(value) if not isinstance(value, str) else value}`"
