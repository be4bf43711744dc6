"""A release climbs from dev to prod and goes back: real terraform, real provider, in the sandbox.

The system is the tiny one of `tests/cli/operations`; here the release decides over a tag of its roles and, by a
feature, over the name of its log group, which holds data. The tests are one story: each goes on where the one before it
ended.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cli.operations.conftest import Tiny, make
from tests.conftest import without_terraform
from tests.helpers import infra

SOAK = ("--override", "soak", "--reason", "a test cannot wait")


@pytest.fixture(scope="module")
def tiny(terraform: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tiny]:
    """A checkout whose dev is applied with release 1.1.0, by Somebody."""
    made = make(tmp_path_factory.mktemp("promotion"))
    made.change(
        "assume_role_policy=document([servers]),",
        'assume_role_policy=document([servers]), tags={"Version": environment.release.application_version},',
        file="modules/stacks.py",
    )
    made.change(
        'name=f"/tiny/{environment.domain_name}",',
        "name=f\"/tiny/{environment.domain_name}/{environment.release.features.get('renamed', False)}\",",
        file="modules/stacks.py",
    )
    version(made, "1.1.0")
    done = infra("plan", "dev", "--sandbox", root=made.root, cwd=made.root, variables=made.variables, timeout=300)
    if done.returncode == 7:
        without_terraform(done.stderr.strip())
    assert done.returncode == 2, f"{done.stdout}\n{done.stderr}"
    made.infra("apply", "dev", "--sandbox")
    yield made
    infra("sandbox", "reset", root=made.root, cwd=made.root, variables=made.variables)


def version(tiny: Tiny, number: str) -> None:
    """Give dev another release, and commit it."""
    path = tiny.root / "envs" / "dev.yaml"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text(
        "".join(f'  application_version: "{number}"\n' if "application_version" in each else each for each in lines)
    )
    tiny.commit()


def work_as(tiny: Tiny, who: str) -> None:
    """Whom git takes the next one for."""
    subprocess.run(["git", "config", "user.email", who], cwd=tiny.root, check=True)


def applied(tiny: Tiny, environment: str) -> None:
    """Plan and apply."""
    tiny.infra("plan", environment, "--sandbox", code=2)
    tiny.infra("apply", environment, "--sandbox", "--yes")


def shut(document: Any) -> set[str]:
    """The gates that are shut."""
    return {each["name"] for each in document["gates"] if not each["is_open"]}


def test_a_release_climbs_one_step_at_a_time(tiny: Tiny) -> None:
    done = tiny.infra("promote", "dev", "prod", "--sandbox", code=10)
    assert "a release climbs one step at a time: dev to staging, staging to prod" in done.stderr


def test_soak_shuts_and_nothing_is_written(tiny: Tiny) -> None:
    before = (tiny.root / "envs" / "staging.yaml").read_bytes()
    done = tiny.infra("promote", "dev", "staging", "--sandbox", code=10)
    assert "soak: 1 h are asked for; applied since" in done.stderr
    assert "Refused: nothing was written." in done.stdout
    assert (tiny.root / "envs" / "staging.yaml").read_bytes() == before
    assert tiny.infra("promotions").stdout == "nothing was promoted yet\n"


def test_an_override_needs_a_gate_and_a_reason(tiny: Tiny) -> None:
    assert "needs a reason" in tiny.infra("promote", "dev", "staging", "--override", "soak", code=64).stderr
    done = tiny.infra("promote", "dev", "staging", "--override", "luck", "--reason", "r", code=64)
    assert "there is no gate 'luck' to override; gates: apply, policies, drift" in done.stderr


def test_a_promotion_is_written_together_with_its_record(tiny: Tiny) -> None:
    file = tiny.root / "envs" / "staging.yaml"
    before = file.read_text()
    tried = tiny.data("promote", "dev", "staging", "--sandbox", *SOAK, "--dry-run")
    assert shut(tried) == {"soak"}
    assert tried["residual"] == {"id": "", "resources": []}
    assert file.read_text() == before
    done = tiny.infra("promote", "dev", "staging", "--sandbox", *SOAK)
    assert "Wrote envs/staging.yaml and record 1. Next: infra plan staging, infra apply staging." in done.stdout
    changed = [line for line in file.read_text().splitlines() if line not in before.splitlines()]
    assert changed == ['  application_version: "1.1.0"', "    meal_swaps: true"]
    (record,) = tiny.data("promotions", "staging")
    assert record["release"] == tried["release"]
    assert record["evidence"]["digest"] == tiny.data("history", "dev", "--sandbox")[-1]["digest"]
    assert [(each["gate"], each["reason"]) for each in record["overrides"]] == [("soak", "a test cannot wait")]
    assert "overrid" in tiny.infra("promotions").stdout


def test_promoting_again_says_that_it_is_there(tiny: Tiny) -> None:
    assert "staging has that release already" in tiny.infra("promote", "dev", "staging", "--sandbox").stdout
    assert len(tiny.data("promotions")) == 1


def test_prod_wants_somebody_else_to_approve(tiny: Tiny) -> None:
    tiny.commit()
    applied(tiny, "staging")
    tiny.infra("approve", "prod", "--sandbox")
    own = tiny.data("promote", "staging", "prod", "--sandbox", *SOAK, "--dry-run", code=10)
    assert own["refused"] == "gates-closed"
    assert "some@body.example wrote it, which does not count" in own["message"]
    work_as(tiny, "bob@meals.example")
    tiny.infra("approve", "prod", "--sandbox")
    tried = tiny.data("promote", "staging", "prod", "--sandbox", *SOAK, "--dry-run")
    assert shut(tried) == {"soak"}


def test_a_freeze_keeps_a_release_out_but_for_a_hotfix(tiny: Tiny) -> None:
    tiny.infra("freeze", "prod", "--until", "2199-01-01", "--reason", "holidays")
    refused = tiny.data("promote", "staging", "prod", "--sandbox", *SOAK, "--dry-run", code=10)
    assert "prod is frozen until 2199-01-01 00:00 UTC" in refused["message"]
    release = tiny.data("promotions", "staging")[0]["release"]["id"]
    tiny.infra("freeze", "prod", "--until", "2199-01-01", "--reason", "holidays", "--allow", release)
    asked = tiny.data("promote", "staging", "prod", "--sandbox", *SOAK, "--yes", code=10)
    assert asked["refused"] == "not-acknowledged", "prod has a replica more, which nothing below has tried"
    (difference,) = re.findall(r"--acknowledge ([0-9a-f]{12})", asked["message"])
    tiny.infra("promote", "staging", "prod", "--sandbox", *SOAK, "--acknowledge", difference)
    assert "prod is thawed" in tiny.infra("thaw", "prod").stdout
    assert "prod is not frozen" in tiny.infra("thaw", "prod").stdout
    assert [each["deed"] for each in tiny.data("promotions", "prod")] == ["freeze", "freeze", "promotion", "thaw"]


def test_a_release_that_loses_data_is_refused_whatever_is_overridden(tiny: Tiny) -> None:
    tiny.change("    meal_swaps: true", "    meal_swaps: true\n    renamed: true")
    tiny.commit()
    tiny.infra("plan", "dev", "--sandbox", code=2)
    group = "aws_cloudwatch_log_group.logs_group_F4848128"
    tiny.infra("apply", "dev", "--sandbox", "--allow-stateful-loss", group)
    refused = tiny.data("promote", "dev", "staging", "--sandbox", *SOAK, "--override", "residual", code=10)
    assert refused["refused"] == "stateful-loss"
    assert group in refused["message"]


def test_an_environment_goes_back_to_what_it_had(tiny: Tiny) -> None:
    tiny.change("\n    renamed: true", "")
    version(tiny, "1.2.0")
    tiny.infra("plan", "dev", "--sandbox", code=2)
    tiny.infra("apply", "dev", "--sandbox", "--allow-stateful-loss", "aws_cloudwatch_log_group.logs_group_F4848128")
    tiny.infra("promote", "dev", "staging", "--sandbox", *SOAK, "--override", "residual")
    tiny.commit()
    applied(tiny, "staging")
    done = tiny.infra("rollback", "staging", "--sandbox", "--override", "residual", "--reason", "1.2.0 is bad")
    assert "staging back to release" in done.stdout
    assert 'application_version: "1.1.0"' in (tiny.root / "envs" / "staging.yaml").read_text()
    last = tiny.data("promotions", "staging")[-1]
    assert (last["deed"], last["release"]["values"]["application_version"]) == ("rollback", "1.1.0")
    tiny.commit()
    applied(tiny, "staging")
    assert "no release" not in tiny.infra("release", "list", "--sandbox").stdout


def test_the_status_is_one_screen(tiny: Tiny) -> None:
    rows = {each["environment"]: each for each in tiny.data("status", "--sandbox")}
    assert rows["staging"]["application_version"] == "1.1.0"
    assert rows["dev"]["next"]["carries"] == {"application_version": ["1.1.0", "1.2.0"]}
    assert rows["staging"]["policies"] == "pass"
    assert {each["gate"] for each in rows["staging"]["overrides"]} == {"soak", "residual"}
    assert "soak overridden until" in tiny.infra("status", "--sandbox").stdout


def test_a_record_that_was_changed_is_named(tiny: Tiny) -> None:
    path = tiny.root / "records" / "promotions" / "000002.json"
    path.write_text(path.read_text().replace("holidays", "no reason"))
    done = tiny.infra("promotions", code=1)
    assert "000002.json: was changed after it was written" in done.stderr
