"""terraform itself, with the real AWS provider, finds nothing wrong with any stack."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from envs.load import environments
from tests.support.programs import run_terraform, without
from tests.support.variants import VARIANTS, settings_of, synthesized

STACKS = [f"{environment}{suffix}" for environment in environments() for suffix in ("", "-bootstrap")]
OLDEST_PROVIDER = ">= 5.100.0"
"""What is synthesized is valid from this version on; which one is tested is what this machine has."""


@pytest.fixture(scope="module")
def initialized(terraform: str, synthesized_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory in which terraform has the AWS provider; its stack is replaced by each test."""
    directory = tmp_path_factory.mktemp("terraform")
    place(synthesized_directory, STACKS[0], directory)
    done = run_terraform(terraform, "init", "-backend=false", "-input=false", cwd=directory)
    if done.returncode:
        without("terraform", f"terraform has no AWS provider: {done.stderr.strip()}")
    return directory


def place(synthesized: Path, stack: str, directory: Path) -> None:
    """Put a stack into a directory, with the provider's version constraint relaxed."""
    document = json.loads((synthesized / "stacks" / stack / "cdk.tf.json").read_bytes())
    document["terraform"]["required_providers"]["aws"]["version"] = OLDEST_PROVIDER
    (directory / "cdk.tf.json").write_text(json.dumps(document))


@pytest.mark.parametrize("stack", STACKS)
def test_terraform_finds_the_stack_valid(
    terraform: str, initialized: Path, synthesized_directory: Path, stack: str
) -> None:
    place(synthesized_directory, stack, initialized)
    verdict = json.loads(run_terraform(terraform, "validate", "-json", cwd=initialized).stdout)
    assert verdict["diagnostics"] == []


@pytest.mark.parametrize("variant", [name for name, (_, changes) in VARIANTS.items() if changes])
def test_terraform_finds_what_settings_can_ask_for_valid(
    terraform: str, initialized: Path, tmp_path: Path, variant: str
) -> None:
    """VPN, mobile push, SMS, the connector, ActiveMQ, Express brokers, a region in which no zone is signed."""
    settings = settings_of(variant)
    directory = synthesized(settings, tmp_path).parent
    for stack in (settings.environment, f"{settings.environment}-bootstrap"):
        place(directory, stack, initialized)
        verdict = json.loads(run_terraform(terraform, "validate", "-json", cwd=initialized).stdout)
        assert verdict["diagnostics"] == []


def test_terraform_finds_a_broken_stack_invalid(
    terraform: str, initialized: Path, synthesized_directory: Path, tmp_path: Path
) -> None:
    """The test above can fail: an argument that the provider does not know is refused."""
    broken = tmp_path / "terraform"
    shutil.copytree(initialized, broken, symlinks=True)
    place(synthesized_directory, STACKS[0], broken)
    document = json.loads((broken / "cdk.tf.json").read_bytes())
    document["resource"]["aws_vpc"]["broken"] = {"no_such_argument": 1}
    (broken / "cdk.tf.json").write_text(json.dumps(document))
    verdict = json.loads(run_terraform(terraform, "validate", "-json", cwd=broken).stdout)
    assert any("no_such_argument" in each["detail"] for each in verdict["diagnostics"])
