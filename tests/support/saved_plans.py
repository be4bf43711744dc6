"""Plans and applies of terraform's own: a tiny configuration without a provider, so that each takes a moment."""

from __future__ import annotations

import datetime
import json
import os
from pathlib import Path
from typing import Any

from cli.core.base.files import owner_only_directory
from cli.core.base.progress import ProgressReporter
from cli.core.base.target import Target
from cli.core.operations.plan import make_plan, submit_terraform
from cli.core.operations.plan_policy import open_gate
from cli.core.plans.saved_plan import SavedPlan
from cli.core.records import Records
from cli.core.records.model import STACK_RECORD
from cli.core.terraform import binary
from cli.core.terraform.cli import Mode, Terraform
from cli.core.workspace.options import Options
from cli.core.workspace.workspace import Workspace
from envs.load import load

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
DOCUMENT: dict[str, Any] = {
    "terraform": {"backend": {"local": {"path": "terraform.tfstate"}}},
    "resource": {"terraform_data": {"a": {"input": "one", "//": {"metadata": {"path": "dev/part/a"}}}}},
    "output": {"o": {"value": "${terraform_data.a.output}"}},
}


def workspace_in(directory: Path, progress: ProgressReporter | None = None) -> Workspace:
    """The workspace of the stack dev below a directory."""
    return Workspace(
        settings=load("dev"),
        stack="dev",
        directory=directory / "stacks" / "dev",
        store=owner_only_directory(directory / "store"),
        records=Records(directory / "records", STACK_RECORD),
        terraform=Terraform(
            program=binary.find(os.environ),
            directory=directory / "stacks" / "dev",
            environment="dev",
            environ=os.environ,
            logs=directory / "store",
            progress=progress or ProgressReporter(),
        ),
        target=Target.SANDBOX,
    )


def write(directory: Path, value: str) -> None:
    """Put the configuration there, with a value."""
    document = json.loads(json.dumps(DOCUMENT).replace("one", value))
    (directory / "stacks" / "dev").mkdir(parents=True, exist_ok=True)
    (directory / "stacks" / "dev" / "cdk.tf.json").write_text(json.dumps(document))


def plan(directory: Path, mode: Mode = "normal", progress: ProgressReporter | None = None) -> SavedPlan:
    """Plan the configuration."""
    with open_gate(NOW.date()) as gate:
        submit_terraform(gate, load("dev"), "dev", directory)
        result = make_plan(workspace_in(directory, progress), gate, Options(), NOW, mode=mode)
    assert result.saved is not None
    return result.saved
