"""What tests of several parts share: reading synthesized Terraform, running the toolkit as users do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.support import checkouts
from tests.support.checkouts import ENVIRONMENTS, ROOT

__all__ = ["ENVIRONMENTS", "ROOT"]

Document = Mapping[str, Any]
"""A synthesized stack: the content of its cdk.tf.json."""


class Resource(NamedTuple):
    """One resource of a synthesized stack."""

    type: str
    name: str
    path: str
    """The construct path below the stack, such as `network/vpc`."""
    body: Mapping[str, Any]

    @property
    def address(self) -> str:
        """Terraform's address."""
        return f"{self.type}.{self.name}"

    def reference(self, attribute: str) -> str:
        """An attribute, as Terraform refers to it."""
        return f"${{{self.address}.{attribute}}}"


def resources(document: Document, type: str | None = None, *, under: str = "") -> list[Resource]:
    """The resources of a stack in the order of their construct paths: of one type, below one path, or all."""
    found = [
        Resource(each, name, body["//"]["metadata"]["path"].partition("/")[2], body)
        for each, named in document.get("resource", {}).items()
        if type in (None, each)
        for name, body in named.items()
    ]
    below = [each for each in found if f"{each.path}/".startswith(under)]
    return sorted(below, key=lambda each: (each.path, each.type))


def resource(document: Document, type: str, path: str) -> Resource:
    """The resource of a type at a construct path."""
    (found,) = [each for each in resources(document, type) if each.path == path]
    return found


def statements(policy: str) -> dict[str, Mapping[str, Any]]:
    """The statements of a policy document, by their Sid."""
    return {each["Sid"]: each for each in json.loads(policy)["Statement"]}


def strings(value: object) -> Iterator[str]:
    """Every text in a JSON value, at any depth, keys excluded."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, Sequence):
        for each in value:
            yield from strings(each)


def write_files(directory: Path, files: Mapping[str, str]) -> Path:
    """Put files below a directory, by their paths; the directory."""
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return directory


def tree(directory: Path) -> dict[str, bytes]:
    """Every file below a directory that is not the toolkit's own lock, with its content."""
    files = (path for path in sorted(directory.rglob("*")) if path.is_file() and path.name != ".infra.lock")
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in files}


def infra(
    *arguments: str,
    cwd: Path | None = None,
    root: Path | None = None,
    variables: Mapping[str, str] | None = None,
    timeout: float = 120,
) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own, in the checkout ``root``: the shared copy unless told otherwise."""
    root = root or checkouts.shared()
    return subprocess.run(
        infra_command(*arguments),
        cwd=cwd or root,
        env=infra_environment(root, variables),
        capture_output=True,
        text=True,
        timeout=timeout,
        stdin=subprocess.DEVNULL,
        check=False,
    )


def infra_command(*arguments: str) -> list[str]:
    """What the wrapper executes once set-up is done, except that PYTHONPATH may name another checkout."""
    return [sys.executable, "-P", "-m", "cli.main", *arguments]


def infra_environment(root: Path | None = None, variables: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment variables to run the code of ``root`` with: the shared copy unless told otherwise."""
    return {**os.environ, "PYTHONPATH": str(root or checkouts.shared()), "NO_COLOR": "1", **(variables or {})}
