"""Suppressions: which are honoured, and what is wrong with the others.

A suppression is an entry of the mapping `"//".suppressions` of a resource in Terraform JSON, written by the construct:
rule id -> `{"reason": ..., "owner": ..., "expires": "2027-12-31"}`. It is honoured for that resource and that rule, if
it says why and who answers for it, until the end of the day on which it expires.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

RULE_ID = "CKV2_MEALS_001"
"""The rule that suppressions themselves must meet. It cannot be suppressed."""

Place = TypeVar("Place", bound=Hashable)
"""Whatever identifies a resource."""


@dataclass(frozen=True)
class Suppression:
    """A complete suppression."""

    rule: str
    reason: str
    owner: str
    expires: datetime.date
    """The last day on which it is honoured."""

    def __str__(self) -> str:
        return f"{self.reason} ({self.owner}, until {self.expires})"


class IncompleteSuppression(Exception):
    """A suppression cannot be honoured, whatever the day. The text says why."""


@dataclass(frozen=True)
class SuppressionResult(Generic[Place]):
    """What the suppressions of some resources come to."""

    honoured: Mapping[tuple[Place, str], Suppression]
    """By resource and rule; each of these failed."""
    wrong: Mapping[Place, tuple[str, ...]]
    """By resource, a sentence for each suppression that is incomplete, expired or not needed."""


def read(rule: str, entry: object) -> Suppression:
    """A suppression from what stands in the JSON. Raises `IncompleteSuppression`."""
    if not isinstance(entry, Mapping):
        raise IncompleteSuppression(f"{rule}: received {entry!r}; allowed: a mapping of reason, owner and expires")
    texts = {name: entry.get(name) for name in ("reason", "owner", "expires")}
    for name, text in texts.items():
        if not isinstance(text, str) or not text.strip():
            raise IncompleteSuppression(f"{rule}: has no {name}")
    try:
        expires = datetime.date.fromisoformat(str(texts["expires"]))
    except ValueError:
        raise IncompleteSuppression(
            f"{rule}: expires is {texts['expires']!r}; allowed: a date such as 2027-12-31"
        ) from None
    return Suppression(rule, str(texts["reason"]), str(texts["owner"]), expires)


def judge(
    declared: Mapping[Place, object],
    failed: Collection[tuple[Place, str]],
    *,
    is_judged: Callable[[str], bool],
    today: datetime.date,
) -> SuppressionResult[Place]:
    """Compare the suppressions of resources with the findings.

    `declared` is `"//".suppressions` of each resource that has one; `failed` holds resource and rule of every finding;
    `is_judged` tells whether a rule was run, since of another nobody can say that its suppression is not needed.
    """
    honoured: dict[tuple[Place, str], Suppression] = {}
    wrong: dict[Place, list[str]] = {}
    for place, entries in declared.items():
        problems = wrong.setdefault(place, [])
        if not isinstance(entries, Mapping):
            problems.append(f"suppressions: received {entries!r}; allowed: a mapping of rule ids")
            continue
        for rule in sorted(key for key in entries if not key.startswith("__")):  # line numbers of a parser
            try:
                suppression = read(rule, entries[rule])
            except IncompleteSuppression as incomplete:
                problems.append(str(incomplete))
                continue
            if rule == RULE_ID:
                problems.append(f"{rule}: this rule cannot be suppressed")
            elif suppression.expires < today:
                problems.append(f"{rule}: expired on {suppression.expires}")
            elif (place, rule) in failed:
                honoured[place, rule] = suppression
            elif is_judged(rule):
                problems.append(f"{rule}: is not needed, the rule finds nothing here")
    return SuppressionResult(honoured, {place: tuple(problems) for place, problems in wrong.items() if problems})
