"""`infra synth` as users run it: in processes of their own, on the real constructs."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

from envs.load import environments
from tests.support.helpers import infra, infra_command, infra_environment
from tests.support.programs import run_program


def edit(path: Path, old: str, new: str) -> None:
    """Replace a text that is there."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """All environments, synthesized with `--json`."""
    out = tmp_path_factory.mktemp("synth") / "out"
    return out, infra("synth", "--json", "--out", str(out), variables={"INFRA_CACHE_DIRECTORY": str(out.parent)})


def test_all_environments_with_a_summary_for_programs(
    summary: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    out, done = summary
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert [each["environment"] for each in data["environments"]] == list(environments())
    for each in data["environments"]:
        name = each["environment"]
        assert [stack["stack"] for stack in each["stacks"]] == [name, f"{name}-bootstrap"]
        for stack in each["stacks"]:
            assert Path(stack["path"]) == out / "stacks" / stack["stack"] / "cdk.tf.json"
            document = json.loads(Path(stack["path"]).read_bytes())
            assert stack["resources"]["total"] == sum(map(len, document["resource"].values()))
            assert sum(stack["resources"]["by_part"].values()) == stack["resources"]["total"]


def test_a_log_gets_a_plain_line_per_environment(summary: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    _, done = summary
    assert [line.split(" in ")[0] for line in done.stderr.splitlines()] == [
        f"synthesized {name}" for name in environments()
    ]
    assert "\x1b" not in done.stderr + done.stdout


def test_a_summary_for_people(tmp_path: Path) -> None:
    done = infra("synth", "dev", "--out", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines()]
    assert rows[0] == ["resources", "dev"]
    assert ["bootstrap", "stack"] in [row[:2] for row in rows]
    assert {"network", "edge", "event-store", "streaming", "total", "seconds"} <= {row[0] for row in rows}
    assert [row[0] for row in rows[-2:]] == ["out/stacks/dev/cdk.tf.json", "out/stacks/dev-bootstrap/cdk.tf.json"]


def test_an_unknown_environment_writes_nothing(tmp_path: Path) -> None:
    done = infra("synth", "pord", "--out", str(tmp_path / "out"))
    assert done.returncode == 64
    assert "there is no environment 'pord'. Environments: dev, staging, prod. Did you mean 'prod'?" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_mistake_in_settings_writes_nothing_and_names_the_line(checkout: Path) -> None:
    edit(checkout / "envs" / "prod.yaml", "environment: prod", "environment: prod\nno_such_key: 1")
    done = infra("synth", root=checkout, cwd=checkout)
    assert done.returncode == 5
    assert "envs/prod.yaml:" in done.stderr
    assert "no_such_key" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (checkout / "cdktf.out").exists()


def test_a_mistake_in_one_environment_does_not_stop_another_by_itself(checkout: Path) -> None:
    edit(checkout / "envs" / "prod.yaml", "environment: prod", "environment: prod\nno_such_key: 1")
    done = infra("synth", "dev", root=checkout, cwd=checkout)
    assert done.returncode == 0, done.stderr


def test_a_construct_error_names_path_argument_line_and_allowed_values(checkout: Path) -> None:
    edit(checkout / "modules" / "network" / "vpc.py", "enable_dns_support=True", "enable_dns_support='yes'")
    done = infra("synth", root=checkout, cwd=checkout)
    assert done.returncode == 6
    message = done.stderr.partition("infra: ")[2]
    assert message.startswith("dev/network/")
    assert "enable_dns_support is 'yes', allowed: bool" in message
    assert "modules/network/vpc.py:" in message
    assert "Traceback" not in done.stderr
    assert not (checkout / "cdktf.out").exists()


def test_an_error_of_a_module_names_environment_construct_and_line(checkout: Path) -> None:
    edit(checkout / "modules" / "network" / "vpc.py", "        super().__init__(scope, id)\n", "        1 / 0\n")
    done = infra("synth", "dev", root=checkout, cwd=checkout)
    assert done.returncode == 6
    message = done.stderr.partition("infra: ")[2].splitlines()
    assert message[0] == "dev/network: ZeroDivisionError: division by zero"
    assert re.fullmatch(r"  modules/network/vpc\.py:\d+: 1 / 0", message[1])
    assert message[2:] == ["  --debug shows the calls that led there"]


def test_an_environment_that_is_gone_is_said(checkout: Path) -> None:
    assert infra("synth", "dev", "staging", root=checkout, cwd=checkout).returncode == 0
    (checkout / "envs" / "staging.yaml").unlink()
    (checkout / "cdktf.out" / "stacks" / "staging-bootstrap" / "terraform.tfstate").touch()
    done = infra("synth", "dev", root=checkout, cwd=checkout)
    assert "removed cdktf.out/stacks/staging/cdk.tf.json: its environment is gone" in done.stderr
    assert "kept cdktf.out/stacks/staging-bootstrap/cdk.tf.json: its environment is gone" in done.stderr


def test_runs_at_once_take_turns(tmp_path: Path) -> None:
    arguments = ("synth", "dev", "--out", str(tmp_path / "out"))
    runs = [
        subprocess.Popen(infra_command(*arguments), env=infra_environment(), stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    errors = [run.communicate(timeout=120)[1] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], errors
    assert sum("another run is writing to" in error for error in errors) <= 1
    single = infra("synth", "dev", "--out", str(tmp_path / "single"))
    assert single.returncode == 0
    for name in ("manifest.json", "stacks/dev/cdk.tf.json", "stacks/dev-bootstrap/cdk.tf.json"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "single" / name).read_bytes()


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_is_stopped_leaves_the_output_as_it_was(tmp_path: Path, kind: signal.Signals) -> None:
    out = tmp_path / "out"
    assert infra("synth", "dev", "--out", str(out)).returncode == 0
    before = {path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()}

    run = subprocess.Popen(
        infra_command("synth", "--out", str(out)),
        env=infra_environment(variables={"INFRA_CACHE_DIRECTORY": str(tmp_path / "cache")}),
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    while not list(out.glob(".infra-synth-*/dev")):
        assert run.poll() is None
        time.sleep(0.005)
    os.killpg(run.pid, kind)
    _, error = run.communicate(timeout=120)
    if kind is signal.SIGINT:
        assert error.decode().splitlines()[-1] == "infra: interrupted"
        assert b"Traceback" not in error
        assert run.returncode in (130, -kind)  # Python ends by the signal, 130 in a shell, where code was being made
    else:
        assert run.returncode == -kind

    left = {path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert {name: content for name, content in left.items() if not name.parts[0].startswith(".infra-synth-")} == before
    assert infra("synth", "dev", "--out", str(out)).returncode == 0
    assert {path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


def test_a_full_disk_is_said_and_changes_nothing(tmp_path: Path) -> None:
    """A limit on the size of files stands in for a full disk: the write fails in the same place."""
    out = tmp_path / "out"
    command = infra_command("synth", "dev", "--out", str(out))
    done = run_program(["sh", "-c", 'trap "" XFSZ; ulimit -f 50; exec "$@"', "sh", *command], env=infra_environment())
    assert done.returncode != 0
    assert "File too large" in done.stderr or "EFBIG" in done.stderr
    assert not (out / "stacks").exists()
