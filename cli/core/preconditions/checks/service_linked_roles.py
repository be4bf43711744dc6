"""The roles that AWS's services make for themselves are there, or can be made.

A service makes its role when it is first used, with the rights of who uses it. Somebody without
`iam:CreateServiceLinkedRole` for it gets an error that names neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Set

from cli.core.preconditions.model import Judgement, Precondition, Reads, Subject, missing, ok

ROLES = {
    "aws_lb": "elasticloadbalancing.amazonaws.com",
    "aws_msk_cluster": "kafka.amazonaws.com",
    "aws_mskconnect_connector": "kafkaconnect.amazonaws.com",
    "aws_mq_broker": "mq.amazonaws.com",
    "aws_appautoscaling_target": "kafka.application-autoscaling.amazonaws.com",
    "aws_wafv2_web_acl_logging_configuration": "wafv2.amazonaws.com",
}
"""The service that makes itself a role, by the type of resource with which it begins."""


def preconditions(subject: Subject) -> Iterator[Precondition[Set[str]]]:
    """Where one of the services is used."""
    if services(subject):
        yield Precondition(
            name="service-linked roles",
            why="a service without its role refuses its first resource to somebody who may not make the role",
            actions=("iam:ListRoles",),
            ask=_ask,
            judge=judge,
            can_be_fatal=False,
        )


def services(subject: Subject) -> tuple[str, ...]:
    """The services of the stack that have such a role."""
    return tuple(sorted(service for kind, service in ROLES.items() if subject.resources(kind)))


def _ask(_: Subject, reads: Reads) -> Set[str]:
    roles = (reads.ask("iam", "list_roles", PathPrefix="/aws-service-role/") or {}).get("Roles", [])
    return {role["Path"].strip("/").rpartition("/")[2] for role in roles}


def judge(subject: Subject, existing: Set[str]) -> Judgement:
    """``existing`` are the services that have their role."""
    lacking = [service for service in services(subject) if service not in existing]
    if lacking:
        return missing(
            f"not there yet: {', '.join(lacking)}",
            "AWS makes them at first use if who applies may iam:CreateServiceLinkedRole, as the apply role may; else "
            "aws iam create-service-linked-role --aws-service-name NAME",
            is_fatal=False,
        )
    return ok(", ".join(services(subject)))
