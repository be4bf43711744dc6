"""`infra lock`, with a mirror of packages in place of the registry."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest

from cli.core.operations.lock import PLATFORMS
from tests.support.helpers import infra

VERSION = "6.30.0"


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    """Packages of a provider for every platform; nothing runs them."""
    directory = tmp_path / "mirror" / "registry.terraform.io" / "hashicorp" / "aws"
    directory.mkdir(parents=True)
    for platform in PLATFORMS:
        with zipfile.ZipFile(directory / f"terraform-provider-aws_{VERSION}_{platform}.zip", "w") as package:
            package.writestr(f"terraform-provider-aws_v{VERSION}_x5", platform)
    return tmp_path / "mirror"


@pytest.mark.usefixtures("terraform")
def test_the_lock_file_has_the_hashes_of_every_platform(checkout: Path, mirror: Path) -> None:
    done = infra("lock", "--json", "--", f"-fs-mirror={mirror}", root=checkout, cwd=checkout)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["providers"] == {"hashicorp/aws": VERSION}
    text = (checkout / ".terraform.lock.hcl").read_text()
    assert 'constraints = "~> 6.25"' in text
    assert len(re.findall(r'"h1:', text)) == len(PLATFORMS)


@pytest.mark.usefixtures("terraform")
def test_without_packages_nothing_is_written(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = infra("lock", "--", f"-fs-mirror={tmp_path / 'empty'}", root=checkout, cwd=checkout)
    assert done.returncode == 7
    assert done.stderr.startswith("infra: terraform has no provider that fits")
    assert not (checkout / ".terraform.lock.hcl").exists()
