"""What rules about public access say of a resource's policy."""

from __future__ import annotations

from collections.abc import Iterator

from policies.library.access import public_grants
from policies.library.documents import Statement, document
from policies.library.model import Block, Configuration
from policies.library.rule import Finding
from policies.library.values import UnknownValue, label_of

ALLOWED = (
    "named principals, or a condition that ties callers to an account, organization, endpoint or resource: "
    "aws:PrincipalOrgID, aws:SourceAccount, aws:SourceArn, aws:SourceVpce, an identity provider's subject; without a "
    "pattern that strangers match"
)


def public_findings(block: Block, name: str, configuration: Configuration) -> Iterator[Finding]:
    """A finding for each statement of the policy in the attribute `name` that lets anyone in. Raises UnknownValue."""
    try:
        for statement in public_grants(document(block.get(name), configuration), configuration):
            yield Finding(found=_described(statement), allowed=ALLOWED)
    except UnknownValue as unknown:
        raise unknown.at(f"{block.place}.{name}") from None


def _described(statement: Statement) -> str:
    actions = [label_of(action) for action in statement.actions]
    what = f"all actions but {', '.join(actions)}" if statement.inverts_actions else ", ".join(actions)
    who = "everyone but those it names" if statement.inverts_principals else "everyone"
    if any(each.kind == "Federated" for each in statement.principals):
        who = "every user of an identity provider"
    return f"statement {statement.sid} allows {who} {what}" if statement.sid else f"a statement allows {who} {what}"
