"""KMS keys: which values name a key of the customer's, and which one of AWS's.

A customer-managed key has a policy and a rotation of its own, and what it does is in the account's own CloudTrail; the
AWS-managed keys, `alias/aws/<service>`, have none of that. Source: KMS developer guide, "AWS KMS keys".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from policies.library.model import Block, Configuration
from policies.library.rule import Finding
from policies.library.values import Partial, Unknown, Value

ALLOWED = "a customer-managed KMS key"

_LOOKED_UP = {"data.aws_kms_key": "key_id", "data.aws_kms_alias": "name"}
_AWS_MANAGED = re.compile(r"(?:^|[:/])(?:alias/)?aws/[a-z0-9-]+$")


def without_customer_key(block: Block, name: str, configuration: Configuration) -> Iterator[Finding]:
    """A finding if the attribute `name` of a block names no key, or one of AWS's."""
    problem = key_problem(block.get(name), configuration)
    if problem:
        yield Finding(found=f"{name}: {problem}", allowed=ALLOWED)


def key_problem(value: Value, configuration: Configuration) -> str:
    """What is wrong with a value that names a key, empty if it is one of the customer's.

    A key that is only known when applied is the customer's: AWS's own have names, and are asked for by them.
    """
    while isinstance(value, tuple) and len(value) == 1:
        value = value[0]
    if isinstance(value, Partial):
        return _named("".join(part if isinstance(part, str) else "?" for part in value.parts))
    if not isinstance(value, Unknown) and (value is None or value in ("", ())):
        return "no key"
    for resource in configuration.resolve(value):  # what a data source found, also in a plan that knows its ARN
        if resource.type in _LOOKED_UP:
            return key_problem(resource.get(_LOOKED_UP[resource.type]), configuration)
    return _named(value) if isinstance(value, str) else ""


def _named(text: str) -> str:
    return f"the AWS-managed key {text}" if _AWS_MANAGED.search(text) else ""
