"""Syntheses that are kept: taken only when nothing has changed, whole or not at all, and never needed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli.core.base.sources import synthesis_sources
from cli.core.synthesis import cache as synthesis_cache
from envs.load import load
from tests.support.checkouts import choose_cdk, shared
from tests.support.helpers import ENVIRONMENTS, ROOT, infra, infra_environment, tree
from tests.support.programs import run_program

NAME = "0" * 64


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory of its own for what is synthesis_cache."""
    directory = tmp_path / "cache"
    monkeypatch.setenv(synthesis_cache.VARIABLE, str(directory))
    return directory


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """Something that was synthesized."""
    directory = tmp_path / "made"
    (directory / "stacks" / "dev").mkdir(parents=True)
    (directory / "manifest.json").write_text("{}\n")
    (directory / "stacks" / "dev" / "cdk.tf.json").write_bytes('{"name": "é\\u2028"}\r\n'.encode())
    return directory


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """An installed file that a synthesis stands on, and that has been there for long."""
    file = tmp_path / "package.py"
    file.touch()
    return file


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that began after everything was written."""
    monkeypatch.setattr(synthesis_cache, "STARTED_NS", 1 << 62)


def taken(to: Path) -> dict[str, bytes] | None:
    """What is taken; None where nothing is, and then nothing may be written."""
    to.mkdir()
    if synthesis_cache.load(NAME, to):
        return tree(to)
    assert tree(to) == {}
    return None


def test_the_second_synthesis_is_the_first(tmp_path: Path) -> None:
    runs = [infra("synth", "dev", "--json", "--out", str(tmp_path / name)) for name in ("first", "second")]
    assert [run.returncode for run in runs] == [0, 0], runs[1].stderr
    assert [json.loads(run.stdout)["environments"][0]["is_reused"] for run in runs] == [False, True]
    assert runs[0].stderr.startswith("synthesized dev in ")
    assert runs[1].stderr == "dev is unchanged, and taken from its last synthesis\n"
    assert tree(tmp_path / "first") == tree(tmp_path / "second")


def test_constructs_are_not_loaded_for_what_is_kept(tmp_path: Path) -> None:
    program = """
import sys, tempfile
from pathlib import Path
from cli.core.synthesis.synthesize import synthesize
from envs.load import load
with tempfile.TemporaryDirectory() as directory:
    print(synthesize(load("dev"), Path(directory)), "main" in sys.modules, "jsii" in sys.modules)
"""
    said = [
        run_program([sys.executable, "-P", "-c", program], env=infra_environment(), check=True).stdout.split()
        for _ in range(2)
    ]
    assert said == [["False", "True", "True"], ["True", "False", "False"]]


def test_every_file_that_a_synthesis_opens_goes_into_its_key(tmp_path: Path) -> None:
    program = """
