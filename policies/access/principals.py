"""Whether a Principal or NotPrincipal element is about who makes a request, and how directly.

Sources: IAM user guide, "AWS JSON policy elements: Principal", "NotPrincipal", and "Policy evaluation logic",
"Resource-based policies", for what a grant to a role, a session, a user or an account is worth.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from policies.access.globs import glob, literal, meet
from policies.access.model import Account, PolicyStatement, PrincipalKind, Requester
from policies.access.text import FIELD_WILDCARD, is_determined, widened
from policies.library.documents import Principal as PrincipalElement
from policies.library.values import UnknownValue

_EVERYONE = "*"
_NAMED = ("role", "user", "assumed-role")
"""What an ARN of a principal names by its last part, of a session by the one before."""


class Grade(IntEnum):
    """How directly an element names somebody; the higher, the fewer other policies limit what it grants."""

    NONE = 0
    ACCOUNT = 1
    """By the account: its own policies must grant too."""
    ROLE = 2
    """By the role: the boundary and session policies limit it."""
    DIRECT = 3
    """As user, session, service, or everyone: nothing but a Deny limits it."""


_ROLES = (PrincipalKind.ROLE, PrincipalKind.SERVICE_LINKED_ROLE)
_ACCOUNT_OF = re.compile(r"arn:[^:]*:(?:iam|sts)::([^:]*):(.*)", re.DOTALL)


def grade(statement: PolicyStatement, requester: Requester, accounts: Mapping[str, Account], *, surely: bool) -> Grade:
    """How directly a statement is about a requester: at most, or (`surely`) at least.

    One without the element, as in identity policies, is about whom it is attached to.
    """
    if not statement.principals and not statement.inverts_principals:
        return Grade.DIRECT
    if not statement.inverts_principals:
        return max(_grade(each, requester, accounts, surely=surely) for each in statement.principals)
    named = max(_grade(each, requester, accounts, surely=not surely) for each in statement.principals)
    if statement.allows:
        return Grade.NONE if named > (Grade.NONE if surely else Grade.ACCOUNT) else Grade.DIRECT
    if surely:  # an account spares its root user alone
        return Grade.NONE if named > Grade.ACCOUNT else Grade.DIRECT
    # AWS may look at the account of who is named before it looks at them: both must be named to be spared for certain.
    grades = [_grade(each, requester, accounts, surely=True) for each in statement.principals]
    is_spared = Grade.DIRECT in grades or {Grade.ACCOUNT, Grade.ROLE} <= set(grades)
    return Grade.NONE if is_spared else Grade.DIRECT


ANY_ACCOUNT = "any account"
"""An account of which nobody knows which it is."""


@dataclass(frozen=True)
class Naming:
    """By what Allows name somebody; roles, users and sessions by the last part of their ARN alone: `/name`."""

    names: frozenset[str]
    accounts: frozenset[str]
    """Ids of accounts, or ANY_ACCOUNT."""


def naming(statements: Iterable[PolicyStatement]) -> Naming:
    """By what Allows of some statements name somebody, so that `naming_of` them tells who cannot be meant."""
    names: set[str] = set()
    accounts: set[str] = set()
    for statement in statements:
        if statement.allows and statement.inverts_principals:
            names.add(_EVERYONE)
        elif statement.allows:
            for each in statement.principals:
                name, account = _name(each)
                names.add(name)
                accounts.add(account)
    return Naming(frozenset(names - {""}), frozenset(accounts - {""}))


def naming_of(requester: Requester) -> frozenset[str] | None:
    """All by which statements may name somebody themselves, not their account; None if it may be anything."""
    last = widened(requester.arn).rpartition("/")[2]
    is_open = {"*", FIELD_WILDCARD} & set(last) and not is_determined(requester.arn)
    if is_open or not is_determined(requester.service):
        return None
    return frozenset({_EVERYONE, f"/{last}", requester.service})


def _name(element: PrincipalElement) -> tuple[str, str]:
    """By what an element names somebody, or whose account; either is empty if it is the other."""
    text = str(element.value)
    if element.kind == "CanonicalUser" or text == "*" or text.startswith(("AROA", "AIDA")):
        return _EVERYONE, ""
    if element.kind != "AWS":
        return (text if is_determined(text) else _EVERYONE), ""
    match = _ACCOUNT_OF.fullmatch(text)
    if match is None:
        return ("", text) if is_determined(text) else (_EVERYONE, "")
    owner, name = match.groups()
    if name == "root":
        return "", owner if is_determined(owner) else ANY_ACCOUNT
    if not is_determined(owner):  # whoever stands for several of an account may be meant
        return _EVERYONE, ""
    kind, *path = widened(name).split("/")
    last = path[0 if kind == "assumed-role" else -1] if path else "*"
    return (_EVERYONE if kind not in _NAMED or {"*", FIELD_WILDCARD} & set(last) else f"/{last}"), ""


def _grade(element: PrincipalElement, requester: Requester, accounts: Mapping[str, Account], *, surely: bool) -> Grade:
    text = element.value
    if not isinstance(text, str):
        raise UnknownValue(f"a principal of a statement: {element.kind}")
    if text == "*":
        return Grade.DIRECT
    if element.kind in ("Service", "Federated"):
        kind = PrincipalKind.SERVICE if element.kind == "Service" else PrincipalKind.FEDERATED
        return Grade.DIRECT if requester.kind is kind and _same(text, requester.service, surely=surely) else Grade.NONE
    if not requester.account:
        may_be_everyone = element.kind in (_EVERYONE, "AWS") and widened(text) == _EVERYONE
        return Grade.DIRECT if may_be_everyone and not surely else Grade.NONE
    if element.kind == "CanonicalUser":  # nobody knows whose it is
        return Grade.NONE if surely else Grade.ACCOUNT
    return _aws(text, requester, accounts, surely=surely)


def _aws(text: str, requester: Requester, accounts: Mapping[str, Account], *, surely: bool) -> Grade:
    account = accounts[requester.account].id
    by_account = Grade.DIRECT if requester.kind is PrincipalKind.ROOT else Grade.ACCOUNT
    by_name = Grade.ROLE if requester.kind in _ROLES else Grade.DIRECT
    match = _ACCOUNT_OF.fullmatch(text)
    if match is None:
        if text == requester.arn:
            return by_name
        if text.startswith(("AROA", "AIDA")):  # the id of a role or user, of which nobody knows which it is
            return Grade.NONE if surely or text.startswith("AROA") is not (by_name is Grade.ROLE) else by_name
        if _same(text, requester.arn, surely=surely):  # also a text that may turn out to be either
            return by_name
        return by_account if _same(text, account, surely=surely) else Grade.NONE
    owner, name = match.groups()
    if not _same(owner, account, surely=surely):
        return Grade.NONE
    if name == "root":
        return by_account
    is_several = "aws:principalarn" in requester.context  # one of whom may have the name
    if is_several and not (surely or is_determined(owner) or owner in accounts):
        return by_name
    if name.startswith("assumed-role/") and requester.kind in _ROLES:
        role = name.split("/")[1]
        is_named = not surely and _same(role, requester.arn.rpartition("/")[2], surely=False)
        return Grade.DIRECT if is_named else Grade.NONE
    return by_name if _same(text, requester.arn, surely=surely) else Grade.NONE


def _same(text: str, name: str, *, surely: bool) -> bool:
    """Whether an element is about a name, or may be. A name that is a pattern is of somebody whom no element names."""
    if text == name:
        return True
    if surely or (is_determined(text) and is_determined(name)):
        return False
    return meet(glob(widened(text)), glob(widened(name)) if not is_determined(name) else literal(name))
