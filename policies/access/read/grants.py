"""KMS grants as policies. Source: KMS developer guide, "Grants in AWS KMS", "Using grant constraints"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policies.access.model import Origin, Policy, PolicyKind, PolicyStatement
from policies.access.read.texts import ValueTexts
from policies.library.documents import Condition, Principal
from policies.library.model import Resource
from policies.library.values import UnknownValue

_EQUALS = "kms:encryptioncontext:"
_KEYS = "kms:encryptioncontextkeys"


def grant(resource: Resource, texts: ValueTexts) -> Policy:
    """The grant that an aws_kms_grant makes."""
    statement = PolicyStatement(
        allows=True,
        origin=Origin(resource, "operations"),
        sid=texts.text(resource.get("name")),
        principals=(Principal("AWS", texts.text(resource.get("grantee_principal"))),),
        actions=tuple(f"kms:{each}" for each in texts.texts(resource.values("operations"))),
        resources=("*",),
        conditions=tuple(_conditions(resource, texts)),
    )
    return Policy(PolicyKind.GRANT, resource.address, (statement,), resource)


def _conditions(resource: Resource, texts: ValueTexts) -> Iterator[Condition]:
    """What a grant constrains; constraints that are not known constrain nothing."""
    try:
        constraints = resource.blocks("constraints")
    except UnknownValue:
        return
    for block in constraints:
        subset, equal = block.get("encryption_context_subset"), block.get("encryption_context_equals")
        for context in (subset, equal):
            if isinstance(context, Mapping):
                for key, value in context.items():
                    yield Condition(
                        "stringequals",
                        f"{_EQUALS}{key.lower()}",
                        (texts.text(value),),
                        if_exists=False,
                        quantifier="",
                        label=f"encryption context {key}",
                    )
        if isinstance(equal, Mapping):
            yield Condition(
                "stringequals",
                _KEYS,
                tuple(equal),
                if_exists=False,
                quantifier="forallvalues",
                label="encryption context, no other keys",
            )
