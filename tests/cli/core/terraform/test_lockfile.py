"""Whose providers the dependency lock file locks: each program takes its own registry's, and reads no other entries."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.core.base.errors import ExitCode
from cli.core.terraform.binary import Program
from cli.core.terraform.lockfile import LOCK_FILE, LockOfOtherProgram, providers, require_own

TERRAFORM, TOFU = Program("/bin/terraform", "terraform", "1.15.5"), Program("/bin/tofu", "tofu", "1.10.1")
HOSTS = {"terraform": "registry.terraform.io", "tofu": "registry.opentofu.org"}


def locked(directory: Path, *sources: str) -> Path:
    """A lock file with providers."""
    entry = 'provider "{}" {{\n  version     = "6.30.0"\n  hashes = [\n    "h1:AAAA",\n  ]\n}}\n'
    (directory / LOCK_FILE).write_text("\n".join(map(entry.format, sources)))
    return directory


@pytest.mark.parametrize(("program", "other"), [(TERRAFORM, TOFU), (TOFU, TERRAFORM)])
def test_a_lock_file_of_the_other_program_is_refused(tmp_path: Path, program: Program, other: Program) -> None:
    theirs, ours = (f"{HOSTS[each.name]}/hashicorp/aws" for each in (other, program))
    locked(tmp_path, theirs)
    require_own(tmp_path, other)
    with pytest.raises(LockOfOtherProgram) as caught:
        require_own(tmp_path, program)
    assert (caught.value.kind, caught.value.exit_code) == ("lock-of-other-program", ExitCode.REFUSED)
    assert f"run infra lock with {program.name} and commit the file" in str(caught.value)
    require_own(locked(tmp_path, theirs, ours), program)
    assert providers(tmp_path) == {"hashicorp/aws": "6.30.0"}


@pytest.mark.parametrize("program", [TERRAFORM, TOFU])
@pytest.mark.parametrize("sources", [(), ("providers.example.com/hashicorp/aws",)])
def test_a_lock_file_of_neither_is_left_to_the_program(
    tmp_path: Path, program: Program, sources: tuple[str, ...]
) -> None:
    require_own(locked(tmp_path, *sources), program)
