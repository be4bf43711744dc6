"""Whether two models have the same callers at the same places, or each is read with what the other's policies name.

Accounts, principals and networks that nothing declares are told apart only where policies name them. Who is named in
one model alone is among the others in the other one.
"""

from __future__ import annotations

from collections.abc import Hashable

from policies.access.model import AccessModel
from policies.access.read.callers import NETWORK_KEYS, networks_named
from policies.access.read.federation import owners_named


def names_in(model: AccessModel) -> Hashable:
    """All that policies name by which callers and places are told apart."""
    return (
        frozenset(
            (principal.kind, str(principal.value))
            for policy in model.policies()
            for statement in policy.statements
            for principal in statement.principals
        ),
        *(frozenset(networks_named(model, key)) for key in NETWORK_KEYS),
        owners_named(model.policies()),
    )
