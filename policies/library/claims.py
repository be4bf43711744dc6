"""The claims, C1 to C9 about the architecture, A1 to A10 about access, and tests of what no rule can say."""

from __future__ import annotations

from collections.abc import Mapping

CLAIMS: Mapping[str, str] = {
    "C1": "Nothing in a private subnet can be reached from the internet, on any port, by any path.",
    "C2": (
        "The event store accepts connections only from servers inside the VPC, only over TLS on its own port. Its "
        "table and its backup bucket refuse calls that do not come through the VPC's endpoints; AWS Backup and "
        "service principals are excepted."
    ),
    "C3": (
        "Private subnets reach only the VPC, AWS services through VPC endpoints, and declared networks behind a "
        "VPN. They have no route to an internet gateway or a NAT gateway."
    ),
    "C4": (
        "Servers in public subnets accept connections only from the load balancer and, over HTTPS, from each "
        "other; never directly from the internet."
    ),
    "C5": "Every server, public or private, reaches Amazon MQ over TLS, and nothing else does.",
    "C6": "Public servers reach the internet only on port 443, only for the declared external channels.",
    "C7": (
        "Every channel is encrypted in transit and every store at rest: TLS policies of listeners, HTTPS target "
        "groups, TLS-only Amazon MQ and MSK, resource policies that deny insecure transport, HTTPS delivery "
        "endpoints, customer-managed keys."
    ),
    "C8": (
        "The event store and the purchase gateway scale apart from the public servers: each has its own scaling "
        "group and its own scaling policies."
    ),
    "C9": (
        "Each consumer of the stream exists and is wired: notification requests to SNS, metrics export to DataDog, "
        "data reporting to Tableau."
    ),
    "A1": (
        "Only the event store's role reads and appends events, only through the VPC's endpoint, only over TLS. AWS "
        "Backup and the daily export copy them, with roles of their own."
    ),
    "A2": (
        "Nobody updates or deletes an event. Only the pipeline's apply role may delete the table or rewrite its policy."
    ),
    "A3": "Each secret is read by its own parts and by the pipeline where it must; nobody else reads or changes it.",
    "A4": "The state and its key are used by the pipeline's plan and apply roles and nobody else.",
    "A5": (
        "Nobody of another account gets in but the declared reporting tool, with its external id, and it reads reports "
        "only."
    ),
    "A6": (
        "No role of the system takes another one or changes what a role may do. The apply role changes the system's "
        "roles, never those of the pipeline."
    ),
    "A7": "Each key is used by exactly those who may use the data that it encrypts.",
    "A8": "Nobody destroys backups of events, so whoever deletes the table cannot.",
    "A9": (
        "Each user of the stream, the topics and images has the permissions that it needs, so that isolation is not "
        "vacuous; nobody else has them."
    ),
    "A10": (
        "Nothing leaves for another account by the VPC's endpoints, whoever is on a server, with whatever credentials."
    ),
}

TESTS: Mapping[str, tuple[str, ...]] = {
    "C2": ("tests/policies/library/test_perimeter.py",),
    "C6": ("tests/modules/channels",),
    "C8": ("tests/modules/servers/test_scaling_group.py",),
    "C9": ("tests/modules/streaming/test_consumers.py", "tests/modules/streaming/test_connector.py"),
}
"""Tests of single claims, beside the rules. Rules and their mutation tests are in `tests/policies`."""
