"""An apply that is cut off at every tenth operation, by each of those that can die: the next runs finish it.

The tests of this file are one story: each continues where the one before it ends. What lies between two cuts is what
an operator does then, with nothing but what the messages say.
"""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from benchmarks.cutting import PATIENCE, held, kill_provider, kill_terraform, tell
from benchmarks.inventory import Inventory, client_of, lost
from cli.core.sandbox import process
from cli.core.sandbox.state_directory import StateDirectory
from tests.support.helpers import ROOT
from tests.support.sandbox import ACCOUNT_ID
from tests.support.stories import Tiny, begun, make

IS_STORY = True

GROWING = ROOT / "tests" / "support" / "growing.py"
APPLY = ("apply", "dev", "--sandbox", "--parallelism", "4")

pytestmark = pytest.mark.story


@pytest.fixture(scope="module")
def growing(terraform: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tiny]:
    """A checkout with a system of 26 resources, planned for dev in the sandbox."""
    made = make(tmp_path_factory.mktemp("growing"), GROWING)
    with begun(made, "plan", "dev", "--sandbox", code=2):
        yield made


def test_terraform_is_killed(growing: Tiny) -> None:
    with held_at_tenth(growing) as apply:
        kill_terraform(place(growing), "dev")
    said = apply.communicate(timeout=PATIENCE)[1]
    assert apply.returncode == 1, said
    assert "infra: terraform apply was ended by SIGKILL, before it was done\nan apply of dev was cut off:" in said
    assert said.endswith("infra recover dev --sandbox puts the state in order; then infra plan dev --sandbox goes on\n")
    found = recover(growing)
    assert found["lock"]["operation"] == "OperationTypeApply"
    assert results(growing) == ["apply failed", "recover"]


def test_the_provider_is_killed(growing: Tiny) -> None:
    growing.infra("plan", "dev", "--sandbox", code=2)
    with held_at_tenth(growing) as apply:
        kill_provider(place(growing), "dev")
    said = apply.communicate(timeout=PATIENCE)[1]
    assert apply.returncode == 1, said
    assert "an apply of dev was cut off:" in said
    assert recover(growing)["lock"] is None, "terraform came to its end"
    assert results(growing)[-2:] == ["apply failed", "recover"]


def test_aws_is_gone(growing: Tiny) -> None:
    growing.infra("plan", "dev", "--sandbox", code=2)
    tell(place(growing), ACCOUNT_ID, die_at="10")
    done = growing.infra(*APPLY, code=1)
    (error,) = re.findall(r"^infra: (.+)$", done.stderr, re.M)
    assert re.match(r"terraform apply failed, because AWS cannot be reached: \w+ \"http://127\.0\.0\.1:\d+/", error)
    errored = growing.sandbox / "dev" / "stacks" / "dev" / "errored.tfstate"
    assert f"the state, which could not be written, is in {errored}" in done.stderr
    assert errored.is_file()
    found = growing.data("recover", "dev", "--sandbox", "--yes")
    assert found["is_state_pushed"]
    assert not errored.exists(), "it holds secrets"


def test_all_of_it_is_killed(growing: Tiny) -> None:
    plan = growing.data("plan", "dev", "--sandbox", code=2)
    assert plan["stateful_losses"] == [], "what holds data and was made half-way is completed, not replaced"
    with held_at_tenth(growing) as apply:
        apply.kill()
        kill_terraform(place(growing), "dev")
    apply.communicate(timeout=PATIENCE)
    history = growing.infra("history", "dev", "--sandbox")
    assert re.search(r"the apply of dev that Somebody \S+ began at \S+Z is running, or its run died", history.stderr)
    recover(growing)
    assert results(growing)[-2:] == ["apply unknown", "recover"]


