"""`infra diagram` as users run it."""

from __future__ import annotations

import json
from pathlib import Path

from cli.core.base.errors import ExitCode
from tests.support.helpers import infra, write_files

MAIN = """
resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.a.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_instance" "a" { subnet_id = aws_subnet.a.id }
"""


def test_a_file_of_a_path(tmp_path: Path) -> None:
    write_files(tmp_path, {"main.tf": MAIN})
    done = infra("diagram", str(tmp_path), "-o", str(tmp_path / "a.mmd"))
    assert (done.returncode, done.stdout) == (ExitCode.OK, "")
    assert "a.mmd" in done.stderr
    assert (tmp_path / "a.mmd").read_text().startswith("flowchart TB\n")


def test_for_programs(tmp_path: Path) -> None:
    write_files(tmp_path, {"main.tf": MAIN})
    done = infra("diagram", str(tmp_path), "--json")
    (account,) = json.loads(done.stdout)["accounts"]
    ((vpc,),) = [region["vpcs"] for region in account["regions"]]
    assert [box["title"] for tier in vpc["tiers"] for box in tier["boxes"]] == ["a"]


def test_a_form_that_cannot_be_made(tmp_path: Path) -> None:
    write_files(tmp_path, {"main.tf": MAIN})
    done = infra("diagram", str(tmp_path), "-o", str(tmp_path / "a.pdf"))
    assert done.returncode == ExitCode.USAGE
    assert ".svg, .png, .d2, .mmd" in done.stderr
    assert not (tmp_path / "a.pdf").exists()


def test_a_path_without_terraform(tmp_path: Path) -> None:
    done = infra("diagram", f"{tmp_path}/", "-o", str(tmp_path / "a.svg"))
    assert done.returncode == ExitCode.USAGE
    assert "holds no Terraform" in done.stderr


def test_terraform_that_a_picture_shows_nothing_of(tmp_path: Path) -> None:
    write_files(tmp_path, {"main.tf": 'variable "x" {}\n'})
    done = infra("diagram", str(tmp_path), "-o", str(tmp_path / "a.svg"))
    assert done.returncode == ExitCode.ERROR
    assert "has nothing to draw" in done.stderr
    assert not (tmp_path / "a.svg").exists()
