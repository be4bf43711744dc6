"""Signing with git: a key, and a file that says whose it is."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.support.programs import git, required


def sign_as(root: Path, who: str) -> Path:
    """Have whoever works in a repository sign with SSH, and git know the key as somebody's; the allowed signers."""
    key, signers = root / ".git" / "key", root / ".git" / "signers"
    subprocess.run([required("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    signers.write_text(f"{who} {key.with_suffix('.pub').read_text()}")
    git(root, "config", "gpg.format", "ssh")
    git(root, "config", "user.signingkey", str(key))
    git(root, "config", "gpg.ssh.allowedSignersFile", str(signers))
    return signers
