"""What a report of a fault has in it, and what it must not have."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import pytest

from cli.core import bundle
from tests.support.helpers import write_files

SECRET = "hunter2-9f3c"
ENVIRONMENT = f"""\
environment: dev
password: correct horse {SECRET}
token: >
  {SECRET}
tokens: [{SECRET}]
broker: # before it was {SECRET}
  api_key: {SECRET}
  url: https://user:{SECRET}@example.com
  env: DB_PASSWORD={SECRET}
"""


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The bundle of a checkout in which secrets stand where none should."""
    root = write_files(
        tmp_path,
        {
            "envs/dev.yaml": ENVIRONMENT,
            "cdktf.out/stacks/dev/cdk.tf.json": f'{{"password": "{SECRET}"}}',
            "cdktf.out/stacks/dev/.terraform/x": SECRET,
            "records/dev/1.json": SECRET,
        },
    )
    monkeypatch.setattr(bundle, "ROOT", root)
    variables = {"HOME": str(tmp_path), "AWS_SECRET_ACCESS_KEY": SECRET, "TF_VAR_password": SECRET, "EDITOR": SECRET}
    return dict(bundle.contents(variables))


def test_no_secret_is_in_it(files: dict[str, str]) -> None:
    assert SECRET not in "".join(files.values())
    assert SECRET.encode() not in bundle.archive(files)


def test_it_names_what_matters(files: dict[str, str], tmp_path: Path) -> None:
    assert json.loads(files["variables.json"]) == ["AWS_SECRET_ACCESS_KEY", "TF_VAR_password"]
    assert json.loads(files["files.json"]).keys() == {"cdktf.out/stacks/dev/cdk.tf.json", "records/dev/1.json"}
    assert json.loads(files["versions.json"])["packages"]["cdktf"] == "0.21.0"
    assert json.loads(files["envs/dev.json"])["environment"] == "dev"
    assert str(tmp_path) not in "".join(files.values())


def test_the_archive_holds_the_files_and_is_the_same_each_time(files: dict[str, str]) -> None:
    packed = bundle.archive(files)
    assert packed == bundle.archive(files)
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        assert {entry.name for entry in tar} == {f"infra-debug/{name}" for name in files}
        member = tar.extractfile("infra-debug/envs/dev.json")
        assert member is not None
        assert member.read().decode() == files["envs/dev.json"]


def test_settings_that_are_no_yaml_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "ROOT", write_files(tmp_path, {"envs/dev.yaml": f"a: [{SECRET}\n"}))
    assert json.loads(bundle.contents({})["envs/dev.json"]) == "cannot be read: ParserError"
