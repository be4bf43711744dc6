"""Whether a bucket's policy is surely public, so that RestrictPublicBuckets shuts everyone else out.

Source: S3 user guide, "Blocking public access to your Amazon S3 storage", "The meaning of public". A policy with a
condition on one of the keys that AWS looks at is not taken for public here, whatever its values, as that lets more
through.
"""

from __future__ import annotations

from policies.access.model import PolicyStatement

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


def is_public(statement: PolicyStatement) -> bool:
    """Whether a statement surely lets anybody in."""
    if not statement.allows or statement.assumption is not None:
        return False
    anyone = statement.inverts_principals or any(each.value == "*" for each in statement.principals)
    return anyone and not any(condition.key in _LOOKED_AT for condition in statement.conditions)
