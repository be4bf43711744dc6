"""Single edits that sabotage synthesized Terraform, as data: what is edited, and which rule must say so where."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Edit: TypeAlias = Callable[[dict[str, Any]], None]
"""Changes a stack's document in place."""


@dataclass(frozen=True)
class Mutation:
    """One sabotage."""

    name: str
    rule: str
    """The rule that must find it."""
    path: str
    """The construct path of the resource that the rule must name, below the stack."""
    edit: Edit


def body(document: Mapping[str, Any], type: str, path: str) -> dict[str, Any]:
    """The body of the resource of a type at a construct path below the stack."""
    (found,) = [
        each for each in document["resource"][type].values() if each["//"]["metadata"]["path"].partition("/")[2] == path
    ]
    return found  # type: ignore[no-any-return]


def reference(document: Mapping[str, Any], type: str, path: str, attribute: str = "id") -> str:
    """A reference to an attribute of the resource of a type at a construct path."""
    wanted = body(document, type, path)
    (name,) = [name for name, each in document["resource"][type].items() if each is wanted]
    return f"${{{type}.{name}.{attribute}}}"


def change(type: str, path: str, *at: str | int, to: Any) -> Edit:
    """Set what is at a path of names and indexes in a resource."""

    def edit(document: dict[str, Any]) -> None:
        *way, last = at
        found: Any = body(document, type, path)
        for step in way:
            found = found[step]
        assert not isinstance(found, dict) or found.get(last) != to, "the edit would change nothing"
        found[last] = to

    return edit


def update(type: str, path: str, **attributes: Any) -> Edit:
    """Set several attributes of a resource, such as both ends of a range of ports; None removes one."""

    def edit(document: dict[str, Any]) -> None:
        found = body(document, type, path)
        for name, value in attributes.items():
            if value is None:
                del found[name]
            else:
                found[name] = value

    return edit


def remove(type: str, path: str, *at: str | int) -> Edit:
    """Remove what is at a path of names and indexes in a resource; without a path, the resource."""

    def edit(document: dict[str, Any]) -> None:
        found: Any = body(document, type, path)
        if not at:
            named = document["resource"][type]
            del named[next(name for name, each in named.items() if each is found)]
            return
        for step in at[:-1]:
            found = found[step]
        del found[at[-1]]

    return edit


def add(type: str, path: str, attributes: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Edit:
    """Add a resource at a construct path; `attributes` is given the document, to refer to what is in it."""

    def edit(document: dict[str, Any]) -> None:
        stack = next(iter(document["resource"]["aws_vpc"].values()))["//"]["metadata"]["path"].partition("/")[0]
        name = path.replace("/", "_")
        document["resource"].setdefault(type, {})[name] = {
            **attributes(document),
            "//": {"metadata": {"path": f"{stack}/{path}", "uniqueId": name}},
        }

    return edit
