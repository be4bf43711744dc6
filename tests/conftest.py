"""Fixtures of all tests: the three environments synthesized once, a copy of the checkout to break, terraform."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.support import chapters, checkouts
from tests.support.programs import required

# The machine may be busy: only what happens counts, not how long it takes.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

# A shell that starts this in the background has it ignore Ctrl-C, and so would the commands that tests interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Records of tests are those of a machine, also where GitHub Actions runs them.
os.environ.pop("GITHUB_ACTIONS", None)

# terraform and its provider then collect garbage less often: a quarter less processor time, for 40 MB more memory.
os.environ.setdefault("GOGC", "400")

checkouts.stand_on_own_environments()

LONGEST = (
    "cli/core/promotion/test_story.py",
    "cli/core/operations/test_take_over.py",
    "cli/core/sandbox/test_rehearsal.py",
    "cli/core/operations/test_faults.py",
    "cli/core/operations/test_story.py",
    "cli/test_new.py",
    "cli/test_first_deployment.py",
    "test_style.py",
    "modules/runtime/test_bindings.py",
    "cli/core/terraform/test_newer_core.py",
    "cli/core/gate/test_environments.py",
    "cli/commands/test_check.py",
    "cli/core/operations/test_damage.py",
    "policies/reachability/test_loosenings.py",
    "test_terraform_validate.py",
    "cli/core/gate/test_fails_closed.py",
    "policies/test_mutations.py",
    "policies/test_cases.py",
)
"""Files that take 30 to 150 seconds of a processor, longest first: begun last, one would keep the others waiting."""


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run the tests of a story in their order, whichever were chosen."""
    if not chapters.is_chapter(pyfuncitem):
        return None
    chapters.play(pyfuncitem)
    return True


@pytest.fixture(scope="session", autouse=True)
def shared_between_processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One synthesis cache and one copy of the checkout for all processes of a run; the user's cache is left alone."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INFRA_CACHE_DIRECTORY", str(shared / "cache"))
        patch.setattr(checkouts, "SHARED", shared / "checkout")
        yield


@pytest.fixture(scope="session")
def synthesized_directory(shared_between_processes: None) -> Path:
    """A directory with the Terraform of every environment, as `cdktf synth` writes it, for all processes of a run. Not
    to be changed."""
    directory = checkouts.SHARED.with_name("synthesized")
    with directory.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not directory.exists():
            from envs.load import load_all
            from main import synthesize

            own = directory.with_suffix(".new")
            shutil.rmtree(own, ignore_errors=True)
            synthesize(load_all(), own)
            own.rename(directory)
    return directory


@pytest.fixture(scope="session")
def synthesized(synthesized_directory: Path) -> Mapping[str, Any]:
    """The synthesized Terraform of each environment, by its name. Not to be changed."""
    return _documents(synthesized_directory, lambda name: not name.endswith("-bootstrap"))


@pytest.fixture(scope="session")
def synthesized_bootstrap(synthesized_directory: Path) -> Mapping[str, Any]:
    """The synthesized Terraform of each environment's bootstrap stack, by the environment's name."""
    documents = _documents(synthesized_directory, lambda name: name.endswith("-bootstrap"))
    return {name.removesuffix("-bootstrap"): document for name, document in documents.items()}


def _documents(directory: Path, is_wanted: Callable[[str], bool]) -> dict[str, Any]:
    names = sorted(path.name for path in (directory / "stacks").iterdir() if is_wanted(path.name))
    return {name: json.loads((directory / "stacks" / name / "cdk.tf.json").read_bytes()) for name in names}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the code and the environment files, to be broken."""
    return checkouts.copy(tmp_path / "checkout")


def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are processors: the stories with terraform wait a lot, as the provider does."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first, and the tests of a story that `-k` or `::` left out before the last one selected."""
    places = {checkouts.ROOT / "tests" / file: place for place, file in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))
    stories = {item.path: item for item in items if item.get_closest_marker("story")}
    for path, last in stories.items():
        module = last.getparent(pytest.Module)
        assert module is not None
        selected = {item.name: item for item in items if item.path == path}
        tests = [selected.get(test.name, test) for test in module.collect() if isinstance(test, pytest.Item)]
        start = items.index(next(iter(selected.values())))
        items[start : start + len(selected)] = tests[: tests.index(last) + 1]


@pytest.fixture(scope="session")
def terraform(shared_between_processes: None) -> Iterator[str]:
    """The terraform binary, which finds the AWS provider in the tests' own mirror."""
    from tests.support.provider import mirrored  # with the sandbox, which few tests need

    program = required("terraform", "tofu")
    configuration = mirrored(program, checkouts.SHARED.with_name("provider"))
    with pytest.MonkeyPatch.context() as patch:
        if configuration is not None:
            patch.setenv("TF_CLI_CONFIG_FILE", str(configuration))
        yield program
