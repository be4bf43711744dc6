"""The whole of dev, applied to the sandbox by terraform with the real AWS provider, then scaled.

The tests of this file are one story: each goes on where the one before it ended.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cli.engine.sandbox import Sandbox, process
from cli.engine.sandbox.override import variables
from cli.engine.sandbox.place import Place
from cli.engine.sandbox.status import provider_version
from envs.load import load
from envs.settings import Settings
from tests.conftest import without_terraform

HARMLESS = {"no-op", "read", "create", "update"}
"""Actions of a plan that destroy nothing."""


@dataclass
class Rehearsal:
    """dev in a sandbox, and terraform to run on it."""

    terraform: str
    sandbox: Sandbox
    directory: Path
    synthesized: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run terraform, never asking anything."""
        given = {**self.sandbox.environ, "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}
        command = [self.terraform, *arguments, "-no-color"]
        return subprocess.run(
            command, cwd=self.directory, env=given, capture_output=True, text=True, timeout=1200, check=False
        )

    def must(self, *arguments: str) -> str:
        """Run terraform to success; its output."""
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def scale(self, replicas: int) -> None:
        """Put dev with this number of subnet replicas where terraform runs."""
        from main import synthesize

        values = load("dev").model_dump()
        values["network"]["replicas"] = replicas
        place = self.synthesized / str(replicas)
        synthesize([Settings.model_validate(values)], place)
        self.sandbox.stack(place / "stacks" / "dev")

    def plan(self, *arguments: str) -> Mapping[str, set[str]]:
        """Plan; the actions of each resource that is not left as it is. The plan is kept as plan.bin."""
        self.must("plan", "-input=false", "-out=plan.bin", *arguments)
        changes = json.loads(self.must("show", "-json", "plan.bin"))["resource_changes"]
        actions = {each["address"]: set(each["change"]["actions"]) for each in changes if each["mode"] == "managed"}
        return {address: what for address, what in actions.items() if what != {"no-op"}}

    def managed(self) -> set[str]:
        """Addresses of the resources in the state."""
        return {line for line in self.must("state", "list").splitlines() if not line.startswith("data.")}


@pytest.fixture(scope="module")
def dev(terraform: str, synthesized_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    """dev, planned for the first time; without a provider the tests are skipped."""
    place = Place(tmp_path_factory.mktemp("rehearsal") / "dev")
    record = process.up(place, load("dev").account_id)
    try:
        sandbox = Sandbox("dev", place, record, variables(record.endpoint, os.environ))
        directory = sandbox.stack(synthesized_directory / "stacks" / "dev")
        made = Rehearsal(terraform, sandbox, directory, tmp_path_factory.mktemp("synthesized"))
        done = made.run("init", "-input=false")
        if "provider" in done.stderr:
            without_terraform(f"terraform has no AWS provider: {done.stderr.strip()}")
        assert done.returncode == 0, done.stderr
        yield made
    finally:
        process.reset(place)


def addresses(document: Mapping[str, Any]) -> set[str]:
    """Addresses of the resources of a stack."""
    return {f"{kind}.{name}" for kind, named in document["resource"].items() for name in named}


def test_every_resource_plans_and_applies(dev: Rehearsal, synthesized: Mapping[str, Any]) -> None:
    planned = dev.plan()
    assert planned == {address: {"create"} for address in addresses(synthesized["dev"])}
    dev.must("apply", "-input=false", "-parallelism=30", "plan.bin")
    assert dev.managed() == addresses(synthesized["dev"])
    assert provider_version(dev.sandbox.place) is not None


def test_a_second_plan_shows_no_changes_also_after_a_stop(dev: Rehearsal) -> None:
    process.down(dev.sandbox.place)
    again = process.up(dev.sandbox.place, load("dev").account_id)
    assert again.endpoint == dev.sandbox.endpoint
    assert dev.plan() == {}


def test_another_account_is_refused(dev: Rehearsal) -> None:
    """`allowed_account_ids` is in force: what the sandbox's STS says is not what the stack was made for."""
    (override,) = dev.directory.glob("zz_*")
    wrong = json.loads(override.read_bytes())
    wrong["provider"]["aws"]["allowed_account_ids"] = ["222222222222"]
    kept = override.read_bytes()
    override.write_text(json.dumps(wrong))
    done = dev.run("plan", "-input=false")
    override.write_bytes(kept)
    assert done.returncode == 1
    assert "AWS account ID not allowed: 111111111111" in done.stderr


def test_ten_replicas_destroy_nothing(dev: Rehearsal) -> None:
    dev.scale(10)
    planned = dev.plan("-refresh=false")
    assert set().union(*planned.values()) <= HARMLESS
    assert {"create"} in planned.values()


def test_a_third_replica_destroys_nothing_and_taking_it_back_only_what_it_added(dev: Rehearsal) -> None:
    before = dev.managed()
    dev.scale(3)
    up = dev.plan("-refresh=false")
    assert set().union(*up.values()) <= HARMLESS
    added = {address for address, actions in up.items() if "create" in actions}
    assert added
    dev.must("apply", "-input=false", "plan.bin")
    assert dev.managed() == before | added

    dev.scale(2)
    down = dev.plan("-refresh=false")
    assert {address for address, actions in down.items() if "delete" in actions} == added
    assert all(actions == {"delete"} for address, actions in down.items() if address in added)
    dev.must("apply", "-input=false", "plan.bin")
    assert dev.managed() == before


@pytest.mark.parametrize("environment", ["staging", "prod"])
def test_other_environments_have_no_kind_of_resource_that_dev_lacks(
    synthesized: Mapping[str, Any], environment: str
) -> None:
    """So what applies here for dev applies for them; a kind that is new is to be rehearsed first."""
    kinds = {name: {*document["resource"], *document["data"]} for name, document in synthesized.items()}
    assert kinds[environment] - kinds["dev"] == set()
