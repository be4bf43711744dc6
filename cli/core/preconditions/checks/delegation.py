"""The public zone is delegated: the DNS of the internet gives its name servers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cli.core.preconditions.model import Body, Judgement, Precondition, Reads, Subject, missing, ok, unknown


class Delegation(NamedTuple):
    """Name servers of a zone, in lower case and without the last dot."""

    zone: tuple[str, ...] | None
    """Those that Route 53 gave the zone; None when there is no zone yet."""
    public: tuple[str, ...] = ()
    """Those that the DNS gives."""


def preconditions(subject: Subject) -> Iterator[Precondition[Delegation]]:
    """Where the environment answers at a public zone."""
    if subject.resources("aws_acm_certificate_validation"):
        yield Precondition(
            name="delegation",
            why="certificates are validated through the public DNS; without it an apply waits 75 minutes and fails",
            actions=("route53:ListHostedZones", "route53:GetHostedZone"),
            ask=_ask,
            judge=judge,
        )


def _ask(subject: Subject, reads: Reads) -> Delegation:
    domain = subject.settings.domain_name
    answer = reads.ask("route53", "list_hosted_zones")
    zones = [
        zone
        for zone in (answer or {}).get("HostedZones", [])
        if zone["Name"].rstrip(".") == domain and not zone.get("Config", {}).get("PrivateZone")
    ]
    if not zones:
        return Delegation(None)
    zone = reads.ask("route53", "get_hosted_zone", Id=zones[0]["Id"])
    servers = (zone or {}).get("DelegationSet", {}).get("NameServers", [])
    return Delegation(tuple(sorted(server.rstrip(".").lower() for server in servers)), reads.name_servers(domain))


def _is_public(body: Body) -> bool:
    return not body.get("vpc")


def judge(subject: Subject, delegation: Delegation) -> Judgement:
    """Whether the DNS gives the zone's name servers."""
    settings = subject.settings
    if delegation.zone is None:
        if any(map(_is_public, subject.resources("aws_route53_zone"))):
            return unknown(f"the apply makes the zone {settings.domain_name}", "delegate it while the apply runs")
        return missing(
            f"there is no public zone {settings.domain_name}",
            f"infra bootstrap {settings.environment} makes it, and says what its parent needs",
        )
    remedy = f"in the zone above {settings.domain_name}: NS {', '.join(delegation.zone)}"
    if not delegation.public:
        return missing(f"the DNS does not know {settings.domain_name}", remedy)
    if set(delegation.public) != set(delegation.zone):
        return missing(f"the DNS gives {', '.join(delegation.public)}", remedy)
    return ok(f"{settings.domain_name} by {', '.join(delegation.zone)}")
