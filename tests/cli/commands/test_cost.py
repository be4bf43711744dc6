"""`infra cost` as users run it."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

from cli.core.base.errors import ExitCode
from tests.support import stories
from tests.support.helpers import infra, write_files

MAIN = """
resource "aws_nat_gateway" "a" {}
resource "aws_new_thing" "a" {}
"""

STACKS = "modules/stacks.py"


def test_a_path(tmp_path: Path) -> None:
    write_files(tmp_path, {"main.tf": MAIN})
    done = infra("cost", str(tmp_path), variables={"COLUMNS": "80"})
    assert done.returncode == ExitCode.OK
    head, row, total, *rest = done.stdout.splitlines()
    assert head.split() == ["part", "fixed", "usage-driven", "not", "known"]
    assert row.split() == ["(root", "module)", "32.85", "4.50", "1"]
    assert total.split() == ["total,", "at", "least", "32.85", "4.50", "1"]
    assert "the toolkit does not know what aws_new_thing costs" in rest
    assert "aws_nat_gateway processed_gb   100   1" in rest
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_for_programs(tmp_path: Path) -> None:
    write_files(tmp_path, {"main.tf": MAIN, "usage.yaml": "aws_nat_gateway: {processed_gb: 0}"})
    done = infra("cost", str(tmp_path), "--json", "--usage", str(tmp_path / "usage.yaml"))
    (found,) = json.loads(done.stdout)["estimates"]
    assert found["is_complete"] is False
    assert found["usd_a_month"] == {"fixed": {"low": "32.85", "high": "32.85"}, "usage": {"low": "0", "high": "0"}}
    assert [each["address"] for each in found["not_known"]] == ["aws_new_thing.a"]
    assert sum(Decimal(each["usd_a_month"]["low"]) for each in found["charges"]) == Decimal("32.85")
    assert all(each["source"] and each["published"] and each["read"] for each in found["charges"])


def test_environments_beside_each_other() -> None:
    done = infra("cost", "dev", "staging", variables={"COLUMNS": "80"})
    assert done.returncode == ExitCode.OK
    assert done.stdout.splitlines()[0].split() == ["part", "dev", "staging"]
    assert max(map(len, done.stdout.split("\n\n")[0].splitlines())) <= 80


def test_what_the_working_tree_changes_since_a_revision(tmp_path: Path) -> None:
    tiny = stories.make(tmp_path)
    imported = "from cdktf_cdktf_provider_aws.iam_role import IamRole\n"
    tiny.change(imported, f"{imported}from cdktf_cdktf_provider_aws.kms_key import KmsKey\n", file=STACKS)
    group = "        group = CloudwatchLogGroup("
    tiny.change(group, f'        KmsKey(logs, "key")\n{group}', file=STACKS)
    found = tiny.data("cost", "dev", "--since", "HEAD")
    assert found["change"] == "Costs +1.00 USD a month (logs +1.00); usage-driven +0.30 USD a month, as assumed."
    assert [each["name"] for each in found["estimates"]] == ["dev@HEAD", "dev"]
    assert [each["usd_a_month"]["fixed"]["low"] for each in found["estimates"]] == ["0", "1"]
    assert "no revision 'v0'" in tiny.infra("cost", "dev", "--since", "v0", code=ExitCode.USAGE).stderr


def test_a_change_since_a_revision_of_no_environment(tmp_path: Path) -> None:
    done = infra("cost", str(tmp_path), "--since", "main")
    assert done.returncode == ExitCode.USAGE
    assert "infra cost ENV --since REV" in done.stderr


def test_a_path_beside_environments(tmp_path: Path) -> None:
    done = infra("cost", "prod", str(tmp_path))
    assert done.returncode == ExitCode.USAGE
    assert f"received prod, {tmp_path}; allowed: any number of environments, or one path alone" in done.stderr


def test_a_wrong_usage_file(tmp_path: Path) -> None:
    (tmp_path / "usage.yaml").write_text("aws_lb: {units: 2}")
    done = infra("cost", "dev", "--usage", str(tmp_path / "usage.yaml"))
    assert (done.returncode, done.stdout) == (ExitCode.USAGE, "")
    assert "aws_lb: units: allowed: capacity_units" in done.stderr
