"""What the toolkit asks of terraform, and what it understands of the answers, on the installed core and on a newer one.

Nothing here needs a provider: `terraform_data` is part of terraform.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cli.core.base.progress import ProgressReporter
from cli.core.plans.model import Kind
from cli.core.plans.reader import read_plan
from cli.core.terraform import binary, failures
from cli.core.terraform.cli import APPLY_LOG, Terraform
from cli.core.terraform.events import Event, logged


@pytest.fixture(params=["installed", "newer"])
def terraform(request: pytest.FixtureRequest, tmp_path: Path) -> Terraform:
    """A core, and a directory with a stack of two resources."""
    name = "terraform" if request.param == "installed" else "newer_core"
    program = binary.find({**os.environ, binary.VARIABLE: str(request.getfixturevalue(name))})
    assert program.version.startswith("1.15." if request.param == "newer" else "1.")
    (tmp_path / "stack").mkdir()
    (tmp_path / "logs").mkdir()
    found = Terraform(program, tmp_path / "stack", "dev", os.environ, tmp_path / "logs")
    write(found, first={"input": "one"}, second={"input": "two"})
    found.init(readonly_lock=False)
    return found


def write(terraform: Terraform, **resources: Mapping[str, Any]) -> Mapping[str, Any]:
    """Write a stack of `terraform_data` with these arguments; the document."""
    output = {"first": {"value": "${terraform_data.first.output}", "sensitive": True}}
    document = {"resource": {"terraform_data": resources}, **({"output": output} if "first" in resources else {})}
    (terraform.directory / "main.tf.json").write_text(json.dumps(document))
    return document


def apply(terraform: Terraform) -> None:
    """Plan and apply."""
    plan = terraform.logs / "plan"
    assert terraform.plan(plan)
    done = terraform.apply(plan)
    assert done.succeeded, done


def test_a_plan_is_read_applied_and_then_empty(terraform: Terraform) -> None:
    plan = terraform.logs / "plan"
    assert terraform.plan(plan)
    document = json.loads((terraform.directory / "main.tf.json").read_bytes())
    read = read_plan(json.loads(terraform.show(plan)), document, environment="dev", stack="dev")
    assert {change.address: change.kind for change in read.changes} == {
        "terraform_data.first": Kind.CREATE,
        "terraform_data.second": Kind.CREATE,
    }
    assert read.outputs == ("first",)
    assert terraform.apply(plan).succeeded
    events = list(logged(terraform.logs / APPLY_LOG))
    made = [event["hook"]["resource"]["addr"] for event in events if event["type"] == "apply_complete"]
    assert sorted(made) == ["terraform_data.first", "terraform_data.second"]
    assert all(event["hook"]["id_value"] for event in events if event["type"] == "apply_complete")
    assert terraform.plan(plan) is False
    assert set(terraform.position().ids) == {"terraform_data.first", "terraform_data.second"}
    assert terraform.outputs()["first"] == {"sensitive": True, "type": "string", "value": "one"}


def test_replacing_and_destroying_are_told_apart(terraform: Terraform) -> None:
    apply(terraform)
    document = write(terraform, first={"input": "one", "triggers_replace": ["new"]})
    plan = terraform.logs / "plan"
    assert terraform.plan(plan)
    read = read_plan(json.loads(terraform.show(plan)), document, environment="dev", stack="dev")
    assert {change.address: change.kind for change in read.changes} == {
        "terraform_data.first": Kind.REPLACE,
        "terraform_data.second": Kind.DESTROY,
    }
    assert terraform.plan(plan, mode="destroy")
    assert terraform.apply(plan).succeeded
    assert not terraform.position().ids


def test_a_plan_of_an_older_state_is_stale(terraform: Terraform) -> None:
    plan = terraform.logs / "old"
    assert terraform.plan(plan)
    apply(terraform)
    done = terraform.apply(plan)
    assert not done.succeeded
    error = failures.failure("terraform apply", "dev", code=done.code, diagnostics=done.diagnostics, stderr=done.errors)
    assert isinstance(error, failures.PlanStale)


def test_a_provider_that_is_nowhere_is_named(terraform: Terraform, tmp_path: Path) -> None:
    (tmp_path / "mirror").mkdir()
    configuration = tmp_path / "terraform.rc"
    configuration.write_text(
        f'provider_installation {{\n  filesystem_mirror {{\n    path = "{tmp_path / "mirror"}"\n  }}\n}}\n'
    )
    required = {"terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": "~> 6.25"}}}}
    (terraform.directory / "provider.tf.json").write_text(json.dumps(required))
    variables = {**terraform.environ, "TF_CLI_CONFIG_FILE": str(configuration)}
    with pytest.raises(failures.ProviderMissing, match="hashicorp/aws"):
        Terraform(terraform.program, terraform.directory, "dev", variables, terraform.logs).init(readonly_lock=True)


@dataclass
class Watching(ProgressReporter):
    """Does something at the first event of a kind."""

    kind: str = ""
    act: Callable[[], None] = lambda: None
    seen: list[Event] = field(default_factory=list)

    def event(self, event: Event) -> None:
        """Receives each event."""
        if event["type"] == self.kind and not self.seen:
            self.seen.append(event)
            self.act()


WAIT = {"provisioner": [{"local-exec": {"command": "exec sleep 600"}}]}


def test_it_is_interrupted_ends_in_order_and_keeps_what_it_has(terraform: Terraform) -> None:
    write(terraform, first={"input": "one", **WAIT}, second={"depends_on": ["terraform_data.first"]})
    plan = terraform.logs / "plan"
    assert terraform.plan(plan)
    interrupt = Watching("provision_start", lambda: os.kill(os.getpid(), signal.SIGINT))
    done = Terraform(
        terraform.program, terraform.directory, "dev", os.environ, terraform.logs, progress=interrupt
    ).apply(plan)
    assert (done.code, done.interrupted) == (1, True)
    position = terraform.position()
    assert set(position.ids) == position.tainted == {"terraform_data.first"}
    assert terraform.lock_holder() is None
    terraform.untaint("terraform_data.first")
    terraform.forget("terraform_data.first")
    assert not terraform.position().ids


def test_who_holds_the_lock_is_named(terraform: Terraform) -> None:
    write(terraform, first={"input": "one", **WAIT})
    plan, refused = terraform.logs / "plan", []
    assert terraform.plan(plan)

    def plan_beside() -> None:
        beside = terraform.logs / "beside"
        beside.mkdir()
        try:
            Terraform(terraform.program, terraform.directory, "dev", os.environ, beside).plan(beside / "plan")
        except failures.StateLocked as error:
            refused.append(str(error))
        os.kill(os.getpid(), signal.SIGINT)

    watching = Watching("provision_start", plan_beside)
    Terraform(terraform.program, terraform.directory, "dev", os.environ, terraform.logs, progress=watching).apply(plan)
    (message,) = refused
    assert message.startswith("the state of dev is locked by ")
    assert "OperationTypeApply" in message
