"""What drift opens, in words: permissions and network paths that are there and that nobody planned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cli.core.base.addresses import declared
from cli.core.plans.access import access
from cli.core.plans.model import Access, Attribute, Widening
from cli.core.plans.names import Names
from cli.core.plans.references import References
from policies.library.model import Configuration, Resource
from policies.library.openings import openings
from policies.library.values import freeze

_KINDS = {
    "egress": "egress rule",
    "grant": "grant",
    "ingress": "ingress rule",
    "inline_policy": "inline policy",
    "managed_policy_arns": "attached policy",
    "policy": "policy",
    "replica": "replica",
    "replication_configuration": "replication",
    "route": "route",
    "website": "website",
}
"""What the attributes hold in which a parent reads back what others added."""


def opened(
    plan: Mapping[str, Any],
    document: Mapping[str, Any],
    *,
    added: Mapping[str, Sequence[Attribute]],
    paths: Mapping[str, str],
    written: Mapping[str, frozenset[str]],
) -> tuple[Access, ...]:
    """What ``added``, the things by address that no resource of the state explains, and what changed arguments open.

    ``plan`` is a refresh-only plan of the Terraform in ``document``, ``written`` its arguments by address.
    """
    changes = [_with_arguments_only(change, written) for change in plan.get("resource_drift") or ()]
    names = Names((*(plan.get("resource_changes") or ()), *changes), document, paths)
    references = References({**plan, "resource_changes": changes}, document)
    return (
        *(
            Access(address, paths.get(declared(address), ""), Widening.WIDENS, text)
            for address in sorted(added)
            for attribute in added[address]
            for text in _texts(attribute, names, names.holder(address))
        ),
        *access(changes, document, paths, references=references, names=names),
    )


def _texts(attribute: Attribute, names: Names, holder: str) -> Iterator[str]:
    """What was added to a holder of policies: a policy statement by statement, anything else as it is."""
    kind, text = _KINDS.get(attribute.path, attribute.path), attribute.after.text
    name, _, policy = text.partition(": ") if attribute.path == "inline_policy" else ("", "", text)
    title = f"{kind} {name}".rstrip()
    statements = list(_statements(policy, names, holder)) if attribute.path in ("inline_policy", "policy") else []
    yield from (f"{title}: {statement}" for statement in statements or [policy])


def _statements(policy: str, names: Names, holder: str) -> Iterator[str]:
    """What a policy document allows, in words."""
    attributes = freeze({"policy": policy})
    assert isinstance(attributes, Mapping)
    resource = Resource(attributes, "policy", "policy", "aws_iam_policy", name="policy", file="state")
    for opening in openings(resource, Configuration({})):
        yield opening.said(names.name, holder)


def _with_arguments_only(change: Mapping[str, Any], written: Mapping[str, frozenset[str]]) -> Mapping[str, Any]:
    """A change without that of attributes that the Terraform does not set: what the provider reads back, is `added`."""
    before, after = change["change"].get("before"), change["change"].get("after")
    if before is None or after is None:
        return change
    names = written.get(declared(change["address"]), frozenset())
    kept = {name: value if name in names else before.get(name) for name, value in after.items()}
    return {**change, "change": {**change["change"], "after": kept}}
