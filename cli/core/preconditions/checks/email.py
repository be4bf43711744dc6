"""Every address of a topic has confirmed its subscription."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cli.core.preconditions.model import Judgement, NotKnown, Precondition, Reads, Subject, missing, ok

PENDING = "PendingConfirmation"

Endpoint = tuple[str, str]
"""Topic and address."""


def preconditions(subject: Subject) -> Iterator[Precondition[Mapping[Endpoint, str]]]:
    """Where there are addresses."""
    if endpoints(subject):
        yield Precondition(
            name="e-mail subscriptions",
            why="an address gets nothing before it confirms; after 48 hours the subscription is gone and planned anew",
            actions=("sns:ListSubscriptions",),
            ask=_ask,
            judge=judge,
            can_be_fatal=False,
        )


def endpoints(subject: Subject) -> tuple[Endpoint, ...]:
    """The topics and addresses of the stack."""
    found = []
    for body in subject.resources("aws_sns_topic_subscription"):
        topic = subject.resolve(str(body["topic_arn"]), "aws_sns_topic")
        if body["protocol"] == "email" and topic is not None:
            found.append((str(topic["name"]), str(body["endpoint"])))
    return tuple(sorted(found))


def _ask(subject: Subject, reads: Reads) -> Mapping[Endpoint, str]:
    wanted = set(endpoints(subject))
    subscriptions = (reads.ask("sns", "list_subscriptions") or {}).get("Subscriptions", [])
    arns = {
        endpoint: body["SubscriptionArn"]
        for body in subscriptions
        if (endpoint := (body["TopicArn"].rpartition(":")[2], body["Endpoint"])) in wanted
    }
    if arns and reads.is_sandbox:
        raise NotKnown("not known in the sandbox: nobody gets a message there")
    return arns


def judge(subject: Subject, subscriptions: Mapping[Endpoint, str]) -> Judgement:
    """``subscriptions`` are the ARNs, or what AWS says in their place, of those that exist."""
    wanted = endpoints(subject)
    pending = [
        f"{address} ({topic})"
        for topic, address in wanted
        if subscriptions.get((topic, address), "").startswith(PENDING)
    ]
    if pending:
        return missing(
            f"not confirmed: {', '.join(pending)}", "follow the link in the message that AWS sent", is_fatal=False
        )
    new = len([endpoint for endpoint in wanted if endpoint not in subscriptions])
    if new:
        return ok(f"the next apply asks {new} of {len(wanted)} addresses, which have 48 hours to confirm")
    return ok(f"{len(wanted)} confirmed")
