"""What policy documents amount to: whether they refuse plaintext, and whether they let the public in."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from policies.library.documents import Document, Statement, document, holding
from policies.library.federation import trusts_any_user
from policies.library.model import Configuration, Resource
from policies.library.narrowing import is_narrowed
from policies.library.values import UnknownValue

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

    def refuses(statement: Statement) -> bool:
        return (
            _is_about_plaintext(statement)
            and statement.is_for_everyone()
            and _covers(statement, service, actions)
            and (target is None or statement.covers_resource(target, configuration))
        )

    return any(True for _ in holding(policy.refusals, refuses))


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


def public_grants(policy: Document, configuration: Configuration) -> Iterator[Statement]:
    """The statements that allow anyone anything, without a condition that ties them to known callers.

    Raises UnknownValue after the last if a statement, principal or condition that decides is unknown.
    """
    return holding(policy.grants, lambda grant: is_public(grant, configuration))


def is_public(statement: Statement, configuration: Configuration) -> bool:
    """Whether a grant is to anyone: any caller, or any user of an identity provider. Raises UnknownValue."""
    return (statement.is_for_everyone() and not is_narrowed(statement)) or trusts_any_user(statement, configuration)
