"""The wrapper and the set-up behind it, run as real processes on a checkout in a temporary directory."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from cli import prepare
from tests.support.helpers import ROOT, write_files
from tests.support.programs import git, run_program


@pytest.fixture
def wrapped(tmp_path: Path) -> Path:
    """A checkout with nothing but the wrapper, the set-up script, a lock and the choice of cdktf."""
    root = tmp_path / "a checkout"
    (root / "cli").mkdir(parents=True)
    shutil.copy(ROOT / "infra", root)
    shutil.copy(ROOT / "cli" / "prepare.py", root / "cli")
    (root / "requirements.lock").write_text("uv==0\n")
    (root / "cdktf.json").write_text('{"context": {}}')
    return root


def script(path: Path, text: str) -> None:
    """A shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def pretend_ready(root: Path) -> None:
    """A finished set-up whose Python only shows what it was called with."""
    script(root / ".venv" / "bin" / "python", 'echo "$PWD:" "$@"')
    shutil.copy(root / "requirements.lock", root / ".venv")


def run(
    *command: str | Path, cwd: Path, variables: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end."""
    environment = {**os.environ, **(variables or {})}
    return run_program(command, cwd=cwd, env=environment)


def only(directory: Path, *programs: str) -> dict[str, str]:
    """A PATH that has the given programs and what the wrapper needs."""
    directory.mkdir(exist_ok=True)
    for name in ("sh", "cmp", "readlink", *programs):
        found = shutil.which(name)
        assert found is not None
        (directory / name).symlink_to(found)
    return {"PATH": str(directory)}


def test_after_set_up_the_wrapper_only_runs_the_command(wrapped: Path, tmp_path: Path) -> None:
    pretend_ready(wrapped)
    done = run(wrapped / "infra", "synth", "a b", cwd=tmp_path)
    assert (done.stdout, done.stderr, done.returncode) == (f"{tmp_path}: -I -m cli.main synth a b\n", "", 0)


def test_the_wrapper_is_found_through_links_and_by_sh(wrapped: Path, tmp_path: Path) -> None:
    pretend_ready(wrapped)
    (tmp_path / "infra").symlink_to(wrapped / "infra")
    assert run(tmp_path / "infra", cwd=tmp_path).stdout == f"{tmp_path}: -I -m cli.main\n"
    assert run("sh", "infra", cwd=wrapped).stdout == f"{wrapped}: -I -m cli.main\n"


def test_the_wrapper_needs_few_programs(wrapped: Path, tmp_path: Path) -> None:
    pretend_ready(wrapped)
    assert run(wrapped / "infra", cwd=tmp_path, variables=only(tmp_path / "bin")).returncode == 0


@pytest.mark.parametrize("last_line", ["}", '"context": {"cdk": "cdktn"}}', '"context": {"cdk": "cdktn"}\n}\n'])
def test_only_where_cdktn_is_chosen_its_lock_must_be_installed(wrapped: Path, tmp_path: Path, last_line: str) -> None:
    pretend_ready(wrapped)
    (wrapped / "requirements-cdktn.lock").write_text("cdktn==0\n")
    (wrapped / "cdktf.json").write_text(f'{{"language": "python",\n{last_line}')
    variables = only(tmp_path / "bin")
    script(tmp_path / "bin" / "python3", '[ "$1" = -c ] && exit 0; echo "set up" && exit 3')

    done = run(wrapped / "infra", cwd=tmp_path, variables=variables)
    assert done.returncode == (3 if "cdktn" in last_line else 0), done.stderr

    shutil.copy(wrapped / "requirements-cdktn.lock", wrapped / ".venv")
    assert run(wrapped / "infra", cwd=tmp_path, variables=variables).returncode == 0


@pytest.mark.parametrize("spoiled", ["no stamp", "other lock", "no python"])
def test_what_is_not_a_finished_set_up_is_not_trusted(wrapped: Path, tmp_path: Path, spoiled: str) -> None:
    pretend_ready(wrapped)
    if spoiled == "no stamp":
        (wrapped / ".venv" / "requirements.lock").unlink()
    elif spoiled == "other lock":
        (wrapped / "requirements.lock").write_text("uv==1\n")
    else:
        (wrapped / ".venv" / "bin" / "python").unlink()
    done = run(wrapped / "infra", cwd=tmp_path, variables=only(tmp_path / "bin"))
    assert done.returncode == 1
    assert "Python 3.11 or later is needed" in done.stderr


def test_an_old_python_is_refused_by_name(wrapped: Path, tmp_path: Path) -> None:
    variables = only(tmp_path / "bin")
    script(tmp_path / "bin" / "python3", '[ "$1" = --version ] && echo "Python 3.9.2" && exit 0; exit 1')
    done = run(wrapped / "infra", cwd=tmp_path, variables=variables)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "infra: Python 3.11 or later is needed, found: Python 3.9.2. On Debian 12: apt install python3 python3-venv\n"
    )


def test_no_python(wrapped: Path, tmp_path: Path) -> None:
    done = run(wrapped / "infra", cwd=tmp_path, variables=only(tmp_path / "bin"))
    assert "found: no python3 at all" in done.stderr


def test_a_newer_python_beside_an_old_one_is_taken(wrapped: Path, tmp_path: Path) -> None:
    variables = only(tmp_path / "bin")
    script(tmp_path / "bin" / "python3", "exit 1")
    script(tmp_path / "bin" / "python3.12", '[ "$1" = -c ] && exit 0; echo "set up" && exit 3')
    done = run(wrapped / "infra", cwd=tmp_path, variables=variables)
    assert (done.returncode, done.stdout) == (3, "set up\n")


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_missing_module_of_python_names_the_package(
    module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(prepare, "ROOT", tmp_path)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == module else object())
    assert prepare.main() == 1
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert capsys.readouterr().err == (
        f"infra: Python's {module} is missing. On Debian: apt install python{version}-venv\n"
    )


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "the disk is full"),
        (errno.EROFS, "must be writable"),
        (errno.EACCES, "must be writable"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_errors_of_the_system(number: int, said: str) -> None:
    assert said in prepare.explain(OSError(number, os.strerror(number)))


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "the disk is full"),
        ("error: failed to write\n  Caused by: No space left on device (os error 28)", "the disk is full"),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
            "not the one that its lock names",
        ),
        ("NewConnectionError: Failed to establish a new connection", "could not be downloaded"),
        ("Temporary failure in name resolution", "could not be downloaded"),
        ("error: something new", "could not be installed\n    error: something new"),
    ],
)
def test_what_installers_print(printed: str, said: str) -> None:
    assert said in prepare.explain_output(printed)


def test_a_directory_that_is_no_environment_is_not_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "VENV", tmp_path / ".venv")
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "thesis.txt").write_text("mine")
    with pytest.raises(prepare.SetupError, match="in the way"):
        prepare.clear()
    assert (tmp_path / ".venv" / "thesis.txt").read_text() == "mine"


def test_every_package_that_is_named_is_in_the_lock_with_hashes() -> None:
    """The lock is made from pyproject.toml; this shows when it was not made again."""
    import re
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    for each in wanted:
        name, pin = re.fullmatch(r"([\w.-]+?)(?:\[\w+\])?(==[\w.]+|[><].*)", each).groups()  # type: ignore[union-attr]
        entry = prepare.requirement(re.sub(r"[._]", "-", name))
        assert "--hash=sha256:" in entry
        assert not pin.startswith("==") or entry.startswith(f"{name}{pin} ")


def test_cdktn_is_added_to_an_environment_that_is_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    venv = tmp_path / ".venv"
    for name in ("ROOT", "VENV", "LOCK", "CDKTN_LOCK", "PYTHON"):
        monkeypatch.setattr(prepare, name, tmp_path / getattr(prepare, name).relative_to(ROOT))
    commands: list[tuple[str, ...]] = []

    def run(command: Sequence[str | Path], lock: int) -> None:
        assert not (venv / "requirements-cdktn.lock").exists(), "the stamp comes last"
        commands.append(tuple(map(str, command)))

    monkeypatch.setattr(prepare, "run", run)
    write_files(
        tmp_path,
        {
            "cdktf.json": '{"context": {"cdk": "cdktn"}}',
            "requirements.lock": "uv==0\n",
            "requirements-cdktn.lock": "cdktn==0\n",
            ".venv/requirements.lock": "uv==0\n",
            ".venv/bin/python": "",
        },
    )

    assert not all(map(prepare.is_installed, prepare.wanted()))
    prepare.prepare(0)

    install, bindings = commands
    assert install[:3] == (str(venv / "bin" / "uv"), "pip", "install")
    assert {"--no-deps", "--require-hashes"} <= set(install)
    assert install[-2:] == ("-r", str(tmp_path / "requirements-cdktn.lock"))
    assert bindings[-1] == "modules.runtime.preparation"
    assert all(map(prepare.is_installed, prepare.wanted()))
    (venv / "requirements.lock").write_text("uv==1\n")
    assert not any(map(prepare.is_installed, prepare.wanted())), "what is cleared has no cdktn either"


def test_the_lock_of_cdktn_has_the_extra_with_hashes() -> None:
    import tomllib

    extra = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]["cdktn"]
    text = (ROOT / "requirements-cdktn.lock").read_text()
    assert [line.removesuffix(" \\") for line in text.splitlines() if not line.startswith(" ")] == extra
    assert text.count("--hash=sha256:") == 2 * len(extra)


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-cdktn.lock"])
def test_the_lock_names_no_place(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert "index" not in text


def test_without_a_network_the_set_up_says_so_and_leaves_nothing_trusted(wrapped: Path) -> None:
    shutil.copy(ROOT / "requirements.lock", wrapped)
    nowhere = {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_FIND_LINKS": "",
        "PIP_INDEX_URL": "https://127.0.0.1:9/simple",
        "PIP_NO_CACHE_DIR": "1",
        "PIP_RETRIES": "0",
    }
    done = run(wrapped / "infra", "--version", cwd=wrapped, variables=nowhere)
    assert (done.returncode, done.stdout) == (1, "")
    assert "infra: the packages could not be downloaded: is there a network?" in done.stderr
    assert not (wrapped / ".venv" / "requirements.lock").exists()


def test_set_up_killed_then_two_at_once_then_used(tmp_path: Path) -> None:
    """The whole of it: a killed set-up is not trusted, of two at once one waits, and afterwards there is no set-up."""
    root = tmp_path / "checkout"
    listed = git(ROOT, "ls-files", "-z")
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).exists():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, root / name)

    first = start(root)
    while not list((root / ".venv").glob("lib/python3*/site-packages/pip")):
        assert first.poll() is None
        time.sleep(0.01)
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    assert not (root / ".venv" / "requirements.lock").exists()

    both = [start(root), start(root)]
    outputs = [each.communicate(timeout=300) for each in both]
    assert [each.returncode for each in both] == [0, 0], outputs
    assert all(output.startswith("infra ") for output, _ in outputs)
    waited = ["waiting for it" in error for _, error in outputs]
    assert sorted(waited) == [False, True]
    assert outputs[waited.index(True)][1] == "Another set-up is running here; waiting for it\n"

    again = run(root / "infra", "env", "list", cwd=tmp_path)
    assert (again.returncode, again.stderr) == (0, "")


def start(root: Path) -> subprocess.Popen[str]:
    """Start the wrapper in a process group of its own."""
    return subprocess.Popen(
        [root / "infra", "--version"],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
