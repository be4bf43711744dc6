"""Plan, apply, drift, output, history and destroy as users run them: real terraform, real provider, in the sandbox.

The tests of this file are one story: each continues where the one before it ends.
"""

from __future__ import annotations

import json
import os
import re
import stat
from typing import Any

import pytest

from tests.support.checkouts import choose_cdk
from tests.support.helpers import infra
from tests.support.packages import cdktn
from tests.support.programs import git, run_program
from tests.support.stories import Tiny

IS_STORY = True

BUCKET = "meals-dev-state-111111111111"
OLD_GROUP = "aws_cloudwatch_log_group.logs_group_F4848128"
GROUP = "aws_cloudwatch_log_group.journal_group_2C08D20E"

pytestmark = pytest.mark.story


def test_a_plan_is_shown_and_kept_where_only_its_owner_reads(tiny: Tiny) -> None:
    assert re.search(r"^create  role-1 \(1\)\n +role  role: name=meals-dev-role-1, path=/$", tiny.planned, re.M)
    assert re.search(r"^terraform \S+, provider hashicorp/aws \d", tiny.planned, re.M)
    assert "a rehearsal in the sandbox" in tiny.planned
    assert tiny.planned.endswith("dev: 3 to create, 2 outputs to change\n")
    assert "do not show this" not in tiny.planned
    kept = tiny.store / "saved"
    assert {path.name for path in kept.iterdir()} == {"tfplan", "plan.json", "cdk.tf.json", "sidecar.json"}
    for path in (kept, tiny.store, tiny.store.parent):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept.iterdir()} == {0o600}
    assert not list(tiny.store.glob("*.tfplan")), "plans lie about"


def test_the_same_plan_twice_has_the_same_meaning(tiny: Tiny) -> None:
    first = json.loads((tiny.store / "saved" / "sidecar.json").read_bytes())["evidence"]
    again = tiny.data("plan", "dev", "--sandbox", code=2)
    assert again["semantics"] == first["semantics"]
    assert again["counts"] == {"create": 3}
    assert again["providers"].keys() == {"hashicorp/aws"}


def test_of_two_applies_at_once_one_does_what_was_planned_and_is_recorded(tiny: Tiny) -> None:
    both = [tiny.start("apply", "dev", "--sandbox") for _ in range(2)]
    said = [process.communicate(timeout=300) for process in both]
    assert sorted(process.returncode for process in both) == [0, 8], said
    won = 0 if both[0].returncode == 0 else 1
    assert "there is no saved plan of dev: run infra plan dev" in said[1 - won][1]
    stdout, stderr = said[won]
    assert re.search(r"^3/3 created \S+ \(\d+ s\)$", stderr, re.M)
    assert re.fullmatch(r"apply of dev succeeded: 3 resources in \d+ s, outputs: group, secret \(record 1\)\n", stdout)
    (record,) = tiny.data("history", "dev", "--sandbox")
    assert (record["kind"], record["result"], record["target"]) == ("apply", "succeeded", "sandbox")
    assert record["by"]["git"] == "Somebody <some@body.example>"
    assert record["resources"][OLD_GROUP]["actions"] == ["create"]
    assert record["outputs"] == ["group", "secret"]
    assert record["state"]["serial_before"] == 0 < record["state"]["serial_after"]
    assert "do not show this" not in json.dumps(record)


def test_after_an_apply_nothing_is_left_to_do(tiny: Tiny) -> None:
    assert tiny.infra("plan", "dev", "--sandbox").stdout.endswith("dev: no changes\n")
    outputs = tiny.data("output", "dev", "--sandbox")
    assert outputs == {
        "group": "arn:aws:logs:us-east-1:111111111111:log-group:/tiny/dev.meals.example",
        "secret": "(sensitive)",
    }


def test_what_cdktf_has_made_cdktn_leaves_as_it_is(tiny: Tiny) -> None:
    choose_cdk(tiny.root, "cdktn")
    variables = {**tiny.variables, "PYTHONPATH": f"{tiny.root}:{cdktn()}"}
    done = infra("plan", "dev", "--sandbox", root=tiny.root, variables=variables)
    assert done.stdout.endswith("dev: no changes\n"), done.stderr
    assert b'"version": "0.24.0"' in (tiny.sandbox / "dev" / "stacks" / "dev" / "cdk.tf.json").read_bytes()
    git(tiny.root, "checkout", "cdktf.json")


