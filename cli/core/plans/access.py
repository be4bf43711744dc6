"""What in a plan widens access: what is open afterwards and was not before, and restrictions that are gone.

What a resource opens, `policies.library.openings` works out. All resources that open something on the same role,
bucket, group or table are compared together, before and after: a rule that moves to another address, or a policy that
is written anew, opens nothing. References to resources of the plan mean these resources, also where their ARNs are not
known yet. What depends on something else that is not known before the apply may widen access, and is told apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cli.core.base.addresses import declared
from cli.core.plans.model import Access, Widening
from cli.core.plans.names import Names
from cli.core.plans.references import References
from policies.library.documents import POLICY_ATTRIBUTES
from policies.library.model import Configuration, Resource
from policies.library.openings import Grant, Opening, Rule, openings, refusals, restrictions
from policies.library.values import Unknown, Value, freeze, transform

_UNCHANGED = (["no-op"], ["read"], ["forget"])
_SOURCE = "aws_iam_policy_document"
_READ_BACK = frozenset({*POLICY_ATTRIBUTES, "acl", "egress", "ingress", "managed_policy_arns", "route"})


@dataclass(slots=True)
class _Side:
    """What is open on one subject, before or after."""

    open: list[tuple[str, Opening]] = field(default_factory=list)
    """Each with the address of the resource that opens it."""
    closed: list[tuple[str, list[Opening]]] = field(default_factory=list)
    """Restrictions, each in the forms that it may be written in."""
    refused: list[Rule] = field(default_factory=list)
    """Entries of a network ACL that refuse."""

    def add(self, resource: Resource, own: Resource, sources: Configuration) -> None:
        """What one resource opens, and what it closes as its `own` arguments say."""
        self.open += [(resource.address, each) for each in openings(resource, sources)]
        self.closed += [(resource.address, [each]) for each in restrictions(own, sources)]
        self.refused += refusals(resource)

    def add_form(self, resource: Resource, own: Resource, sources: Configuration) -> None:
        """Another form of the resource that was added last: what it says with references in the place of values."""
        self.open += [(resource.address, each) for each in openings(resource, sources)]
        others = list(restrictions(own, sources))
        if others:
            for (_, forms), other in zip(self.closed[-len(others) :], others, strict=True):
                forms.append(other)

    def openings(self) -> Iterator[tuple[str, Opening]]:
        """What is open, entries of network ACLs with those that refuse a part of it before them."""
        for address, opening in self.open:
            if isinstance(opening, Rule) and self.refused:
                before = (each for each in self.refused if each.kind == opening.kind and each.number < opening.number)
                opening = replace(opening, refusals=tuple(each for each in before if each.may_meet(opening)))
            yield address, opening


def access(
    changes: Iterable[Mapping[str, Any]],
    document: Mapping[str, Any],
    paths: Mapping[str, str],
    *,
    references: References,
    names: Names,
) -> tuple[Access, ...]:
    """Everything in a plan that widens access, or may: first what is certain, and of it first what is public."""
    reader = _Reader([change for change in changes if change.get("mode") == "managed"], document, references, names)
    is_public: dict[Access, bool] = {}
    for subject, address, opening in reader.widened():
        entry = Access(
            address=address,
            construct_path=paths.get(declared(address), ""),
            how=Widening.WIDENS if opening.is_known else Widening.MAY_WIDEN,
            text=opening.said(names.name, reader.holder(opening, subject, address)),
            is_new=reader.is_new(opening, subject),
        )
        is_public[entry] = is_public.get(entry, False) or opening.is_public

    def order(entry: Access) -> tuple[bool, bool, bool, str, str]:
        return entry.how is Widening.MAY_WIDEN, entry.is_new, not is_public[entry], entry.address, entry.text

    return tuple(sorted(is_public, key=order))


class _Reader:
    """The resources of a plan by what they open something on, before and after."""

    def __init__(
        self,
        changes: Iterable[Mapping[str, Any]],
        document: Mapping[str, Any],
        references: References,
        names: Names,
    ) -> None:
        self._names = names
        self._references = references
        self._document = document
        self._sources = self._policy_documents()
        self._before: dict[str, _Side] = {}
        self._after: dict[str, _Side] = {}
        self._changed: set[str] = set()
        self._gone: set[str] = set()
        for change in changes:
            self._add(change)

    def widened(self) -> Iterator[tuple[str, str, Opening]]:
        """What is open and was not, and what is closed no more: on what, where, and what."""
        for subject in sorted(self._changed):
            before, after = self._before.get(subject, _Side()), self._after.get(subject, _Side())
            past = [opening for _, opening in before.openings()]
            for address, opening in after.openings():
                if (rest := opening.beyond(past)) is not None:
                    yield subject, address, rest
            if subject in self._gone or any(map(_is_unread, after.open)):
                continue  # what is gone needs no protection; what cannot be read is told as such
            present = [opening for _, forms in after.closed for opening in forms]
            for address, forms in before.closed:
                rests = [form.beyond(present) for form in forms]
                if (rest := rests[0]) is not None and None not in rests:
                    yield subject, address, replace(rest, is_known=all(each.is_known for each in present))

    def holder(self, opening: Opening, subject: str, address: str) -> str:
        """What has a policy, or a rule or a route that is not of the resource itself, in words; else empty."""
        is_elsewhere = subject != address and (isinstance(opening, Rule) or opening.kind == "route")
        return self._names.holder(subject) if is_elsewhere or isinstance(opening, Grant) else ""

    def is_new(self, opening: Opening, subject: str) -> bool:
        """Whether it is for what the plan creates only, within the account, and about nothing in particular else."""
        if opening.is_public or not self._names.is_created(subject) or not opening.is_known:
            return False
        if isinstance(opening, Grant) and (not opening.statement.allows or opening.is_broad):
            return False
        is_foreign = any(map(self._names.is_foreign, opening.mentions()))
        return not is_foreign and all(map(self._names.is_within, opening.parties()))

    def _add(self, change: Mapping[str, Any]) -> None:
        """One resource, as it was and as it will be."""
        values, address = change["change"], change["address"]
        before = _without(values.get("before"), values.get("before_sensitive"))
        after = values.get("after")
        type_, _, name = declared(address).partition(".")
        written = ((self._document.get("resource") or {}).get(type_) or {}).get(name)
        subjects = set()
        if before is not None:
            frozen = freeze(before)
            past = _resource(change, frozen)
            subjects.add(self._names.subject(past))
            side = self._before.setdefault(self._names.subject(past), _Side())
            side.add(past, _own(past, written), self._sources)
            other_form = transform(frozen, self._references.by_reference)
            if other_form != frozen:
                form = _resource(change, other_form)
                side.add_form(form, _own(form, written), self._sources)
        if after is not None and values["actions"] != ["forget"]:
            unknown = values.get("after_unknown") if isinstance(values.get("after_unknown"), Mapping) else {}
            planned = self._merged(after, unknown, written or {})
            shown = _masked(planned, values.get("after_sensitive"))
            resource = _own(_resource(change, shown), written)
            subjects.add(self._names.subject(resource))
            self._after.setdefault(self._names.subject(resource), _Side()).add(resource, resource, self._sources)
        elif before is not None:
            self._gone.add(address)
        if values["actions"] not in _UNCHANGED:
            self._changed |= subjects

    def _merged(self, planned: Any, unknown: Any, written: Any) -> Value:
        if unknown is True:
            return self._references.resolved(written)
        if isinstance(planned, Mapping):
            gaps = unknown if isinstance(unknown, Mapping) else {}
            block = written[0] if isinstance(written, list) and len(written) == 1 else written
            arguments = block if isinstance(block, Mapping) else {}
            return {
                name: self._merged(planned.get(name), gaps.get(name), arguments.get(name))
                for name in {**planned, **gaps}
            }
        if isinstance(planned, list):
            marks = unknown if isinstance(unknown, list) else []
            items = written if isinstance(written, list) and len(written) == len(planned) else [None] * len(planned)
            padded = [*marks, *[None] * (len(planned) - len(marks))]
            return tuple(
                Unknown("something") if gap is True and item is None else self._merged(value, gap, item)
                for value, gap, item in zip(planned, padded, items, strict=False)
            )
        return freeze(planned)

    def _policy_documents(self) -> Configuration:
        """The data sources that policies are written in."""
        found = {}
        for name, body in ((self._document.get("data") or {}).get(_SOURCE) or {}).items():
            attributes = self._references.resolved({key: each for key, each in body.items() if key != "//"})
            assert isinstance(attributes, Mapping)
            address = f"data.{_SOURCE}.{name}"
            found[address] = Resource(attributes, address, address, f"data.{_SOURCE}", name=name, file="plan")
        return Configuration(found)


def _resource(change: Mapping[str, Any], attributes: Value) -> Resource:
    """A resource with the values that it has before or after a change."""
    assert isinstance(attributes, Mapping)
    address = change["address"]
    return Resource(attributes, address, address, change["type"], name=declared(address).partition(".")[2], file="plan")


def _without(values: Any, marks: Any) -> Any:
    """Values without those that are sensitive as a whole: nobody may see what they opened."""
    if values is None or not isinstance(marks, Mapping):
        return values
    return {name: value for name, value in values.items() if marks.get(name) is not True}


def _masked(values: Value, marks: Any) -> Value:
    """Values in which those that are sensitive as a whole are not known."""
    if not isinstance(values, Mapping) or not isinstance(marks, Mapping):
        return values
    return {name: Unknown("a sensitive value") if marks.get(name) is True else value for name, value in values.items()}


def _own(resource: Resource, written: Mapping[str, Any] | None) -> Resource:
    """A resource without policies and rules that its Terraform does not write: what others have made there is read
    back, as it was before. All of it, where there is no Terraform any more."""
    if written is None:
        return resource
    return replace(
        resource,
        attributes={
            name: value for name, value in resource.attributes.items() if name in written or name not in _READ_BACK
        },
    )


def _is_unread(found: tuple[str, Opening]) -> bool:
    """Whether an opening is that of a policy that cannot be read before the apply."""
    return not isinstance(found[1], Grant) and not found[1].is_known and found[1].kind in ("policy", "trust")
