"""The organization's policies, from files: they are no part of an environment's Terraform.

`scp/LEVEL/NAME.json` and `rcp/LEVEL/NAME.json` below a directory; levels in the order of their names, the root first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from policies.access.model import AccessModel, Account, Policy, PolicyKind
from policies.access.read.accounts import ELSEWHERE, Accounts
from policies.access.read.statements import Documents
from policies.access.read.texts import ValueTexts
from policies.library.documents import document
from policies.library.model import Configuration
from policies.library.values import UnknownValue
from policies.reachability.read.reading import Reading

_NOTHING = Configuration({})


class NoPolicyFile(Exception):
    """A file of the organization is no policy; the text names it."""


def with_organization(model: AccessModel, directory: Path) -> AccessModel:
    """A model whose own accounts the organization's policies in a directory restrict. Raises NoPolicyFile."""
    scps = tuple(_levels(directory / "scp", PolicyKind.SCP))
    rcps = tuple(_levels(directory / "rcp", PolicyKind.RCP))

    def restricted(account: Account) -> Account:
        is_own = account.name == "this account" and account.key != ELSEWHERE
        return replace(account, scps=scps, rcps=rcps) if is_own else account

    return replace(model, accounts={key: restricted(each) for key, each in model.accounts.items()})


def _levels(directory: Path, kind: PolicyKind) -> Iterator[tuple[Policy, ...]]:
    documents = Documents(_NOTHING, ValueTexts(Reading(_NOTHING), Accounts(_NOTHING)))
    for level in sorted(path for path in directory.glob("*") if path.is_dir()):
        policies = []
        for file in sorted(level.glob("*.json")):
            text = file.read_text(encoding="utf-8")
            name = f"{kind.name.lower()}/{level.name}/{file.name}"
            try:
                document(text, _NOTHING)
            except UnknownValue as error:
                raise NoPolicyFile(f"{file}: is no policy ({error.reason}); allowed: an IAM policy as JSON") from None
            policies.append(documents.policy(kind, text, None, name))
        if policies:
            yield tuple(policies)