import json, os, sys
from pathlib import Path
from envs.load import load
settings = load("dev")
opened = set()
sys.addaudithook(lambda event, args: opened.add(args[0]) if event == "open" and isinstance(args[0], str) else None)
import main
main.synthesize([settings], Path(sys.argv[1]))
opened |= {module.__file__ for module in list(sys.modules.values()) if getattr(module, "__file__", None)}
print(json.dumps(sorted(os.path.abspath(path) for path in opened)))
"""
    (tmp_path / "out").mkdir()
    done = run_program(
        [sys.executable, "-P", "-c", program, str(tmp_path / "out")], env=infra_environment(), check=True
    )
    opened = [Path(path) for path in json.loads(done.stdout)]
    root = shared()
    of_the_checkout = {
        path
        for path in opened
        if path.is_relative_to(root) and not path.is_relative_to(sys.prefix) and "__pycache__" not in path.parts
    }
    assert of_the_checkout - set(synthesis_sources(root)) == set()
    seen = {path.relative_to(root).as_posix() for path in of_the_checkout}
    assert {"main.py", "addresses.json", "modules/servers/templates/environment.j2"} <= seen


@pytest.fixture
def whole(checkout: Path) -> Path:
    """A copy of everything that goes into a synthesis."""
    shutil.copy(ENVIRONMENTS / "addresses.json", checkout)
    return checkout


def append(path: Path) -> None:
    with path.open("a") as file:
        file.write("\n")


CHANGES: dict[str, Callable[[Path], object]] = {
    "a construct": lambda root: append(root / "modules" / "network" / "vpc.py"),
    "a template": lambda root: append(root / "modules" / "servers" / "templates" / "environment.j2"),
    "the kernel's hooks": lambda root: append(root / "modules" / "runtime" / "kernel.cjs"),
    "a file that is new": lambda root: (root / "modules" / "network" / "new.py").touch(),
    "a file that is gone": lambda root: (root / "modules" / "network" / "vpc.py").unlink(),
    "a file of another name": lambda root: (root / "modules" / "state" / "moves.py").rename(
        root / "modules" / "state" / "moved.py"
    ),
    "the settings' model": lambda root: append(root / "envs" / "load.py"),
    "what was moved": lambda root: append(root / "addresses.json"),
    "the CDK": lambda root: choose_cdk(root, "cdktn"),
    "the packages of cdktn": lambda root: append(root / "requirements-cdktn.lock"),
    "the packages": lambda root: append(root / "requirements.lock"),
    "the entry": lambda root: append(root / "main.py"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_another_name_after_a_change_of(change: str, whole: Path) -> None:
    settings = load("dev")
    before = synthesis_cache.key(settings, whole)
    assert before == synthesis_cache.key(load("dev"), shared()), "the same in every checkout"
    CHANGES[change](whole)
    assert synthesis_cache.key(settings, whole) != before


def test_another_name_for_other_settings_and_another_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load("dev")
    other = settings.model_copy(update={"account_id": "999999999999"})
    topics = dict(reversed(settings.notifications.topics.items()))
    turned = settings.model_copy(update={"notifications": settings.notifications.model_copy(update={"topics": topics})})
    names = [
        synthesis_cache.key(settings),
        synthesis_cache.key(other),
        synthesis_cache.key(turned),
        synthesis_cache.key(load("prod")),
    ]
    monkeypatch.setenv("NODE_OPTIONS", "--require /elsewhere.js")
    names.append(synthesis_cache.key(settings))
    assert len(set(names)) == len(names)


def test_settings_of_others_and_bytecode_change_nothing(checkout: Path) -> None:
    before = synthesis_cache.key(load("dev"), checkout)
    append(checkout / "envs" / "prod.yaml")
    (checkout / "modules" / "__pycache__").mkdir()
    (checkout / "modules" / "__pycache__" / "x.pyc").touch()
    assert synthesis_cache.key(load("dev"), checkout) == before


@pytest.mark.usefixtures("quiet")
def test_what_is_taken_is_what_was_kept(made: Path, package: Path, tmp_path: Path) -> None:
    synthesis_cache.store(NAME, made, [package])
    assert taken(tmp_path / "taken") == tree(made)


def corrupted(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], object]:
    """A change of the data in a file."""

    def corrupt(file: Path) -> None:
        data = json.loads(file.read_bytes())
        change(data)
        file.write_text(json.dumps(data))

    return corrupt


CORRUPTIONS: dict[str, Callable[[Path], object]] = {
    "cut off": lambda file: os.truncate(file, file.stat().st_size // 2),
    "empty": lambda file: os.truncate(file, 0),
    "not an object": lambda file: file.write_text("[]"),
    "not text": lambda file: file.write_bytes(b"\xff\xfe\x00"),
    "another content": corrupted(lambda data: data["files"].update({"stacks/dev/cdk.tf.json": "{}"})),
    "a file less": corrupted(lambda data: data["files"].pop("manifest.json")),
    "no digest": corrupted(lambda data: data.pop("digest")),
    "gone": lambda file: file.unlink(),
}


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("corruption", CORRUPTIONS)
def test_nothing_is_taken_of_what_is_not_whole(
    corruption: str, made: Path, package: Path, cache: Path, tmp_path: Path
) -> None:
    synthesis_cache.store(NAME, made, [package])
    CORRUPTIONS[corruption](cache / "syntheses" / f"{NAME}.json")
    assert taken(tmp_path / "taken") is None


def rewrite(file: Path) -> None:
    """Write a file anew, with the size and time of modification that it had."""
    found = file.stat()
    file.write_bytes(file.read_bytes())
    os.utime(file, ns=(found.st_atime_ns, found.st_mtime_ns))


PACKAGE_CHANGES: dict[str, Callable[[Path], object]] = {
    "another content": lambda file: file.write_text("x"),
    "been written again": rewrite,
    "gone": lambda file: file.unlink(),
}


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("change", PACKAGE_CHANGES)
def test_nothing_is_taken_when_a_package_has(change: str, made: Path, package: Path, tmp_path: Path) -> None:
    synthesis_cache.store(NAME, made, [package])
    assert taken(tmp_path / "before") is not None
    PACKAGE_CHANGES[change](package)
    assert taken(tmp_path / "after") is None


def test_no_synthesis_is_cached_while_a_package_or_the_code_changes(
    made: Path, package: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = max(path.stat().st_ctime_ns for path in synthesis_sources(ROOT))
    assert package.stat().st_ctime_ns > newest
    for started, changed in ((newest, []), (package.stat().st_ctime_ns, [package])):
        monkeypatch.setattr(synthesis_cache, "STARTED_NS", started)
        synthesis_cache.store(NAME, made, changed)
        assert not cache.exists()
    synthesis_cache.store(NAME, made, [])
    assert cache.exists()


@pytest.mark.usefixtures("quiet")
def test_nothing_is_kept_on_packages_that_are_gone(made: Path, package: Path, cache: Path) -> None:
    package.unlink()
    synthesis_cache.store(NAME, made, [package])
    assert not cache.exists()


@pytest.mark.usefixtures("quiet")
def test_where_nothing_can_be_written_nothing_is_kept(made: Path, cache: Path, tmp_path: Path) -> None:
    cache.touch()
    synthesis_cache.store(NAME, made, [])
    assert taken(tmp_path / "taken") is None


@pytest.mark.usefixtures("quiet")
def test_those_not_taken_for_longest_go(
    made: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(synthesis_cache, "MAX_ENTRIES", 2)
    for number, name in enumerate((NAME, "b")):
        synthesis_cache.store(name, made, [])
        os.utime(cache / "syntheses" / f"{name}.json", (number, number))
    assert taken(tmp_path / "taken") is not None, "and its time is now"
    synthesis_cache.store("c", made, [])
    assert sorted(path.stem for path in (cache / "syntheses").iterdir()) == [NAME, "c"]


def test_a_synthesis_that_fails_is_not_kept(checkout: Path, cache: Path) -> None:
    vpc = checkout / "modules" / "network" / "vpc.py"
    vpc.write_text(vpc.read_text().replace("enable_dns_support=True", "enable_dns_support='yes'"))
    for _ in range(2):
        assert infra("synth", "dev", root=checkout, cwd=checkout).returncode == 6
    assert not cache.exists()


def test_a_synthesis_during_which_a_file_went_is_not_kept(whole: Path, cache: Path) -> None:
    (whole / "modules" / "unused.txt").touch()
    program = """
import sys, tempfile
from pathlib import Path
from cli.core.synthesis import synthesize as constructs
from envs.load import load
import main
synthesize = main.synthesize
def going(*arguments):
    synthesize(*arguments)
    Path("modules/unused.txt").unlink(missing_ok=True)
main.synthesize = going
with tempfile.TemporaryDirectory() as directory:
    constructs.synthesize(load("dev"), Path(directory))
"""
    for is_kept in (False, True):  # the second time nothing goes any more
        subprocess.run([sys.executable, "-P", "-c", program], cwd=whole, env=infra_environment(whole), check=True)
        assert cache.exists() == is_kept
