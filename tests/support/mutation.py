"""Single edits that sabotage synthesized Terraform, as data: what is edited, and which rule must say so where."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

Statements: TypeAlias = list[dict[str, Any]]
"""The statements of a policy."""


@dataclass(frozen=True)
class Edit:
    """A change of a stack's document in place."""

    path: str
    """The construct path of what is edited, below the stack."""
    apply: Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Mutation:
    """One sabotage."""

    name: str
    rule: str
    """The rule that must find it."""
    path: str
    """The construct path of the resource that the rule must name, below the stack."""
    edit: Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Reference:
    """An attribute of a resource, as the value of another's attribute."""

    part: Part
    attribute: str

    def text(self, document: Mapping[str, Any]) -> str:
        """The reference as Terraform writes it."""
        body = self.part.body(document)
        (name,) = [name for name, each in document["resource"][self.part.type].items() if each is body]
        return f"${{{self.part.type}.{name}.{self.attribute}}}"


@dataclass(frozen=True)
class Part:
    """A resource by its type and its construct path below the stack, and the edits of it.

    Values that edits set may have references to other resources in them, at any depth.
    """

    type: str
    path: str

    def body(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """The body of the resource."""
        bodies = document["resource"][self.type].values()
        (body,) = [each for each in bodies if each["//"]["metadata"]["path"].partition("/")[2] == self.path]
        return body  # type: ignore[no-any-return]

    def attribute(self, name: str) -> Reference:
        """A reference to an attribute."""
        return Reference(self, name)

    @property
    def id(self) -> Reference:
        """A reference to the id."""
        return Reference(self, "id")

    def change(self, *at: str | int, to: Any) -> Edit:
        """Set what is at a path of names and indexes."""

        def apply(document: dict[str, Any]) -> None:
            *way, last = at
            inner: Any = self.body(document)
            for step in way:
                inner = inner[step]
            value = _written(to, document)
            assert not isinstance(inner, dict) or inner.get(last) != value, "the edit would change nothing"
            inner[last] = value

        return Edit(self.path, apply)

    def update(self, **attributes: Any) -> Edit:
        """Set several attributes, such as both ends of a range of ports; None removes one."""
        return Edit(self.path, lambda document: _set(self.body(document), _written(attributes, document)))

    def remove(self, *at: str | int) -> Edit:
        """Remove what is at a path of names and indexes; without a path, the resource."""

        def apply(document: dict[str, Any]) -> None:
            inner: Any = self.body(document)
            if not at:
                named = document["resource"][self.type]
                del named[next(name for name, each in named.items() if each is inner)]
                return
            for step in at[:-1]:
                inner = inner[step]
            del inner[at[-1]]

        return Edit(self.path, apply)

    def add(self, **attributes: Any) -> Edit:
        """Add the resource."""

        def apply(document: dict[str, Any]) -> None:
            stack = next(iter(document["resource"]["aws_vpc"].values()))["//"]["metadata"]["path"].partition("/")[0]
            name = self.path.replace("/", "_")
            document["resource"].setdefault(self.type, {})[name] = {
                **_written(attributes, document),
                "//": {"metadata": {"path": f"{stack}/{self.path}", "uniqueId": name}},
            }

        return Edit(self.path, apply)

    def policy(self, sabotage: Callable[[Statements], None], at: str = "policy") -> Edit:
        """Change the statements of the policy in an attribute."""

        def apply(document: dict[str, Any]) -> None:
            body = self.body(document)
            policy = json.loads(body[at])
            sabotage(policy["Statement"])
            body[at] = json.dumps(policy)

        return Edit(self.path, apply)

    def statement(self, sid: str, **elements: Any) -> Edit:
        """Set elements of the statement of an id in the policy; None removes one."""
        return self.policy(lambda statements: _set(statement_of(sid, statements), elements))

    def without_statement(self, sid: str) -> Edit:
        """Remove the statement of an id from the policy."""
        return self.policy(lambda statements: statements.remove(statement_of(sid, statements)))


def statement_of(sid: str, statements: Statements) -> dict[str, Any]:
    """The statement of an id."""
    (statement,) = [each for each in statements if each["Sid"] == sid]
    return statement


def all_of(*edits: Edit) -> Edit:
    """Several edits in their order, about what the first is about."""

    def apply(document: dict[str, Any]) -> None:
        for edit in edits:
            edit.apply(document)

    return Edit(edits[0].path, apply)


def by_rule(**sabotages: Sequence[tuple[str, Edit] | tuple[str, Edit, Part]]) -> tuple[Mutation, ...]:
    """Mutations by the rule that must find them: name, edit, and the part that it must name if that is not edited."""
    return tuple(
        Mutation(name, rule, named[0].path if named else edit.path, edit.apply)
        for rule, entries in sabotages.items()
        for name, edit, *named in entries
    )


def _set(body: dict[str, Any], attributes: Mapping[str, Any]) -> None:
    for name, value in attributes.items():
        if value is None:
            del body[name]
        else:
            body[name] = value


def _written(value: Any, document: Mapping[str, Any]) -> Any:
    """A value with the references in it written as Terraform does."""
    if isinstance(value, Reference):
        return value.text(document)
    if isinstance(value, Mapping):
        return {name: _written(each, document) for name, each in value.items()}
    return [_written(each, document) for each in value] if isinstance(value, list) else value
