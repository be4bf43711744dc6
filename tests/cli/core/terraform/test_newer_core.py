"""An environment on a newer core than the installed one: plan, kill, recover, apply, second plan, drift.

The tests of this file are one story: each continues where the one before it ends. What needs no provider is in
test_cores.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.cutting import PATIENCE, held, kill_terraform, tell
from cli.core.sandbox.state_directory import StateDirectory
from tests.support.sandbox import ACCOUNT_ID
from tests.support.stories import Tiny, begun, make

IS_STORY = True

pytestmark = pytest.mark.story


@pytest.fixture(scope="module")
def tiny(newer_core: Path, terraform: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tiny]:
    """A checkout with the tiny system, planned for dev in the sandbox by the newer core."""
    made = make(tmp_path_factory.mktemp("tiny"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INFRA_TERRAFORM", str(newer_core))
        with begun(made, "plan", "dev", "--sandbox", code=2) as planned:
            yield replace(made, planned=planned)


def test_its_plan_is_read(tiny: Tiny) -> None:
    assert re.search(r"^terraform 1\.15\.\d+, provider hashicorp/aws \d", tiny.planned, re.M)
    assert re.search(r"^create  role-1 \(1\)\n +role  role: name=meals-dev-role-1, path=/$", tiny.planned, re.M)
    assert tiny.planned.endswith("dev: 3 to create, 2 outputs to change\n")


def test_it_is_killed_and_the_next_runs_finish_its_work(tiny: Tiny) -> None:
    tell(place(tiny), ACCOUNT_ID, hold_at="2")
    apply = tiny.start("apply", "dev", "--sandbox", "--parallelism", "1")
    with held(place(tiny), ACCOUNT_ID, apply) as is_held:
        assert is_held, apply.communicate()
        kill_terraform(place(tiny), "dev")
    said = apply.communicate(timeout=PATIENCE)[1]
    assert apply.returncode == 1, said
    assert "infra: terraform apply was ended by SIGKILL, before it was done\nan apply of dev was cut off:" in said
    assert tiny.data("apply", "dev", "--sandbox", code=10)["refused"] == "unfinished-apply"
    assert tiny.data("recover", "dev", "--sandbox", "--yes")["lock"]["operation"] == "OperationTypeApply"


def test_it_applies_what_is_left_and_then_plans_nothing(tiny: Tiny) -> None:
    tiny.infra("plan", "dev", "--sandbox", code=2)
    done = tiny.infra("apply", "dev", "--sandbox")
    assert re.match(r"apply of dev succeeded: \d resources? in \d+ s, outputs: group, secret", done.stdout)
    assert tiny.infra("plan", "dev", "--sandbox").stdout.endswith("dev: no changes\n")


def test_its_drift_is_told_in_words(tiny: Tiny) -> None:
    tiny.client("logs").put_retention_policy(logGroupName="/tiny/dev.meals.example", retentionInDays=1)
    done = tiny.infra("drift", "dev", "--sandbox", code=2)
    assert done.stdout.splitlines()[:3] == [
        "dev: 1 resource drifted",
        "  logs/group was changed",
        "    retention_in_days: 365 -> 1",
    ]


def place(tiny: Tiny) -> StateDirectory:
    """The state directory of dev."""
    return StateDirectory(tiny.sandbox / "dev")
