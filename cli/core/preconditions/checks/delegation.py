"""The public zone is delegated: in the settings of the environment whose domain is above it, and in the DNS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cli.core.preconditions.model import Body, Judgement, NotKnown, Precondition, Reads, Subject, missing, ok, unknown
from envs.delegation import (
    DelegationStatus,
    ZoneAnswers,
    missing_delegation,
    parent_of,
    setting_lines,
    status_in,
)
from envs.errors import SettingsError
from envs.settings import Settings


class DelegationAnswers(NamedTuple):
    """What Route 53 and the public DNS say of a domain."""

    zones: tuple[ZoneAnswers, ...]
    """The public zones of this name that have the tags by which the environment finds its own."""
    untagged: int = 0
    """How many other public zones of this name there are."""
    public: tuple[str, ...] | None = ()
    """The name servers that the DNS gives; None when nobody can say."""
    no_public: str = ""
    """Why nobody can say."""
    is_sandbox: bool = False
    """Whether the zones are those of the sandbox, which no parent knows."""


def preconditions(subject: Subject) -> Iterator[Precondition[DelegationAnswers]]:
    """Where the environment answers at a public zone."""
    if subject.resources("aws_acm_certificate_validation"):
        yield Precondition(
            name="delegation",
            why="certificates are validated through the public DNS; without it an apply waits 75 minutes and fails",
            actions=(
                "route53:ListHostedZones",
                "route53:ListTagsForResource",
                "route53:GetHostedZone",
                "route53:GetDNSSEC",
            ),
            ask=_ask,
            judge=judge,
        )


def _ask(subject: Subject, reads: Reads) -> DelegationAnswers:
    domain = subject.settings.domain_name
    named = [
        zone["Id"].rpartition("/")[2]
        for zone in (reads.ask("route53", "list_hosted_zones") or {}).get("HostedZones", [])
        if zone["Name"].rstrip(".") == domain and not zone.get("Config", {}).get("PrivateZone")
    ]
    tagged = [zone_id for zone_id in named if _has_tags(reads, zone_id, _wanted_tags(subject))]
    zones = tuple(_zone(reads, zone_id) for zone_id in tagged)
    answers = DelegationAnswers(zones, len(named) - len(tagged), is_sandbox=reads.is_sandbox)
    if not zones:
        return answers
    try:
        return answers._replace(public=reads.name_servers(domain))
    except NotKnown as error:
        return answers._replace(public=None, no_public=str(error))


def _wanted_tags(subject: Subject) -> Body:
    """The tags by which the environment's stack looks its public zone up; none where it makes the zone itself."""
    lookups = (body for body in subject.data("aws_route53_zone") if body.get("name") == subject.settings.domain_name)
    return next((body.get("tags", {}) for body in lookups if not body.get("private_zone")), {})


def _has_tags(reads: Reads, zone_id: str, wanted: Body) -> bool:
    if not wanted:
        return True
    answer = reads.ask("route53", "list_tags_for_resource", ResourceType="hostedzone", ResourceId=zone_id) or {}
    tags = {tag["Key"]: tag["Value"] for tag in answer.get("ResourceTagSet", {}).get("Tags", [])}
    return wanted.items() <= tags.items()


def _zone(reads: Reads, zone_id: str) -> ZoneAnswers:
    zone = reads.ask("route53", "get_hosted_zone", Id=zone_id) or {}
    servers = zone.get("DelegationSet", {}).get("NameServers", [])
    signing = reads.ask("route53", "get_dnssec", HostedZoneId=zone_id) or {}
    keys = [key["DSRecord"] for key in signing.get("KeySigningKeys", []) if key.get("Status") == "ACTIVE"]
    return ZoneAnswers(tuple(sorted(server.rstrip(".").lower() for server in servers)), keys[0] if keys else "")


