"""KMS keys: which values name a key of the customer's, and which one of AWS's.

A customer-managed key has a policy and a rotation of its own, and what it does is in the account's own CloudTrail; the
AWS-managed keys, `alias/aws/<service>`, have none of that. Source: KMS developer guide, "AWS KMS keys".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from policies.library.model import Block, Configuration
from policies.library.rule import Finding
from policies.library.values import Partial, Unknown, Value, references

ALLOWED = "a customer-managed KMS key"

_LOOKED_UP = {"data.aws_kms_key": "key_id", "data.aws_kms_alias": "name"}
_MADE = frozenset(
    {
        "aws_kms_alias",
        "aws_kms_external_key",
        "aws_kms_key",
        "aws_kms_replica_external_key",
        "aws_kms_replica_key",
    }
)
"""Resources that are keys of the customer's."""
_UNKNOWN = "?"
_AWS_MANAGED = re.compile(r"(?:^|[:/])(?:alias/)?aws/[a-z0-9-]+$")


def without_customer_key(block: Block, name: str, configuration: Configuration) -> Iterator[Finding]:
    """A finding if the attribute `name` of a block names no key, or one of AWS's."""
    problem = key_problem(block.get(name), configuration)
    if problem:
        yield Finding(found=f"{name}: {problem}", allowed=ALLOWED)


def key_problem(value: Value, configuration: Configuration) -> str:
    """What is wrong with a value that names a key, empty if it is one of the customer's.

    A key that a resource makes is the customer's, also before it is known. Raises UnknownValue for any other value that
    is not known: it may be one of AWS's, or none.
    """
    while isinstance(value, tuple) and len(value) == 1:
        value = value[0]
    if isinstance(value, Partial):
        return _named_in_part(value)
    if not isinstance(value, Unknown) and (value is None or value in ("", ())):
        return "no key"
    for resource in configuration.resolve(value):  # what a data source found, also in a plan that knows its ARN
        if resource.type in _LOOKED_UP:
            return key_problem(resource.get(_LOOKED_UP[resource.type]), configuration)
    if isinstance(value, Unknown):
        if not any(each.type in _MADE for each in references(value)):
            raise value.failure()
        return ""
    return _named(value) if isinstance(value, str) else ""


def _named_in_part(value: Partial) -> str:
    """The same for text of which parts are unknown. Raises UnknownValue if they hold the name of an alias."""
    if any(each.type in _MADE for each in value.references):
        return ""
    text = "".join(part if isinstance(part, str) else _UNKNOWN for part in value.parts)
    name = text.rpartition("alias/")[2] if "alias/" in text else text
    if name.startswith(_UNKNOWN):
        raise value.failure()
    return _named(text)


def _named(text: str) -> str:
    return f"the AWS-managed key {text}" if _AWS_MANAGED.search(text) else ""
