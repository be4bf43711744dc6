"""What the references of the Terraform mean in a plan: values where they are known, else resources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cli.core.base.addresses import module_resources
from cli.core.plans.values import is_marked
from policies.library.values import Value, freeze, interpolated, transform

_EXPRESSION = re.compile(r"(?<!\$)\$\{([^}]*)\}")
_REFERENCE = re.compile(r'((?:data\.)?[\w-]+\.[\w-]+(?:\[[^\]]*\])?)((?:\.[\w-]+|\[\d+\]|\["[^"]*"\])+)')
_STEP = re.compile(r'\.([\w-]+)|\[(\d+)\]|\["([^"]*)"\]')
_LOCAL = re.compile(r"(base64encode\()?local\.([\w-]+)\)?")
_IDENTIFIERS = ("arn", "id", "name", "url")
"""How the attributes end by which policies name a resource."""
_SHORTEST = 6
"""Characters of a value that is looked for within texts: shorter ones stand there by chance."""


@dataclass(frozen=True, slots=True)
class _Known:
    """A resource as far as a plan knows it."""

    values: Mapping[str, Any]
    unknown: Any
    sensitive: Any


class References:
    """The values of the resources and data sources of a plan, by how the Terraform refers to them."""

    def __init__(self, plan: Mapping[str, Any], document: Mapping[str, Any]) -> None:
        self._locals = document.get("locals") or {}
        self._known: dict[str, _Known] = {}
        root = ((plan.get("prior_state") or {}).get("values") or {}).get("root_module") or {}
        for each in module_resources(root):
            if each.get("mode") == "data":
                self._known[each["address"]] = _Known(each.get("values") or {}, {}, each.get("sensitive_values"))
        changes = plan.get("resource_changes") or ()
        self._former = _former(changes)
        for change in changes:
            values = change["change"]
            if values.get("after") is not None:
                unknown = values.get("after_unknown") or {}
                self._known[change["address"]] = _Known(values["after"], unknown, values.get("after_sensitive"))

    def resolved(self, written: Any) -> Value:
        """What the Terraform writes, with values in the place of references where they are known."""
        return transform(freeze(written), lambda text: interpolated(self.text(text)))

    def text(self, template: str) -> str:
        """A text with values in the place of references where they are known and not sensitive."""
        return _EXPRESSION.sub(self._value, template)

    def plain(self, template: str) -> str | None:
        """The text that an argument will hold, references that are not known yet as they are written.

        None for what is made by a function, but for `base64encode` of a local value, which is what user data is.
        """
        single = _EXPRESSION.fullmatch(template)
        named = _LOCAL.fullmatch(single[1]) if single else None
        if named and isinstance(self._locals.get(named[2]), str):
            return self.text(self._locals[named[2]]).replace("$${", "${")
        return None if single else self.text(template).replace("$${", "${")

    def by_reference(self, text: str) -> str:
        """A text with references in the place of values that are about to change.

        What a policy says of a resource that is replaced is the same before and after, though its ARN is not.
        """
        for value, reference in self._former.items():
            text = text.replace(value, reference)
        return text

    def _value(self, found: re.Match[str]) -> str:
        value = self.value(found[1])
        if isinstance(value, bool):
            return str(value).lower()
        return str(value) if isinstance(value, str | int | float) else found[0]

    def value(self, expression: str) -> Any:
        """What an expression means; None for what is not known, is sensitive, or is more than a reference."""
        reference = _REFERENCE.fullmatch(expression)
        known = self._known.get(reference[1]) if reference else None
        if reference is None or known is None:
            return None
        value, unknown, sensitive = known.values, known.unknown, known.sensitive
        for name, at, key in _STEP.findall(reference[2]):
            step = int(at) if at else name or key
            value, unknown, sensitive = (_inner(each, step) for each in (value, unknown, sensitive))
            if value is None or unknown is True or sensitive is True:
                return None
        return None if is_marked(unknown) or is_marked(sensitive) else value


def _former(changes: Iterable[Mapping[str, Any]]) -> Mapping[str, str]:
    """The values that resources lose in a plan without it being known what they get instead, each with its reference;
    the longest first."""
    found: dict[str, str] = {}
    for change in changes:
        values = change["change"]
        unknown = values.get("after_unknown")
        for name, value in (values.get("before") or {}).items():
            is_unknown = isinstance(unknown, Mapping) and unknown.get(name) is True
            if is_unknown and name.endswith(_IDENTIFIERS) and isinstance(value, str) and len(value) >= _SHORTEST:
                found.setdefault(value, f"${{{change['address']}.{name}}}")
    return dict(sorted(found.items(), key=lambda item: -len(item[0])))


def _inner(value: Any, step: str | int) -> Any:
    """What is at a step inside of a value or of marks."""
    if isinstance(step, int):
        return value[step] if isinstance(value, list) and step < len(value) else None
    return value.get(step) if isinstance(value, Mapping) else None
