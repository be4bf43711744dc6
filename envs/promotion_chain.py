"""The order in which a release climbs. This is the one place that states it."""

from __future__ import annotations

PROMOTION_CHAIN: tuple[str, ...] = ("dev", "staging", "prod")
"""Names of the environments that a release passes, first to last; an environment outside it takes no
promotions."""
