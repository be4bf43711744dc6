"""Whether a bucket's policy is surely public, so that RestrictPublicBuckets shuts everyone else out.

Source: S3 user guide, "Blocking public access to your Amazon S3 storage", "The meaning of public". A policy with a
condition on one of the keys that AWS looks at is not taken for public here, as that lets more through; but for values
that are any, and networks as broad as AWS says there.
"""

from __future__ import annotations

import ipaddress

from policies.access.model import PolicyStatement
from policies.access.text import is_determined
from policies.library.documents import Condition

_LOOKED_AT = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceip",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
    }
)

_NARROWEST = {4: 8, 6: 32}
"""The fewest bits of a network that is not taken for the public, by version of IP."""


def is_public(statement: PolicyStatement) -> bool:
    """Whether a statement surely lets anybody in."""
    if not statement.allows or statement.assumption is not None:
        return False
    anyone = statement.inverts_principals or any(each.value == "*" for each in statement.principals)
    return anyone and not any(map(_limits, statement.conditions))


def _limits(condition: Condition) -> bool:
    """Whether AWS may take a condition for one that names somebody."""
    if condition.key not in _LOOKED_AT:
        return False
    texts = tuple(condition.texts())
    if condition.key == "aws:sourceip" and condition.operator == "ipaddress":
        return not any(map(_is_broad, texts))
    return not any(is_determined(text) and text and set(text) <= set("*?") for text in texts)


def _is_broad(network: str) -> bool:
    """Whether a network holds more than a policy may name without being public; private ones are not looked at."""
    try:
        read = ipaddress.ip_network(network.strip(), strict=False)
    except ValueError:
        return False
    return read.prefixlen < _NARROWEST[read.version]
