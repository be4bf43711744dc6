"""What the internet sees: load balancer, certificate, sign-in, web firewall."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from envs.settings.base import Part, Violation, repeated
from envs.settings.types import LogRetentionDays, PathPattern

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

    def rules(self) -> Iterator[Violation]:
        yield from repeated("protected_paths", self.protected_paths)
        if sum(pattern.count("*") + pattern.count("?") for pattern in self.protected_paths) > MAX_RULE_WILDCARDS:
            yield Violation(
                ("protected_paths",),
                list(self.protected_paths),
                f"patterns with {MAX_RULE_WILDCARDS} wildcards (* and ?) or fewer in all of them together",
            )
