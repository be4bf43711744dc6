"""The order in which environments take a release. No other place states it."""

from __future__ import annotations

PROMOTION_CHAIN: tuple[str, ...] = ("dev", "staging", "prod")
"""The environments that a release passes, first to last; any other environment takes no promotions."""