def test_terraform_alone_goes_on_where_the_toolkit_stopped(tiny: Tiny, terraform: str) -> None:
    sandbox = {"AWS_ACCESS_KEY_ID": "sandbox", "AWS_SECRET_ACCESS_KEY": "sandbox", "AWS_ENDPOINT_URL": endpoint(tiny)}
    done = run_program(
        [terraform, "plan", "-detailed-exitcode", "-input=false", "-no-color"],
        cwd=tiny.sandbox / "dev" / "stacks" / "dev",
        env={**os.environ, **sandbox},
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_was_changed_outside_is_drift_in_words(tiny: Tiny) -> None:
    change_outside(tiny, retentionInDays=1)
    done = tiny.infra("drift", "dev", "--sandbox", code=2)
    *lines, bootstrap, summary = done.stdout.splitlines()
    assert lines == ["dev: 1 resource drifted", "  logs/group was changed", "    retention_in_days: 365 -> 1"]
    assert bootstrap.startswith("dev-bootstrap: not compared: infra bootstrap dev did not run in this sandbox")
    assert summary == "1 stack compared, 1 drifted, not compared: dev-bootstrap"


def test_what_others_add_to_a_resource_is_drift_and_stays_it(tiny: Tiny) -> None:
    role = tiny.client("iam").list_roles()["Roles"][0]["RoleName"]
    tiny.client("iam").attach_role_policy(RoleName=role, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    done = tiny.infra("drift", "dev", "--sandbox", code=2)
    assert done.stdout.splitlines()[1:3] == [
        "  opens access:",
        f"    {role.removeprefix('meals-dev-')}/role: attached policy: arn:aws:iam::aws:policy/AdministratorAccess",
    ]


def test_a_lock_that_a_run_left_is_shown_and_taken_away(tiny: Tiny) -> None:
    left = {"ID": "11111111-2222-3333-4444-555555555555", "Operation": "OperationTypeApply", "Who": "ann@host"}
    lock = json.dumps({**left, "Created": "2026-11-22T12:00:00Z", "Version": "1.11.4", "Info": "", "Path": ""})
    tiny.client("s3").put_object(Bucket=BUCKET, Key="dev/terraform.tfstate.tflock", Body=lock.encode())
    done = tiny.infra("plan", "dev", "--sandbox", code=9)
    assert "the state of dev is locked by ann@host, OperationTypeApply, since 2026-11-22" in done.stderr
    done = tiny.infra("unlock", "dev", "--sandbox", code=10)
    assert "dev is locked by ann@host" in done.stderr
    assert tiny.data("unlock", "dev", "--sandbox", "--yes")["unlocked"]["who"] == "ann@host"
    assert tiny.infra("unlock", "dev", "--sandbox").stdout == "dev is not locked\n"


def test_a_renamed_construct_keeps_its_data(tiny: Tiny) -> None:
    tiny.infra("move", "--write")
    tiny.change('Construct(stack, "logs")', 'Construct(stack, "journal")', file="modules/stacks.py")
    refused = tiny.infra("synth", "dev", code=6)
    assert f"addresses.json:4: dev: {OLD_GROUP} (logs/group) holds data and is no longer made." in refused.stderr
    assert "modules/stacks.py:" in refused.stderr
    assert refused.stderr.endswith("If it is the same: infra move logs/group journal/group\n")
    tiny.infra("plan", "dev", "--sandbox", code=6)
    tiny.infra("move", "logs/group", "journal/group")
    tiny.commit()
    plan = tiny.data("plan", "dev", "--sandbox", code=2)
    assert plan["counts"] == {"update": 1}, "somebody's retention, see above, and no destroy"
    (group,) = plan["changes"]
    assert (group["address"], group["previous_address"]) == (GROUP, OLD_GROUP)
    assert tiny.data("apply", "dev", "--sandbox")["result"] == "succeeded"
    drift = tiny.infra("drift", "dev", "--sandbox", code=2).stdout
    assert "AdministratorAccess" in drift, "the apply has taken it into the state, and nobody has made it"


def test_a_replacement_shows_its_cause_and_is_refused_if_it_loses_data(tiny: Tiny) -> None:
    tiny.change("domain_name: dev.meals.example", "domain_name: other.meals.example")
    tiny.commit()
    done = tiny.infra("plan", "dev", "--sandbox", code=2)
    assert done.stdout.startswith("Opens ")
    assert "\ndev: 1 to replace, 1 output to change; data of 1 resource is lost" in done.stdout
    shown = done.stdout[done.stdout.index(f"\nreplace  {GROUP} (holds data)") :]
    assert "journal/group" in shown
    assert "/tiny/other.meals.example" in shown
    refused = tiny.data("apply", "dev", "--sandbox", code=10)
    assert refused["refused"] == "stateful-loss"
    assert f"--allow-stateful-loss '{GROUP}'" in refused["message"]
    record = tiny.data("apply", "dev", "--sandbox", "--allow-stateful-loss", GROUP)
    assert record["plan"]["allowed_stateful_losses"] == [GROUP]
    assert sorted(record["resources"][GROUP]["actions"]) == ["create", "delete"]


def test_destroy_takes_everything(tiny: Tiny) -> None:
    done = tiny.infra("destroy", "dev", "--sandbox", "--yes")
    assert "destroy of dev succeeded: 3 resources" in done.stdout
    assert tiny.infra("output", "dev", "--sandbox").stdout == "dev has no outputs: it was not applied yet\n"
    history = tiny.infra("history", "dev", "--sandbox").stdout
    assert [line.split()[0] for line in history.splitlines() if line[0].isdigit()] == ["1", "2", "3", "4"]


def test_destroy_is_refused_where_protection_is_on(tiny: Tiny) -> None:
    refused = tiny.data("destroy", "prod", "--sandbox", "--yes", code=10)
    assert refused["refused"] == "protected"
    assert "stateful_protection is true in envs/prod.yaml" in refused["message"]


def test_a_changed_record_is_an_error_that_names_it(tiny: Tiny) -> None:
    (path,) = tiny.records.glob("000002-*.json")
    path.write_text(path.read_text().replace('"succeeded"', '"failed"'))
    done = tiny.infra("history", "dev", "--sandbox", code=1)
    assert f"{path.name}: was changed after it was written" in done.stderr


def change_outside(tiny: Tiny, **arguments: int) -> None:
    """Change the retention of the log group in the sandbox, as somebody at the console would."""
    tiny.client("logs").put_retention_policy(logGroupName="/tiny/dev.meals.example", **arguments)


def endpoint(tiny: Tiny) -> str:
    """The URL of the sandbox."""
    return f"http://127.0.0.1:{json.loads((tiny.sandbox / 'dev' / 'server.json').read_bytes())['port']}"


def client(tiny: Tiny, service: str) -> Any:
    """A service of the sandbox."""
    import boto3

    return boto3.client(
        service,
        endpoint_url=endpoint(tiny),
        region_name="us-east-1",
        aws_access_key_id="sandbox",
        aws_secret_access_key="sandbox",
    )
