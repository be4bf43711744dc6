"""Which conditions tie a grant to known callers, and which only look as if they did.

A condition narrows if each of its values names something that has one owner: an account, an organization, a VPC, an
endpoint, a resource with the account in its ARN, or a bucket, whose name is unique. A pattern that strangers can match
names nobody: `o-*`, `vpce-*`, `arn:aws:s3:::*`, `arn:aws:sns:*:*:orders`. Source: Amazon S3 user guide, "The meaning of
public", which asks for fixed values; IAM user guide, "AWS global condition context keys".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from policies.library.cidrs import is_world_open, known_networks
from policies.library.documents import Condition, Statement, any_holds
from policies.library.values import Partial, Reference, Unknown, UnknownValue, Value

OPERATORS = frozenset({"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike"})
"""The operators that ask for a value, rather than refuse one."""

_SPARING = frozenset({"stringnotequals", "stringnotequalsignorecase", "stringnotlike", "arnnotequals", "arnnotlike"})
"""The operators that hold for all but a value, and without any."""

_ADDRESSES = ("aws:sourceip", "aws:vpcsourceip")

PLACEHOLDER = "known-when-applied"
"""What stands for an unknown part of text that is known to name something."""

_IDENTIFIERS = ("arn", "arns", "id", "ids", "account_id", "owner_id", "name", "account")
"""How the attributes of resources end that identify one: what they hold once applied is no pattern."""


def is_narrowed(statement: Statement) -> bool:
    """Whether a condition ties a grant to known callers. Raises UnknownValue if an unknown value decides."""
    mounted = statement.condition("elasticfilesystem:accessedviamounttarget")
    if any(each.operator == "bool" and not each.if_exists and each.texts() == ("true",) for each in mounted):
        return True  # from within the VPC (EFS user guide, "Blocking public access")
    return any_holds(statement.condition(*KEYS), lambda condition: demands(condition, KEYS[condition.key]))


def has_source(statement: Statement) -> bool:
    """Whether a condition says for whom a service acts. Raises UnknownValue if an unknown value decides.

    Source: IAM user guide, "The confused deputy problem".
    """
    return any_holds(statement.condition(*SOURCE_KEYS), lambda condition: demands(condition, KEYS[condition.key]))


def demands(condition: Condition, is_specific: Callable[[str], bool]) -> bool:
    """Whether a condition holds only for requests that have the key, with one of some specific values.

    Not with IfExists, nor for all values: both hold where the request lacks the key. Raises UnknownValue if all known
    values are specific and one is unknown.
    """
    if condition.operator not in OPERATORS or condition.if_exists or condition.quantifier == "forallvalues":
        return False
    return _all_specific(condition, is_specific)


def spares_known_callers_only(refusal: Statement) -> bool:
    """Whether a refusal is of everyone but known callers: by who or where they are, and by nothing else.

    A condition on something else, such as TLS, leaves strangers out of the refusal. So does one that names whom it
    refuses, and one for any value, which does not hold where the request lacks the key. Raises UnknownValue if an
    unknown value decides. Source: API Gateway developer guide, "API Gateway resource policy examples".
    """
    return refusal.is_for_everyone() and all(map(_spares_known_callers, refusal.conditions))


def _spares_known_callers(condition: Condition) -> bool:
    if condition.quantifier == "foranyvalue":
        return False
    if condition.operator == "notipaddress" and condition.key in _ADDRESSES:
        return not is_world_open(known_networks(condition.values))
    return condition.operator in _SPARING and condition.key in KEYS and _all_specific(condition, KEYS[condition.key])


def _all_specific(condition: Condition, is_specific: Callable[[str], bool]) -> bool:
    """Whether each value is specific. Raises UnknownValue if all known ones are and one is unknown."""
    unknown: UnknownValue | None = None
    for value in condition.values:
        try:
            if not is_specific(as_text(value)):
                return False
        except UnknownValue as error:
            unknown = unknown or error
    if unknown is not None:
        raise unknown
    return True


def as_text(value: Value) -> str:
    """A value with a placeholder for what is only known when applied, but names something. Raises UnknownValue."""
    if isinstance(value, Partial):
        return "".join(part if isinstance(part, str) else _named(part) or PLACEHOLDER for part in value.parts)
    if isinstance(value, Reference) and _named(value):
        return _named(value)
    if isinstance(value, Unknown):
        raise value.failure()
    return str(value)


def _named(value: Unknown) -> str:
    """What an attribute that identifies a resource will look like; empty for any other unknown value."""
    name = value.attribute.split("[")[0].split(".")[-1] if isinstance(value, Reference) else ""
    if not name.endswith(_IDENTIFIERS):
        return ""
    return f"arn:aws:service:region:{PLACEHOLDER}:name" if name.endswith("arn") else PLACEHOLDER


def is_fixed(text: str) -> bool:
    """Whether text is no pattern."""
    return bool(text) and not any(each in text for each in "*?")


def is_of_one_owner(arn: str) -> bool:
    """Whether an ARN, or a pattern of ARNs, is of one account's resources, or of one bucket."""
    if arn == PLACEHOLDER:
        return True
    parts = arn.split(":", 5)
    if len(parts) < 6:
        return is_fixed(arn)
    _, _, service, _, account, name = parts
    if account and is_fixed(account):
        return True
    if service == "s3":  # the name of a bucket is unique, in whatever account it is
        return is_fixed(name.split("/")[0])
    return not account and is_fixed(name.removesuffix("/*"))


def _is_organization_path(path: str) -> bool:
    """Whether a path begins with one organization: `o-1/*`."""
    return is_fixed(path.split("/")[0])


def _is_user_id(text: str) -> bool:
    """Whether a user id is of one role or user: `AROA123:*` is any session of one role."""
    return is_fixed(text.split(":")[0])


KEYS: Mapping[str, Callable[[str], bool]] = {
    "aws:ec2instancesourcevpc": is_fixed,
    "aws:principalaccount": is_fixed,
    "aws:principalarn": is_of_one_owner,
    "aws:principalorgid": is_fixed,
    "aws:principalorgpaths": _is_organization_path,
    "aws:principalservicename": is_fixed,
    "aws:sourceaccount": is_fixed,
    "aws:sourcearn": is_of_one_owner,
    "aws:sourceorgid": is_fixed,
    "aws:sourceorgpaths": _is_organization_path,
    "aws:sourceowner": is_fixed,
    "aws:sourcevpc": is_fixed,
    "aws:sourcevpce": is_fixed,
    "aws:userid": _is_user_id,
    "aws:vpceaccount": is_fixed,
    "aws:vpceorgid": is_fixed,
    "aws:vpceorgpaths": _is_organization_path,
    "ec2:sourceinstancearn": is_of_one_owner,
    "kms:calleraccount": is_fixed,
    "s3:dataaccesspointaccount": is_fixed,
    "s3:dataaccesspointarn": is_of_one_owner,
    "sns:endpoint": is_of_one_owner,
}
"""Keys that tie a grant to known callers, and when a value of them does.

With sns:Endpoint, whoever subscribes is not who receives. Not aws:SourceIp: whoever shares the address gets in without
credentials. Not aws:VpcSourceIp: any VPC can have the address. Not aws:username: each account has a user of that name.
Not kms:ViaService: anyone calls the service.
"""

SOURCE_KEYS = (
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:sourceowner",
)
"""The keys that say for whom a service acts."""
