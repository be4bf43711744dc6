"""What differs within attributes, where the values alone do not say it: statements of policies, text with references.

A policy is compared statement by statement, in words. A text that is not known before the apply is read from the
Terraform, with the references in it that are known by now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cli.core.plans.model import Attribute
from cli.core.plans.names import Names
from cli.core.plans.references import References
from cli.core.plans.texts import changed_lines, decoded
from cli.core.plans.values import SENSITIVE, UNKNOWN
from policies.library.coverage import action_text, text_of
from policies.library.documents import POLICY_ATTRIBUTES, Condition, Document, Statement, document
from policies.library.model import Configuration, Resource
from policies.library.values import UnknownValue, Value, freeze, transform
from policies.library.wording import condition_words, sentence

_SAME = "~ says the same: only names, order or spelling differ"


def detailed(
    attributes: tuple[Attribute, ...],
    resource: Mapping[str, Any],
    written: Mapping[str, Any],
    *,
    references: References,
    names: Names,
) -> tuple[Attribute, ...]:
    """Attributes with the lines that differ in policies and in texts.

    ``resource`` is one of terraform's `resource_changes`, ``written`` what the Terraform sets of it.
    """
    change = resource["change"]

    def one(attribute: Attribute) -> Attribute:
        path = attribute.path
        before, after = change.get("before") or {}, change.get("after") or {}
        if SENSITIVE in (attribute.before, attribute.after) or path not in before:
            return attribute
        is_unknown = attribute.after == UNKNOWN
        if path in POLICY_ATTRIBUTES:
            new = references.resolved(written.get(path)) if is_unknown else after.get(path)
            address = resource["address"]
            present = Resource(_frozen(before), address, address, resource["type"], name="", file="plan")
            words = _Words(names, names.holder(names.subject(present)))
            forms = (before[path], transform(freeze(before[path]), references.by_reference))
            lines = min((_policy_lines(form, new, words) for form in forms), key=len)
            return replace(attribute, lines=lines) if lines else attribute
        template = written.get(path)
        plain = references.plain(template) if is_unknown and isinstance(template, str) else None
        old, text = decoded(path, before[path]), decoded(path, plain)
        if old is not None and text is not None:
            return replace(attribute, lines=changed_lines(old, text))
        return attribute

    return tuple(map(one, attributes))


@dataclass(frozen=True, slots=True)
class _Words:
    """How to say the statements of one policy."""

    names: Names
    holder: str

    def sentence(self, statement: Statement) -> str:
        """A statement in words."""
        target = self.holder if statement.principals else ""
        return sentence(statement, self.names.name, holder=self.holder, target=target)


def _frozen(values: Mapping[str, Any]) -> Mapping[str, Value]:
    return {name: freeze(value) for name, value in values.items()}


def _policy_lines(before: Value, after: Value, words: _Words) -> tuple[str, ...]:
    """What two policies say that the other does not; empty where one is not known."""
    nothing = Configuration({})
    try:
        old, new = document(before, nothing), document(after, nothing)
        return tuple(_changed(old, new, words)) or (_SAME,)
    except UnknownValue:
        return ()


def _changed(before: Document, after: Document, words: _Words) -> Iterator[str]:
    old, new = _only(before.statements, after.statements), _only(after.statements, before.statements)
    for statement in list(new):
        partner = next((each for each in old if each.sid and each.sid == statement.sid), None)
        if partner is None and len(old) == len(new) == 1:
            partner = old[0]
        if partner is not None and partner.effect == statement.effect:
            old.remove(partner)
            new.remove(statement)
            yield f"~ {words.sentence(statement)}"
            yield from _parts(partner, statement, words.names)
    yield from (f"- {words.sentence(statement)}" for statement in old)
    yield from (f"+ {words.sentence(statement)}" for statement in new)


def _parts(before: Statement, after: Statement, names: Names) -> Iterator[str]:
    """The parts of a statement that go and come."""
    old, new = ([*_listed(statement, names)] for statement in (before, after))
    yield from (f"-   {part}" for part in old if part not in new)
    yield from (f"+   {part}" for part in new if part not in old)


def _listed(statement: Statement, names: Names) -> Iterator[str]:
    """Each part of a statement by itself."""
    yield from (
        f"{'everyone but' if statement.inverts_principals else 'for'} {names.name(principal.value)}"
        for principal in statement.principals
    )
    yield from (
        f"{'all actions but' if statement.inverts_actions else 'action'} {text_of(action)}"
        for action in statement.actions
    )
    yield from (
        f"{'everything but' if statement.inverts_resources else 'on'} {text_of(resource)}"
        for resource in statement.resources
    )
    yield from (condition_words(each, names.name, allows=statement.allows) for each in statement.conditions)


def _only(mine: Sequence[Statement], others: Sequence[Statement]) -> list[Statement]:
    """The statements of which no other says the same, whatever its Sid and the order of what it lists."""
    said = {_meaning(statement) for statement in others}
    return [statement for statement in mine if _meaning(statement) not in said]


def _meaning(statement: Statement) -> object:
    return (
        statement.effect,
        (statement.inverts_principals, frozenset((each.kind, text_of(each.value)) for each in statement.principals)),
        (statement.inverts_actions, frozenset(map(action_text, statement.actions))),
        (statement.inverts_resources, frozenset(map(text_of, statement.resources))),
        frozenset(map(_condition, statement.conditions)),
    )


def _condition(condition: Condition) -> tuple[str, str, frozenset[str]]:
    return condition.label.partition(" ")[0].lower(), condition.key, frozenset(map(text_of, condition.values))
