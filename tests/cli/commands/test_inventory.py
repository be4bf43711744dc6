"""`infra inventory` as users run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.core.base.errors import ExitCode
from tests.support.helpers import infra, write_files

MAIN = 'resource "aws_s3_bucket" "a" {}\nmodule "m" { source = "./nowhere" }\n'


@pytest.fixture
def place(tmp_path: Path) -> str:
    """Terraform of others."""
    return str(write_files(tmp_path, {"main.tf": MAIN}))


def test_table(place: str) -> None:
    done = infra("inventory", place)
    assert done.returncode == ExitCode.OK
    assert done.stdout.splitlines()[:2] == [
        "part           number  type           with data",
        "(root module)       1  aws_s3_bucket  yes",
    ]
    assert "not read, so there may be more: module.m" in done.stdout


def test_for_programs(place: str) -> None:
    data = json.loads(infra("inventory", place, "--json").stdout)
    assert [each["address"] for each in data["resources"]] == ["aws_s3_bucket.a"]
    assert [each.partition(":")[0] for each in data["not_read"]] == ["module.m"]


def test_csv_leaves_what_is_missing_to_standard_error(place: str) -> None:
    done = infra("inventory", place, "--format", "csv")
    assert len(done.stdout.splitlines()) == 2
    assert "module.m" in done.stderr


@pytest.mark.parametrize("options", [("--json", "--format", "csv"), ("--format", "csv", "--json")])
def test_two_formats_are_refused(place: str, options: tuple[str, ...]) -> None:
    done = infra("inventory", place, *options)
    assert (done.returncode, done.stdout) == (ExitCode.USAGE, "")
    assert "received --json and --format csv; allowed: one of them" in done.stderr


def test_one_format_twice(place: str) -> None:
    assert json.loads(infra("inventory", place, "--format", "json", "--json").stdout)