def judge(subject: Subject, answers: DelegationAnswers) -> Judgement:
    """Whether the DNS gives the zone's name servers, and whether the parent's settings have them and its DS record."""
    domain = subject.settings.domain_name
    if len(answers.zones) != 1:
        return _without_one_zone(subject, answers)
    (zone,) = answers.zones
    is_answered = answers.public is not None and set(answers.public) == set(zone.name_servers)
    by_dns = answers.no_public if answers.public is None else _said_by_dns(domain, answers.public)
    in_settings = _lacks_in_settings(subject, zone, is_sandbox=answers.is_sandbox)
    is_fatal = answers.public is not None and not is_answered
    if in_settings is not None:
        found, remedy = in_settings
        return missing(found if is_answered else f"{found}; {by_dns}", remedy, is_fatal=is_fatal)
    if is_answered and isinstance(subject.parents, SettingsError):
        files = ", ".join(sorted({problem.file for problem in subject.parents.problems}))
        return unknown(f"the DNS gives them, but {files} is invalid: does it delegate {domain}?", "infra env list")
    if is_answered:
        return ok(f"{domain} by {', '.join(zone.name_servers)}")
    if answers.public is None:
        return unknown(by_dns)
    return missing(by_dns, _remedy_in_dns(subject, zone))


def _without_one_zone(subject: Subject, answers: DelegationAnswers) -> Judgement:
    domain, environment = subject.settings.domain_name, subject.settings.environment
    if answers.zones:
        return missing(
            f"{len(answers.zones)} public zones {domain} have the tags of ours", "delete or rename the others"
        )
    if any(not body.get("vpc") for body in subject.resources("aws_route53_zone")):
        return unknown(f"the apply makes the zone {domain}", "delegate it while the apply runs")
    others = f" with the tag Name; {answers.untagged} without it" if answers.untagged else ""
    remedy = f"infra bootstrap {environment} makes it, and says what its parent needs"
    return missing(f"there is no public zone {domain}{others}", remedy)


def _said_by_dns(domain: str, servers: tuple[str, ...]) -> str:
    return f"the DNS gives {', '.join(servers)}" if servers else f"the DNS does not know {domain}"


def _lacks_in_settings(subject: Subject, zone: ZoneAnswers, *, is_sandbox: bool) -> tuple[str, str] | None:
    """What the parent's settings lack, and what to do; None where they lack nothing, or no environment is the parent.

    The records of the sandbox's zone belong into no file, so there only an entry that is not there at all counts.
    """
    settings = subject.settings
    parent = _parent(subject)
    if parent is None or isinstance(subject.parents, SettingsError):
        return None
    file = f"envs/{parent.environment}.yaml"
    if is_sandbox:
        lacks = missing_delegation(settings, subject.parents)
        if lacks is None:
            return None
        records = " and no ".join(lacks.records)
        remedy = (
            f"on AWS: what infra bootstrap {settings.environment} prints, then infra bootstrap {parent.environment}"
        )
        return f"missing in the settings: edge.delegations in {file} has no {records} of {settings.domain_name}", remedy
    delegation = zone.delegation(settings.domain_name)
    status = status_in(parent, delegation)
    if status is DelegationStatus.PRESENT:
        return None
    found, change = f"missing in the settings: edge.delegations in {file} lacks {settings.domain_name}", "add to"
    if status is DelegationStatus.DIFFERENT:
        found = f"edge.delegations in {file} has other name servers or another DS record of {settings.domain_name}"
        change = "replace its entry in"
    lines = "\n".join(setting_lines(delegation))
    return found, f"{change} {file}, then infra bootstrap {parent.environment}:\n{lines}"


def _remedy_in_dns(subject: Subject, zone: ZoneAnswers) -> str:
    """Where the records belong when the settings have them, or no environment is the parent."""
    domain = subject.settings.domain_name
    if (parent := _parent(subject)) is not None:
        return f"infra bootstrap {parent.environment} makes the records that envs/{parent.environment}.yaml has"
    return f"in the zone above {domain}: NS {', '.join(zone.name_servers)}"


def _parent(subject: Subject) -> Settings | None:
    """The environment of the parent domain; None where there is none, or nobody can tell."""
    return None if isinstance(subject.parents, SettingsError) else parent_of(subject.settings, subject.parents)