def test_the_command_is_killed_and_terraform_goes_on(growing: Tiny) -> None:
    growing.infra("plan", "dev", "--sandbox", code=2)
    with held_at_tenth(growing) as apply:
        apply.kill()
        apply.communicate(timeout=PATIENCE)
        plan = growing.start("plan", "dev", "--sandbox")
        assert plan.stderr is not None
        waits = plan.stderr.readline()
    assert re.match(r"terraform \(process \d+\) still works on dev for a run that was killed; waiting", waits)
    stdout, stderr = plan.communicate(timeout=PATIENCE)
    assert plan.returncode == 0, stdout + stderr
    assert "an earlier apply of dev had no record; terraform's log says that it ended as succeeded" in stderr
    assert stdout.endswith("dev: no changes\n")


def test_everything_is_there_once_and_every_apply_is_recorded(growing: Tiny) -> None:
    def client(service: str) -> Any:
        record = place(growing).running()
        assert record is not None
        return client_of(record, service)

    assert len(client("logs").describe_log_groups()["logGroups"]) == 8
    assert len([each for each in client("iam").list_roles()["Roles"] if "-role-" in each["RoleName"]]) == 8
    assert len(client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]) == 4
    assert len(custom(client("ec2").describe_vpcs()["Vpcs"])) == 1
    (acl,) = custom(client("ec2").describe_network_acls()["NetworkAcls"])
    assert len([entry for entry in acl["Entries"] if entry["RuleNumber"] < 100]) == 4
    assert results(growing) == [
        *("apply failed", "recover"),
        *("apply failed", "recover"),
        *("apply failed", "recover"),
        *("apply unknown", "recover"),
        "apply succeeded",
    ]
    assert growing.infra("unlock", "dev", "--sandbox").stdout == "dev is not locked\n"
    assert growing.data("recover", "dev", "--sandbox")["record"] is None, "there is nothing more to put in order"


@contextlib.contextmanager
def held_at_tenth(growing: Tiny) -> Iterator[subprocess.Popen[str]]:
    """An apply of which nine operations are done and the tenth is under way, until this context ends."""
    tell(place(growing), ACCOUNT_ID, hold_at="10")
    apply = growing.start(*APPLY)
    with held(place(growing), ACCOUNT_ID, apply) as is_held:
        assert is_held, apply.communicate()
        yield apply


def recover(growing: Tiny) -> Any:
    """Put the state in order, having looked in AWS for what may be there and has no name of its own."""
    refused = growing.data("apply", "dev", "--sandbox", code=10)
    assert refused["refused"] == "unfinished-apply"
    assert "infra recover dev --sandbox puts the state in order" in refused["message"]
    adopt = [argument for found in found_in_aws(growing).items() for argument in ("--adopt", "=".join(found))]
    return growing.data("recover", "dev", "--sandbox", "--yes", *adopt)


def found_in_aws(growing: Tiny) -> Mapping[str, str]:
    """Ids by address of what was being made when the last apply ended, where AWS has it."""
    record = process.up(place(growing), ACCOUNT_ID)
    last = growing.data("history", "dev", "--sandbox")[-1]["resources"]
    begun = [address for address, each in last.items() if each.get("begun") == "create"]
    return lost(Inventory(record, growing.sandbox / "dev" / "stacks" / "dev" / "cdk.tf.json"), begun)


def custom(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without those that AWS made."""
    return [each for each in found if not each["IsDefault"]]


def results(growing: Tiny) -> list[str]:
    """What was done to dev, and what came of it; the records are verified."""
    records = growing.data("history", "dev", "--sandbox")
    return [" ".join(filter(None, (record["kind"], record.get("result")))) for record in records]


def place(growing: Tiny) -> StateDirectory:
    """Where the sandbox of dev is."""
    return StateDirectory(growing.sandbox / "dev")


def test_records_are_as_they_were_written(growing: Tiny) -> None:
    names = sorted(path.name for path in growing.records.iterdir())
    assert [name[:7] for name in names] == [f"{number:06}-" for number in range(1, 10)]
    record = json.loads((growing.records / names[0]).read_bytes())["data"]
    assert record["state"]["serial_before"] == 0
    assert {each.get("begun") for each in record["resources"].values()} >= {"create"}
