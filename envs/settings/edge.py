"""What the internet sees: load balancer, certificate, sign-in, web firewall."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from envs.settings.base import Part, Violation, repeated
from envs.settings.types import DomainName, DsDigest, LogRetentionDays, PathPattern

TlsPolicy = Literal[
    "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04",
    "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-3-2021-06",
    "ELBSecurityPolicy-TLS13-1-3-FIPS-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04",
]

INTERNAL_LABEL = "internal"
"""First label of the private hosted zone: ``internal.<domain_name>``."""


def sign_in_keys_host(region: str) -> str:
    """The host with the keys that verify what a load balancer says of who signed in (Application Load Balancer user
    guide, "Authenticate users"). It has no endpoint in a VPC."""
    return f"public-keys.auth.elb.{region}.amazonaws.com"


MAX_RULE_WILDCARDS = 5
"""Wildcards in the conditions of one listener rule (Quotas for your Application Load Balancers)."""


class Waf(Part):
    """The web access control list before the load balancer."""

    rate_limit_per_5_minutes: int = Field(
        default=2000,
        ge=10,
        le=2_000_000_000,
        description="Requests of one source address in five minutes, above which it is blocked.",
    )


class DsRecord(Part):
    """What a parent domain says of the key that a child's zone is signed with (RFC 4034, section 5)."""

    key_tag: int = Field(ge=0, le=65535, description="Key tag: the first number of the DS record.")
    algorithm: Literal[8, 10, 13, 14, 15, 16] = Field(
        description="Algorithm of the key: the second number. Route 53 signs with 13, ECDSA P-256 with SHA-256."
    )
    digest_type: Literal[2] = Field(default=2, description="Type of the digest: the third number; 2 is SHA-256.")
    digest: DsDigest = Field(description="The digest: the last part of the DS record.")

    def __str__(self) -> str:
        return f"{self.key_tag} {self.algorithm} {self.digest_type} {self.digest.upper()}"


class Delegation(Part):
    """A child domain that another zone answers for: its NS records and DS records in this environment's zone."""

    name: DomainName = Field(description="The child domain, below `domain_name`, such as dev.meals.example.")
    name_servers: tuple[DomainName, ...] = Field(
        min_length=2, max_length=8, description="Name servers of the child's zone; a zone of Route 53 has four."
    )
    ds_records: tuple[DsRecord, ...] = Field(
        default=(), max_length=4, description="DS records of the child's zone. Default: none, the child is not signed."
    )

    def rules(self) -> Iterator[Violation]:
        yield from repeated("name_servers", self.name_servers)
        yield from repeated("ds_records", map(str, self.ds_records))
        for index, server in enumerate(self.name_servers):
            if is_below(server, self.name):
                yield Violation(
                    ("name_servers", index),
                    server,
                    f"a name server outside {self.name}, because nobody could find one inside",
                    "Take the name servers that infra bootstrap prints.",
                )


def is_below(name: str, domain: str) -> bool:
    """Whether a domain name is a domain, or below it."""
    return name == domain or name.endswith(f".{domain}")


class Edge(Part):
    """The application load balancer and what guards it."""

    protected_paths: tuple[PathPattern, ...] = Field(
        default=("/account*",),
        min_length=1,
        max_length=5,
        description="Path patterns that need a signed-in user (Cognito).",
    )
    tls_policy: TlsPolicy = Field(
        default="ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
        description="TLS policy of the HTTPS listener: one of the strict ones (AWS Security Hub control ELB.17).",
    )
    waf: Waf = Field(default=Waf(), description="The web access control list.")
    log_retention_days: LogRetentionDays = Field(
        default=365, description="Days that the logs of the web access control list and of DNS queries are kept."
    )

    delegations: tuple[Delegation, ...] = Field(
        default=(),
        max_length=50,
        description="Child domains that other zones answer for; `infra bootstrap` of the child prints the entry.",
    )

    def rules(self) -> Iterator[Violation]:
        yield from self._delegation_rules()
        yield from repeated("protected_paths", self.protected_paths)
        if sum(pattern.count("*") + pattern.count("?") for pattern in self.protected_paths) > MAX_RULE_WILDCARDS:
            yield Violation(
                ("protected_paths",),
                list(self.protected_paths),
                f"patterns with {MAX_RULE_WILDCARDS} wildcards (* and ?) or fewer in all of them together",
            )

    def _delegation_rules(self) -> Iterator[Violation]:
        names = [delegation.name for delegation in self.delegations]
        yield from repeated("delegations", names, within="name")
        for index, name in enumerate(names):
            above = next((other for other in names if other != name and is_below(name, other)), None)
            if above is not None:
                yield Violation(
                    ("delegations", index, "name"),
                    name,
                    f"a name that is not below {above}, because the zone of {above} answers for it",
                    f"Delegate it in the zone of {above}.",
                )
