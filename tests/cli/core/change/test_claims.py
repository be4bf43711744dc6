"""What becomes of claims: each side of a change is judged by its own claims and settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from cli.core.change.claims import network_claims, permission_claims
from cli.core.change.model import ClaimChange, ClaimState
from cli.core.change.snapshot import Snapshot, snapshot
from cli.core.change.terms import Terms
from envs.load import load_all
from policies.access.claims import models as about_permissions
from policies.reachability.claims import load as about_connections

OUTSIDERS = "CKV2_MEALS_405"
THEIRS, OTHERS = "arn:aws:iam::555555555555:role/theirs", "arn:aws:iam::666666666666:root"


@pytest.fixture(scope="module")
def environment() -> tuple[str, str]:
    """An environment with a reporting tool, and whom its settings name as that."""
    found = ((each.environment, each.streaming.reporting.tableau_principal_arn) for each in load_all())
    return next((name, arn) for name, arn in found if arn)


@pytest.fixture(scope="module")
def stacks(
    environment: tuple[str, str], synthesized_directory: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., list[Path]]:
    """Writes the environment with a role that others than its reporting tool may assume."""
    name, own = environment

    def made(*principals: str) -> list[Path]:
        out = tmp_path_factory.mktemp("side")
        written = '\\", \\"'.join(principals)  # within JSON within JSON
        for stack in (name, f"{name}-bootstrap"):
            (out / stack).mkdir()
            text = (synthesized_directory / "stacks" / stack / "cdk.tf.json").read_text()
            (out / stack / "cdk.tf.json").write_text(text.replace(own, written))
        return [out / name, out / f"{name}-bootstrap"]

    return made


@pytest.fixture(scope="module")
def before(stacks: Callable[..., list[Path]]) -> Snapshot:
    """The environment with another reporting tool."""
    return snapshot("before", stacks(THEIRS))


@pytest.fixture(scope="module")
def after(environment: tuple[str, str], stacks: Callable[..., list[Path]]) -> Snapshot:
    """The environment with its own reporting tool, and with a stranger."""
    return snapshot("after", stacks(environment[1], OTHERS))


SETTINGS = f"streaming:\n  reporting:\n    tableau_principal_arn: {THEIRS}\n"


def terms(claims: str | None = None, access: str | None = None) -> Terms:
    """Those of a revision: claims as here unless others are given."""
    texts = {
        "policies/claims.yaml": about_connections.FILE.read_text() if claims is None else claims,
        "policies/access.yaml": about_permissions.FILE.read_text() if access is None else access,
        "envs/e.yaml": SETTINGS,
    }
    return Terms("e", lambda path: texts[path].encode())


def states(found: tuple[list[ClaimChange], int]) -> dict[str, ClaimState]:
    """What became of which claim."""
    return {each.claim: each.state for each in found[0]}


def test_a_claim_that_a_change_breaks_was_kept_by_earlier_settings(before: Snapshot, after: Snapshot) -> None:
    found = permission_claims(replace(before, terms=terms()), after)
    assert states(found) == {OUTSIDERS: ClaimState.BROKEN}
    assert found[1] == len(about_permissions.claims().claims)
    # by the settings of now whom they named then is a stranger
    assert states(permission_claims(before, after)) == {OUTSIDERS: ClaimState.BROKEN_BEFORE}


def test_a_claim_about_what_is_looser_holds_by_another_way(before: Snapshot) -> None:
    table = next(key for key, each in before.world.model.things.items() if each.name == "event-store/table")
    who = next(each.principal.key for each in before.world.callers if each.principal.name == "event-store/server")
    found = states(permission_claims(before, before, [(who, table)]))
    otherwise = [name for name, state in found.items() if state is ClaimState.OTHERWISE]
    assert 0 < len(otherwise) < len(about_permissions.claims().claims)
    assert found.items() > states(permission_claims(before, before)).items()


def test_claims_that_cannot_be_read_kept_nothing(before: Snapshot, after: Snapshot) -> None:
    unreadable = replace(before, terms=terms(claims="claims: []", access=""))
    assert states(permission_claims(unreadable, after)) == {OUTSIDERS: ClaimState.BROKEN}
    assert network_claims(unreadable, after, (), differs=True) == ([], len(about_connections.claims().claims) + 1)


def test_a_claim_that_is_gone_or_says_something_else_is_named(before: Snapshot, after: Snapshot) -> None:
    one = "\n  CKV2_MEALS_399:\n    over: {from: internet, to: private}\n"
    other = about_connections.FILE.read_text().replace(
        "{from: internet, to: private}", "{from: outside, to: private}", 1
    )
    earlier = replace(before, terms=terms(claims=other + one))
    assert states(network_claims(earlier, after, (), differs=False)) == {
        "CKV2_MEALS_301": ClaimState.OTHER,
        "CKV2_MEALS_399": ClaimState.GONE,
    }
