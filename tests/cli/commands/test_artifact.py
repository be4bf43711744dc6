"""`infra artifact` and `infra release resolve`, run as users run them: from a bucket to the release of dev."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.core.sandbox import process
from cli.core.sandbox.state_directory import DIRECTORY_VARIABLE, StateDirectory
from envs.settings.servers import SERVER_NAMES
from tests.support import checkouts
from tests.support.accounts import artifact_bucket, sandbox_account
from tests.support.archives import archive
from tests.support.helpers import infra


class Checkout:
    """A checkout whose sandbox has the bucket of dev."""

    def __init__(self, root: Path, sandbox: Path) -> None:
        self.root = root
        self.sandbox = sandbox
        self._variables = {DIRECTORY_VARIABLE: str(sandbox), "AWS_EC2_METADATA_DISABLED": "true"}

    def run(self, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        done = infra(*arguments, root=self.root, cwd=self.root, variables=self._variables)
        assert done.returncode == code, f"{done.stdout}\n{done.stderr}"
        return done

    def data(self, *arguments: str, code: int = 0) -> Any:
        return json.loads(self.run(*arguments, "--json", code=code).stdout)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    directory = tmp_path_factory.mktemp("artifacts")
    root = checkouts.copy(directory / "checkout")
    with sandbox_account(directory / "sandbox") as account, artifact_bucket(account):
        yield Checkout(root, directory / "sandbox")


def test_a_release_begins_with_archives_and_an_image(checkout: Checkout, tmp_path: Path) -> None:
    file = archive(tmp_path / "server.tar.gz")
    for server in SERVER_NAMES:
        put = checkout.data("artifact", "put", "dev", server, str(file), "--sandbox")
        assert put["is_new"]
    again = checkout.run("artifact", "put", "dev", "core-server", str(file), "--sandbox").stdout
    assert again.startswith("was there already: s3://meals-dev-artifacts-111111111111/core-server/1.0.0.tar.gz, ")

    listed = checkout.data("artifact", "list", "dev", "--sandbox")
    assert [(each["server"], each["digest"], each["release"]) for each in listed["archives"]] == [
        (server, put["digest"], True) for server in SERVER_NAMES
    ]
    dry = checkout.data("release", "resolve", "dev", "--sandbox", "--dry-run")
    assert (dry["written"], dry["changes"][0]["name"]) == (False, "ami")
    before = (checkout.root / "envs" / "dev.yaml").read_bytes()
    text = checkout.run("release", "resolve", "dev", "--sandbox").stdout
    assert text.startswith(
        "wrote the release of dev in the sandbox\n  ami: /aws/service/ami-amazon-linux-latest/al2023-a"
    )
    assert (checkout.root / "envs" / "dev.yaml").read_bytes() == before
    release = json.loads((checkout.sandbox / "dev" / "release.json").read_bytes())["release"]
    assert release["ami"].startswith("ami-")
    assert release["artifacts"] == dict.fromkeys(SERVER_NAMES, put["digest"])
    assert checkout.run("release", "resolve", "dev", "--sandbox").stdout == "the release of dev is resolved\n"
    assert "core-server/1.0.0.tar.gz: ok, sha256 " in checkout.run("artifact", "verify", "dev", "--sandbox").stdout

    other = archive(tmp_path / "other.tar.gz", b"#!/bin/bash\n")
    refused = checkout.data("artifact", "put", "dev", "core-server", str(other), "--sandbox", code=10)
    assert refused["refused"] == "other-content"
    verified = checkout.data("artifact", "verify", "dev", "--version", "1.1.0", "--sandbox", code=3)
    assert [each["ok"] for each in verified["artifacts"]] == [False] * 4


def test_a_bucket_that_is_not_there_names_the_bootstrap(checkout: Checkout, tmp_path: Path) -> None:
    state_directory = StateDirectory(tmp_path / "staging")
    file = archive(tmp_path / "server.tar.gz")
    try:
        variables = {DIRECTORY_VARIABLE: str(tmp_path)}
        done = infra("artifact", "put", "staging", "core-server", str(file), "--sandbox", variables=variables)
    finally:
        process.reset(state_directory)
    assert done.returncode == 7
    assert done.stderr.strip().endswith("does not exist: run infra bootstrap staging --sandbox")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nothing", "{file}"), "received 'nothing'; allowed: one of core-server"),
        (("core-server", "{file}", "--version", "1"), "received '1'; allowed: a semantic version, such as 1.4.0"),
        (("core-server", "nowhere.tar.gz"), "'nowhere.tar.gz' does not exist"),
    ],
)
def test_a_wrong_command_line_ends_with_64(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    file = str(archive(tmp_path / "server.tar.gz"))
    done = infra("artifact", "put", "dev", *(each.format(file=file) for each in arguments))
    assert done.returncode == 64
    assert message in " ".join(done.stderr.split())
