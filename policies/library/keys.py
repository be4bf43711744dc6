"""KMS keys: which values name a key of the customer's, and which one of AWS's.

A customer-managed key has a policy and a rotation of its own, and what it does is in the account's own CloudTrail; the
AWS-managed keys, `alias/aws/<service>`, have none of that. Source: KMS developer guide, "AWS KMS keys".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from policies.library.model import Block, Configuration
from policies.library.rule import Finding
from policies.library.values import Partial, Reference, Unknown, UnknownValue, Value

ALLOWED = "a customer-managed KMS key"

_KEYS = re.compile(r"(?:^|\.)aws_kms_(?:key|external_key|replica_key|replica_external_key|alias)\.[^.]+$")
_LOOKED_UP = {"data.aws_kms_key": "key_id", "data.aws_kms_alias": "name"}
_AWS_MANAGED = re.compile(r"(?:^|[:/])(?:alias/)?aws/[a-z0-9-]+$")
_KNOWN_PART = re.compile(r":key/|^alias/(?!aws/).|:alias/(?!aws/).")


def without_customer_key(block: Block, name: str, configuration: Configuration) -> Iterator[Finding]:
    """A finding if the attribute `name` of a block does not name a customer-managed key. Raises UnknownValue."""
    try:
        problem = key_problem(block.get(name), configuration)
    except UnknownValue as unknown:
        raise UnknownValue(unknown.expression, f"{block.place}.{name}") from None
    if problem:
        yield Finding(found=f"{name}: {problem}", allowed=ALLOWED)


def key_problem(value: Value, configuration: Configuration) -> str:
    """What is wrong with a value that names a key, empty if it is one of the customer's. Raises UnknownValue."""
    while isinstance(value, tuple) and len(value) == 1:
        value = value[0]
    if isinstance(value, Reference):
        return _referenced(value, configuration)
    if isinstance(value, Partial):
        return _composed(value, configuration)
    if isinstance(value, Unknown):
        raise UnknownValue(value.expression)
    if value is None or value == "" or value == ():
        return "no key"
    for resource in configuration.resolve(value):  # a plan knows the ARN that a data source found
        alias = resource.get(_LOOKED_UP[resource.type]) if resource.type in _LOOKED_UP else None
        if isinstance(alias, str) and _named(alias):
            return _named(alias)
    return _named(str(value))


def _named(text: str) -> str:
    return f"the AWS-managed key {text}" if _AWS_MANAGED.search(text) else ""


def _referenced(reference: Reference, configuration: Configuration) -> str:
    resource = configuration.resources.get(reference.address)
    if resource is not None and resource.type in _LOOKED_UP:
        return key_problem(resource.get(_LOOKED_UP[resource.type]), configuration)
    address = re.sub(r"\[[^]]*\]", "", reference.address)
    if _KEYS.search(address) and "data.aws_kms" not in address:
        return ""
    raise UnknownValue(reference.expression)


def _composed(value: Partial, configuration: Configuration) -> str:
    """Text with unknown parts, such as an ARN with an unknown account."""
    text = "".join(part if isinstance(part, str) else "\0" for part in value.parts)
    if _AWS_MANAGED.search(text):
        return _named(value.expression)
    if _KNOWN_PART.search(text):
        return ""
    if len(value.references) == 1 and not text.strip("\0"):
        return _referenced(value.references[0], configuration)
    raise UnknownValue(value.expression)
