"""What the internet sees: load balancer, certificate, sign-in, web firewall."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from envs.settings.base import Part, Violation, repeated
from envs.settings.types import PathPattern

TlsPolicy = Literal[
    "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04",
    "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-3-2021-06",
    "ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04",
]


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
    access_log_retention_days: int = Field(
        default=365, ge=1, le=3650, description="Days that access logs of the load balancer are kept."
    )

    def rules(self) -> Iterator[Violation]:
        yield from repeated("protected_paths", self.protected_paths)
