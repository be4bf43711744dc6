"""The AWS provider behind a script that becomes it.

terraform compares the package of a provider with the lock file at every command. That of the AWS provider has 700 MB,
which takes half a second of a processor to read: a quarter of what the stories did. So tests find it in a mirror in
which the package is a script. Who has no mirror also downloads the provider once for all tests, not for each of them.
"""

from __future__ import annotations

import fcntl
import json
import shlex
import shutil
from pathlib import Path

from cli.core.sandbox.override import OLDEST_PROVIDER
from tests.support.programs import run_terraform


def mirrored(terraform: str, directory: Path) -> Path | None:
    """The configuration of terraform that names the mirror, which is made in ``directory`` for all processes of a run;
    None where terraform does not find the provider."""
    configuration = directory / "terraform.rc"
    directory.mkdir(exist_ok=True)
    with (directory / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not configuration.exists():
            package = _fetch(terraform, directory / "fetched")
            if package is None:
                return None
            host = _mirror(package, directory / "mirror")
            provider = f"{host}/hashicorp/aws"
            configuration.write_text(
                f'provider_installation {{\n  filesystem_mirror {{\n    path    = "{directory / "mirror"}"\n'
                f'    include = ["{provider}"]\n  }}\n  direct {{\n    exclude = ["{provider}"]\n  }}\n}}\n'
            )
    return configuration


def _fetch(terraform: str, directory: Path) -> Path | None:
    """The package of the provider, `<host>/hashicorp/aws/<version>/<platform>`, where terraform has put it."""
    directory.mkdir(exist_ok=True)
    wanted = {"aws": {"source": "hashicorp/aws", "version": OLDEST_PROVIDER}}
    (directory / "main.tf.json").write_text(json.dumps({"terraform": {"required_providers": wanted}}))
    if run_terraform(terraform, "init", "-backend=false", "-input=false", cwd=directory).returncode:
        return None
    (package,) = (directory / ".terraform" / "providers").glob("*/hashicorp/aws/*/*")
    return package


def _mirror(package: Path, mirror: Path) -> str:
    """Put the scripts in place of a package's programs; the host of its registry."""
    host, *rest = package.parts[-5:]
    directory = mirror.joinpath(host, *rest)
    shutil.rmtree(mirror, ignore_errors=True)
    directory.mkdir(parents=True)
    for program in package.glob("terraform-provider-*"):
        script = directory / program.name
        script.write_text(f'#!/bin/sh\nexec {shlex.quote(str(program.resolve()))} "$@"\n')
        script.chmod(0o755)
    return host
