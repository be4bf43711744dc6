"""Preconditions before a plan: what is missing stops it, a reason lets it go on, and the report says either."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from benchmarks.inventory import client_of
from cli.core.sandbox.state_directory import ServerRecord, StateDirectory
from tests.support.stories import Tiny

pytestmark = pytest.mark.story

BUCKET = "meals-dev-state-111111111111"


@pytest.fixture
def record(tiny: Tiny) -> ServerRecord:
    """The sandbox of dev."""
    running = StateDirectory(tiny.sandbox / "dev").running()
    assert running is not None
    return running


@pytest.fixture
def without_state_bucket(record: ServerRecord) -> Iterator[None]:
    """A sandbox whose state bucket is gone for a while."""
    s3 = client_of(record, "s3")
    listed = s3.list_object_versions(Bucket=BUCKET)
    for version in [*listed.get("Versions", []), *listed.get("DeleteMarkers", [])]:  # of the lock of the state
        s3.delete_object(Bucket=BUCKET, Key=version["Key"], VersionId=version["VersionId"])
    s3.delete_bucket(Bucket=BUCKET)
    yield
    s3.create_bucket(Bucket=BUCKET)


def test_a_plan_counts_its_preconditions(tiny: Tiny) -> None:
    assert "\npreconditions: 2 ok (infra doctor dev --sandbox)\n" in tiny.planned


@pytest.mark.usefixtures("without_state_bucket")
def test_a_missing_precondition_stops_a_plan(tiny: Tiny) -> None:
    refused = tiny.data("plan", "dev", "--sandbox", code=7)
    assert refused["refused"] == "preconditions-missing"
    assert [missing["name"] for missing in refused["missing"]] == ["state bucket"]
    assert f"  state bucket: there is no bucket {BUCKET}\n    to do: infra bootstrap dev" in refused["message"]
    assert "--skip-preconditions REASON" in refused["message"]


@pytest.mark.usefixtures("without_state_bucket")
def test_doctor_shows_it_and_ends_with_7(tiny: Tiny) -> None:
    document = tiny.data("doctor", "dev", "--sandbox", code=7)
    assert document["fatal"] is True
    states = {precondition["name"]: precondition["state"] for precondition in document["preconditions"]}
    assert states == {"account": "ok", "state bucket": "missing"}
    text = tiny.infra("doctor", "dev", "--sandbox", code=7).stdout
    assert "\nstate bucket, without which an apply fails\n  why    terraform keeps the state in it" in text


def test_doctor_ends_with_0_when_all_is_there(tiny: Tiny) -> None:
    assert "state bucket  ok  " in tiny.infra("doctor", "dev", "--sandbox").stdout


def test_the_report_has_the_reason_of_a_plan_without_preconditions(tiny: Tiny) -> None:
    report = tiny.data("plan", "dev", "--sandbox", "--skip-preconditions", "the account is made tonight", code=2)
    assert "preconditions were skipped: the account is made tonight" in report["notes"]


def test_skipping_takes_a_reason(tiny: Tiny) -> None:
    done = tiny.infra("plan", "dev", "--sandbox", "--skip-preconditions", " ", code=64)
    assert "needs a reason" in done.stderr


def test_doctor_in_the_sandbox_takes_an_environment(tiny: Tiny) -> None:
    assert "infra doctor dev --sandbox" in tiny.infra("doctor", "--sandbox", code=64).stderr


def test_an_unknown_environment_is_named(tiny: Tiny) -> None:
    assert json.loads(tiny.infra("doctor", "dve", "--json", code=64).stdout)["refused"] == "unknown-environment"
