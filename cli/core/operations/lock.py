"""The dependency lock file of the checkout, for every platform that people and CI use."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cli.core.base.files import write_whole
from cli.core.terraform import binary
from cli.core.terraform.cli import Terraform
from cli.core.terraform.lockfile import COMMITTED, LOCK_FILE, providers

PLATFORMS = ("darwin_amd64", "darwin_arm64", "linux_amd64", "linux_arm64")
"""Platforms whose packages are locked, as Terraform names them."""


def write_lock_file(
    document: Mapping[str, Any], arguments: Sequence[str], variables: Mapping[str, str]
) -> Mapping[str, str]:
    """Write the lock file of the checkout, whole or not at all; the version of each provider, by name.

    ``document`` is any synthesized stack: all ask for the same providers. What is locked already stays as it is and
    gets the hashes that are missing. Raises `TerraformMissing`, and what terraform's errors come to.
    """
    required = document["terraform"]["required_providers"]
    with tempfile.TemporaryDirectory(prefix="infra-lock-") as aside:
        directory = Path(aside)
        (directory / "main.tf.json").write_text(json.dumps({"terraform": {"required_providers": required}}))
        if COMMITTED.is_file():
            (directory / LOCK_FILE).write_bytes(COMMITTED.read_bytes())
        terraform = Terraform(
            program=binary.find(variables),
            directory=directory,
            environment="the checkout",
            environ=variables,
            logs=directory,
        )
        terraform.lock_providers(PLATFORMS, arguments)
        write_whole(COMMITTED, (directory / LOCK_FILE).read_bytes())
        return providers(directory)
