"""`infra doctor`: each thing found, missing and broken, as it is on real files and programs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.core import doctor
from cli.core.doctor import Condition, State
from cli.main import toolkit
from envs.load import load
from tests.support.helpers import infra
from tests.support.programs import run_program


def program(directory: Path, name: str, output: str, code: int = 0) -> Path:
    """A program that prints something."""
    directory.mkdir(exist_ok=True)
    path = directory / name
    path.write_text(f"#!/bin/sh\necho '{output}'\nexit {code}\n")
    path.chmod(0o755)
    return path


def test_everything_that_synthesis_needs_is_here() -> None:
    result = CliRunner().invoke(toolkit, ["doctor", "--json"], env={"JSII_NODE": ""})
    findings = {each["name"]: each for each in json.loads(result.output)}
    assert result.exit_code == 0
    for name in ("Python", "Node", "AWS bindings", "environments", "checkov"):
        assert findings[name]["seen"]["state"] == "ok", findings[name]
        assert findings[name]["seen"]["remedy"] == ""
    assert {"terraform", "AWS credentials", "state of dev", "state of staging", "state of prod"} <= findings.keys()
    assert findings["Node"]["seen"]["found"].startswith("v24.")


def test_people_read_what_it_is_for_and_how_to_get_it() -> None:
    output = infra("doctor", variables={"PATH": "/nowhere"}).stdout
    assert "validate, plan, apply; not for synthesis" in output
    assert "\nterraform: install Terraform 1.11 or later" in output


def test_what_synthesis_needs_decides_the_exit_code(tmp_path: Path) -> None:
    done = infra("doctor", variables={"JSII_NODE": str(tmp_path / "no-node")})
    assert done.returncode == 7
    assert "\nNode: JSII_NODE names a program that does not run" in done.stdout


def test_a_broken_environment_file_is_shown_with_its_line(checkout: Path) -> None:
    with (checkout / "envs" / "dev.yaml").open("a") as file:
        file.write("no_such_key: 1\n")
    done = infra("doctor", root=checkout, cwd=checkout)
    assert done.returncode == 7
    assert "envs/dev.yaml:" in done.stdout
    assert "no_such_key" in done.stdout


@pytest.mark.parametrize(
    ("name", "output", "code", "state"),
    [
        ("terraform", "Terraform v1.11.0", 0, State.OK),
        ("terraform", "Terraform v1.10.5", 0, State.BROKEN),
        ("terraform", "Terraform v2.0.0", 0, State.OK),
        ("terraform", "Terraform v1.11.0", 1, State.BROKEN),
        ("terraform", "what?", 0, State.BROKEN),
        ("tofu", "OpenTofu v1.10.0", 0, State.OK),
        ("tofu", "OpenTofu v1.9.0", 0, State.BROKEN),
    ],
)
def test_terraform(tmp_path: Path, name: str, output: str, code: int, state: State) -> None:
    program(tmp_path, name, output, code)
    seen = doctor.terraform({"PATH": str(tmp_path)})
    assert seen.state is state
    assert bool(seen.remedy) is (state is not State.OK)


def test_no_terraform(tmp_path: Path) -> None:
    assert doctor.terraform({"PATH": str(tmp_path)}).state is State.MISSING


def test_credentials_are_named_by_their_source_and_never_shown(tmp_path: Path) -> None:
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "credentials").write_text("[default]\naws_secret_access_key = hidden\n")
    home = {"HOME": str(tmp_path)}
    keys = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "hidden"}
    assert doctor.credentials(home | keys) == Condition(State.OK, "from AWS_ACCESS_KEY_ID, not tried")
    assert doctor.credentials(home | {"AWS_PROFILE": "ops"}) == Condition(State.OK, "from the profile ops, not tried")
    assert doctor.credentials(home) == Condition(State.OK, f"from {tmp_path}/.aws/credentials, not tried")


@pytest.mark.parametrize("variables", [{}, {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE"}, {"AWS_PROFILE": ""}], ids=str)
def test_no_credentials(tmp_path: Path, variables: dict[str, str]) -> None:
    seen = doctor.credentials({"HOME": str(tmp_path), **variables})
    assert seen.state is State.MISSING
    assert "aws sso login" in seen.remedy


def test_backend(tmp_path: Path) -> None:
    settings = load("dev")
    assert doctor.backend(settings, tmp_path).state is State.MISSING
    initialized = tmp_path / "dev" / ".terraform" / "terraform.tfstate"
    initialized.parent.mkdir(parents=True)
    for bucket, state in ((settings.state_bucket, State.OK), ("another", State.BROKEN)):
        config = {"bucket": bucket, "key": settings.state_key}
        initialized.write_text(json.dumps({"version": 3, "backend": {"type": "s3", "config": config}}))
        assert doctor.backend(settings, tmp_path).state is state
    initialized.write_text("{half")
    assert doctor.backend(settings, tmp_path).state is State.MISSING


def test_nothing_is_asked_over_the_network(tmp_path: Path) -> None:
    """With every connection refused by an audit hook the result is the same."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        "def refuse(event, arguments):\n"
        "    if event in ('socket.connect', 'socket.getaddrinfo'): sys.exit('connected')\n"
        "sys.addaudithook(refuse)\n"
    )
    variables = {**os.environ, "PYTHONPATH": str(tmp_path)}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-P", *arguments]
        return run_program(command, env=variables)

    connecting = run("-c", "import socket; socket.create_connection(('127.0.0.1', 9))")
    assert connecting.stderr == "connected\n"
    done = run("-m", "cli.main", "doctor")
    assert (done.returncode, done.stderr) == (0, "")
