"""What policy documents amount to: whether they refuse plaintext, and whether they let the public in."""

from __future__ import annotations

from functools import lru_cache

from policies.library.documents import Document, Statement, document
from policies.library.model import Configuration, Resource
from policies.library.values import Unknown, UnknownValue

NARROWING_KEYS = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:principalservicename",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceorgid",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
        "aws:username",
        "aws:vpceaccount",
        "aws:vpceorgid",
        "aws:vpceorgpaths",
        "kms:calleraccount",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
    }
)
"""Keys that tie a grant to known callers. Source: Amazon S3 user guide, "The meaning of public".

Not aws:SourceIp, which is there: whoever shares the address gets in without credentials. Not aws:VpcSourceIp: any VPC
can have the address.
"""

_NARROWING_OPERATORS = frozenset({"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike"})

_REACHED_BY_HTTP = (
    "aws_s3_bucket",
    "aws_s3_bucket_policy",
    "aws_sns_topic",
    "aws_sns_topic_policy",
    "aws_sqs_queue",
    "aws_sqs_queue_policy",
)
"""Resources with the policies, in `policy`, of what answers plain HTTP."""


def refuses_plaintext(
    policy: Document, service: str, target: Resource | None, configuration: Configuration, *actions: str
) -> bool:
    """Whether a statement denies everyone every action of `service` without TLS, on `target` where one is given.

    Where a service allows no wildcard in resource policies, `actions` names the actions that must be denied instead.
    The condition is `Bool` on `aws:SecureTransport` being false, alone: a second condition would leave gaps. Raises
    UnknownValue if an unknown part decides. Sources: Security Hub S3.5, the services' own examples.
    """
    unknown: UnknownValue | None = None
    for statement in policy.refusals:
        try:
            if (
                _is_about_plaintext(statement)
                and statement.is_for_everyone()
                and _covers(statement, service, actions)
                and (target is None or statement.covers_resource(target, configuration))
            ):
                return True
        except UnknownValue as each:
            unknown = unknown or each
    if unknown is not None:
        raise unknown
    return False


def _covers(statement: Statement, service: str, actions: tuple[str, ...]) -> bool:
    if statement.covers_every_action(service):
        return True
    return bool(actions) and all(statement.covers_action(action) for action in actions)


@lru_cache(maxsize=1)
def insists_on_tls(configuration: Configuration) -> bool:
    """Whether any bucket, topic or queue of a configuration refuses plaintext, or may do so by an unknown policy.

    What has no policy at all is left to IAM and the network, unless it has been left out where others are held to TLS.
    """
    return any(_may_refuse_plaintext(each, configuration) for each in configuration.of_type(*_REACHED_BY_HTTP))


def _may_refuse_plaintext(resource: Resource, configuration: Configuration) -> bool:
    try:
        return any(map(_is_about_plaintext, document(resource.get("policy"), configuration).refusals))
    except UnknownValue:
        return True


def _is_about_plaintext(statement: Statement) -> bool:
    return [(each.operator, each.key) for each in statement.conditions] == [("bool", "aws:securetransport")] and all(
        value.lower() == "false" for each in statement.conditions for value in each.texts()
    )


def public_grants(policy: Document) -> tuple[Statement, ...]:
    """The statements that allow anyone anything, without a condition that ties them to known callers.

    Raises UnknownValue if a principal or condition that decides is unknown.
    """
    return tuple(each for each in policy.grants if each.is_for_everyone() and not is_narrowed(each))


def is_narrowed(statement: Statement) -> bool:
    """Whether a condition ties a grant to known callers: an account, organization, VPC, endpoint or resource."""
    mounted = statement.condition("elasticfilesystem:accessedviamounttarget")
    if any(each.operator == "bool" and not each.if_exists and each.texts() == ("true",) for each in mounted):
        return True  # from within the VPC (EFS user guide, "Blocking public access")
    for condition in statement.condition(*NARROWING_KEYS):
        if condition.operator not in _NARROWING_OPERATORS or condition.if_exists:
            continue
        if condition.quantifier == "forallvalues":  # holds also where the request has no such key
            continue
        known = [value for value in condition.values if not isinstance(value, Unknown)]
        if not any(_is_anything(condition.key, str(value)) for value in known):
            return True
    return False


def _is_anything(key: str, value: str) -> bool:
    if value.startswith("arn:") and key == "aws:principalarn":  # any account's: nobody has given them their name
        return value.split(":", 5)[4:5] in ([], ["*"])
    return not value.strip("*:?") or value in ("arn:aws:*", "arn:*:*")
