"""Whether a change can be about what somebody makes of what they may do, so that its paths need be found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policies.access.alike import CallerChange, caller_change, signature
from policies.access.difference import AccessView
from policies.access.encryption import KEY_ACTIONS
from policies.access.escalation import becoming_actions
from policies.access.model import Requester, Thing
from policies.access.reach import Reach


def escalates_alike(before: AccessView, after: AccessView) -> bool:
    """Whether everybody surely becomes the same by steps in both models, under the same names.

    Administrators of the account itself, who make nothing more of anything, may be missing in the views. So it is where
    nothing differs but statements of what callers' own policies and those of endpoints say, and where callers stand,
    each about no action that makes somebody of whom does it; no such action needs the use of a key but what reads
    credentials.
    """
    one, other = before.model, after.model
    reads = any(each.holds for each in other.things.values())
    actions = (*becoming_actions(other), *(KEY_ACTIONS if reads else ()))
    return (
        signature(one.accounts, before.known) == signature(other.accounts, after.known)
        and signature(one.attachable, before.known) == signature(other.attachable, after.known)
        and one.principals.keys() == other.principals.keys()
        and before.by_key.keys() == after.by_key.keys()
        and before.thing_signatures == after.thing_signatures
        and all(_names(each) == _names(other.things[key]) for key, each in one.things.items())
        and all(_attached(each) == _attached(other.principals[key]) for key, each in one.principals.items())
        and all(
            signature(each, before.known) == signature(other.principals[key], after.known)
            for key, each in one.principals.items()
            if key not in before.by_key
        )
        and all(
            after.caller_signatures[key] == found or _is_alike(before, after, key, actions)
            for key, found in before.caller_signatures.items()
        )
    )


def _is_alike(before: AccessView, after: AccessView, key: str, actions: Sequence[str]) -> bool:
    return all(
        change is not None and not any(_gives_more(change, actions))
        for change in (
            caller_change(one.by_key[key], other.by_key[key], (one.known, other.known))
            for one, other in ((before, after), (after, before))
        )
    )


def _gives_more(change: CallerChange, actions: Sequence[str]) -> Iterator[bool]:
    """Whether what is not the same of a caller may be about some actions."""
    yield bool(Reach(change.statements, actions))
    for position, statements in change.positions:
        service = position.endpoint.service if position.endpoint is not None else None
        several = [each for each in actions if service in (None, each.partition(":")[0])]
        yield bool(several if statements is None else Reach(statements, several))


def _names(thing: Thing) -> tuple[object, ...]:
    """What a path names of a thing, and who runs there."""
    address = thing.resource.address if thing.resource is not None else None
    return thing.name, address, thing.runs_as, thing.acts_as, thing.holds


def _attached(requester: Requester) -> tuple[object, ...]:
    """What a path names of somebody, what is attached to them, and whether a Deny is there to be taken away."""
    address = requester.resource.address if requester.resource is not None else None
    policies = {
        each.resource.address for each in (*requester.identity, *requester.boundaries) if each.resource is not None
    }
    denies = any(not statement.allows for policy in requester.identity for statement in policy.statements)
    return requester.name, address, policies, denies
