"""Reading the claims: everything that is wrong with the file is one error, with file, line and what is allowed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from envs.errors import Path as KeyPath
from envs.errors import Problem, SettingsError, dotted
from envs.positions import Document, read
from policies.reachability.claims.models import (
    EXTERNALS,
    PORT_TAGS,
    RESERVED,
    At,
    Claim,
    Claims,
    Over,
    PartAt,
    PortAt,
    Row,
)

FILE = Path(__file__).resolve().parents[2] / "claims.yaml"
"""The claims of this system."""


class ClaimsError(Exception):
    """The claims cannot be used; the text has a line for each thing that is wrong."""


@cache
def claims() -> Claims:
    """The claims of this system. Raises ClaimsError."""
    return parse(FILE.read_bytes(), file="policies/claims.yaml")


def parse(content: bytes, *, file: str) -> Claims:
    """The claims in a YAML text; `file` names it in errors. Raises ClaimsError."""
    try:
        document = read(content, file=file)
    except SettingsError as error:
        raise ClaimsError(str(error)) from None
    try:
        parsed = Claims.model_validate(document.data)
    except ValidationError as error:
        problems = [_problem(each, document) for each in error.errors(include_url=False)]
    else:
        problems = list(_unknown_names(parsed, document)) or list(_cycles(parsed, document))
        if not problems:
            return parsed
    raise ClaimsError("\n".join(map(str, sorted(problems, key=lambda each: (each.line, each.column)))))


def _problem(details: Mapping[str, Any], document: Document) -> Problem:
    path: KeyPath = tuple(step for step in details["loc"] if step not in PORT_TAGS)
    if details["type"] == "extra_forbidden":
        known = _keys(path[:-1])
        line, column, _ = document.key_place(path)
        hint = _nearest(str(path[-1]), known)
        return Problem(
            document.file,
            line,
            column,
            key=dotted(path),
            received="an unknown key",
            allowed=f"one of {', '.join(known)}",
            hint=hint,
        )
    line, column, text = document.value_place(path)
    missing = details["type"] == "missing"
    received = "no such key" if missing else text
    allowed = "a value, for the key is required" if missing else str(details["msg"]).removeprefix("Input should be ")
    return Problem(document.file, line, column, key=dotted(path), received=received, allowed=allowed)


def _nearest(word: str, known: Iterable[str]) -> str:
    """The hint for a word that is not known."""
    from envs.messages import nearest  # here: it comes with all settings, and is needed when something is wrong only

    return nearest(word, known)


def _keys(path: KeyPath) -> list[str]:
    """The keys of the mapping at a path that takes only some."""
    model: type[BaseModel]
    match path:
        case ():
            model = Claims
        case ("parts" | "outside", _):
            model = PartAt
        case ("ports", _):
            model = PortAt
        case ("claims", _):
            model = Claim
        case ("claims", _, "over"):
            model = Over
        case ("claims", _, "must" | "may", _):
            model = Row
        case _:
            model = At
    return sorted(info.alias or name for name, info in model.model_fields.items())


def _unknown_names(claims_read: Claims, document: Document) -> Iterator[Problem]:
    """Names that are used and not defined, and those that are defined twice."""
    for path, name, is_port in claims_read.named():
        known = sorted(claims_read.ports if is_port else claims_read.names)
        if name not in known:
            line, column, _ = document.value_place(path)
            kind = "port" if is_port else "part"
            allowed = f"one of {', '.join(known)}"
            yield Problem(
                document.file,
                line,
                column,
                key=dotted(path),
                received=f"the unknown {kind} {name}",
                allowed=allowed,
                hint=_nearest(name, known),
            )
    sections = [(section, name) for section in ("parts", "outside", "groups") for name in getattr(claims_read, section)]
    taken = {*EXTERNALS, *RESERVED}
    for section, name in sections:
        if name in taken:
            line, column, _ = document.key_place((section, name))
            yield Problem(
                document.file,
                line,
                column,
                key=f"{section}.{name}",
                received=f"the name {name} again",
                allowed="a new name",
            )
        taken.add(name)


def _cycles(found: Claims, document: Document) -> Iterator[Problem]:
    """Groups that contain themselves."""
    for group in found.groups:
        seen: set[str] = set()
        rest = list(found.groups[group])
        while rest:
            name = rest.pop()
            if name not in seen and name in found.groups:
                seen.add(name)
                rest += found.groups[name]
        if group in seen:
            line, column, _ = document.key_place(("groups", group))
            yield Problem(
                document.file,
                line,
                column,
                key=f"groups.{group}",
                received="a group within itself",
                allowed="other names",
            )
