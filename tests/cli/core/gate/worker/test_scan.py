"""The worker answers what stock checkov answers, and its forks disturb no other job."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from cli.core.gate.model import Framework, Request
from cli.core.gate.protocol import BETWEEN_JOBS, Job, encode
from policies.library.terraform.load import load_directory
from tests.support.convert import as_json, as_plan
from tests.support.gates import CHECKS, TODAY
from tests.support.harness import CASES
from tests.support.helpers import ROOT

IAM = """
resource "aws_iam_policy" "wide" {
  policy = jsonencode({ Statement = [
    { Effect = "Allow", Action = ["iam:PassRole", "s3:*", "lambda:Create*", "nothing:*"], Resource = "*" },
    { Effect = "Allow", NotAction = ["iam:*"], Resource = "*" },
  ] })
}
resource "aws_sns_topic_policy" "wide" {
  arn    = "arn"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "sns:*", Resource = "*" }] })
}
"""
"""What checkov expands with what it knows of IAM's actions."""

FOREIGN = """
resource "azurerm_storage_account" "a" {
  name            = "a"
  min_tls_version = "TLS1_0"
}
resource "google_storage_bucket" "b" {
  name = "b"
}
resource "kubernetes_pod" "c" {
  metadata {
    name = "c"
  }
}
module "d" {
  source = "git::https://example.com/d.git?ref=v1"
}
module "e" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "5.0.0"
}
"""
"""Other providers' resources, and modules that are fetched from somewhere."""

MODULES = """
locals {
  names = { for name in ["a", "b"] : name => upper(name) }
}
module "each" {
  for_each = local.names
  source   = "../modules-called"
  name     = "${each.key}-topic"
  number   = length(local.names)
}
module "once" {
  source = "../modules-called"
  name   = try(local.names["a"], "none")
  number = 0
}
"""

MODULE = """
variable "name" {}
variable "number" { default = 1 }
resource "aws_sns_topic" "t" {
  count = var.number
  name  = format("%s-%d", var.name, count.index)
  tags  = merge({ a = "b" }, { c = join(",", ["d", var.name]) })
}
resource "aws_kms_key" "k" {
  enable_key_rotation = var.name == "a-topic" ? true : false
}
"""


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory, synthesized_directory: Path) -> Sequence[tuple[Framework, Path]]:
    """Framework and file: production, a plan of it, and a few more, each as HCL, Terraform JSON and plans."""
    root = tmp_path_factory.mktemp("scan")
    production = synthesized_directory / "stacks" / "prod"
    configuration, _ = load_directory(production)
    found: list[tuple[Framework, Path]] = [("terraform_json", production / "cdk.tf.json")]
    found += _written(root, "prod.json", "terraform_plan", json.dumps(as_plan(configuration, applied=False)))
    found += _written(root, "foreign/main.tf", "terraform", FOREIGN)
    _written(root, "modules-called/main.tf", "terraform", MODULE)
    _written(root, "modules-called/below/unused.tf", "terraform", FOREIGN)
    found += _written(root, "modules/main.tf", "terraform", MODULES)
    for name, text in [
        ("iam", IAM),
        *((path.parent.name, path.read_text()) for path in sorted(CASES.glob("*/failing.tf"))[::40]),
    ]:
        found += _written(root, f"{name}/main.tf", "terraform", text)
        found += _written(root, f"{name}.tf.json", "terraform_json", json.dumps(as_json(text), indent=1))
        configuration, _ = load_directory(root / name)
        for applied in (False, True):
            plan = as_plan(configuration, applied=applied)
            found += _written(root, f"{name}-{applied}.json", "terraform_plan", json.dumps(plan))
    return found


def _written(root: Path, name: str, framework: Framework, text: str) -> list[tuple[Framework, Path]]:
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).write_text(text)
    return [(framework, root / name)]


def answers(module: str, jobs: Sequence[tuple[Framework, Path]], results: Path, together: int = 1) -> list[Any]:
    """What a child process says to jobs, so many of them `together`, without the order of checkov's threads."""
    texts = [
        encode(Job(framework=framework, root=file.parent, files=(file,), request=Request(), today=TODAY)).rstrip()
        for framework, file in jobs
    ]
    batches = [BETWEEN_JOBS.join(texts[at : at + together]) for at in range(0, len(texts), together)]
    with results.open("wb") as file:
        done = subprocess.run(
            [sys.executable, "-P", "-m", module, str(file.fileno()), str(CHECKS)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0", "BC_SKIP_MAPPING": "TRUE"},
            input=b"".join(batch + b"\n" for batch in batches),
            stderr=subprocess.PIPE,
            pass_fds=[file.fileno()],
            check=False,
        )
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in results.read_text().splitlines()]
    assert len(found) == len(jobs) + 1, done.stderr
    for each in found:
        for kind in ("failed", "skipped", "raised", "unknown", "errors"):
            each.get(kind, []).sort(key=json.dumps)
    return found


def test_a_scan_answers_what_stock_checkov_does(jobs: Sequence[tuple[Framework, Path]], tmp_path: Path) -> None:
    stock = answers("tests.support.stock_scan", jobs, tmp_path / "stock")
    ours = answers("cli.core.gate.worker.scan", jobs, tmp_path / "ours", together=4)
    assert ours[0] == stock[0]
    for (_, file), answer, stock_answer in zip(jobs, ours[1:], stock[1:], strict=True):
        assert answer == stock_answer, file
        assert answer["resources"], file


def serve(run: str, jobs: str, most: int = 2) -> list[bytes]:
    """What a worker answers whose way to make an answer of a job is the body of a function."""
    body = "\n".join(f"    {line}" for line in run.splitlines())
    text = (
        f"import os, time\nfrom cli.core.gate.worker.forks import serve\ndef run(job):\n{body}\nserve(run, 1, {most})"
    )
    done = subprocess.run([sys.executable, "-c", text], cwd=ROOT, input=jobs.encode(), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.splitlines()


def test_jobs_are_whole_lines_whatever_their_length() -> None:
    jobs = ["a" * 200_000, "", "b", "c" * 70_000]
    answers = serve("return b'%s %d\\n' % (job[:1], len(job))", "\n".join([*jobs, "cut off"]))
    assert answers == [b"a 200000", b" 0", b"b 1", b"c 70000"]


def test_answers_come_in_the_order_of_the_jobs() -> None:
    answers = serve("time.sleep(float(job))\nreturn job + b'\\n'", "0.3\n0.2\n0\n0.1\n", most=4)
    assert answers == [b"0.3", b"0.2", b"0", b"0.1"]


def test_no_more_forks_work_at_once_than_allowed(tmp_path: Path) -> None:
    """Each notes how many there are while it works; the first two wait for each other."""
    run = (
        f"there = {str(tmp_path)!r}\nname = there + '/' + job.decode()\n"
        "open(name, 'w').close()\nopen(there + job.decode(), 'w').close()\ntime.sleep(0.1)\n"
        "while job in b'ab' and not all(os.path.exists(there + each) for each in 'ab'):\n    time.sleep(0.01)\n"
        "count = len(os.listdir(there))\nos.unlink(name)\nreturn b'%d\\n' % count"
    )
    counts = [int(answer) for answer in serve(run, "a\nb\nc\nd\ne\n", most=2)]
    assert max(counts) == 2


@pytest.mark.parametrize(
    ("run", "end"),
    [
        ("os._exit(0)", {"code": 0, "output": "", "errors": []}),
        ("os._exit(7)", {"code": 7, "output": "", "errors": []}),
        ("os.kill(os.getpid(), 9)", {"code": -9, "output": "", "errors": []}),
        ("os.write(1, b'rubbish\\n'); return b'answer\\n'", {"code": 0, "output": "rubbish\nanswer\n", "errors": []}),
        ("os.write(1, b'cut'); os._exit(0)", {"code": 0, "output": "cut", "errors": []}),
        ("os.write(2, b'said'); os._exit(3)", {"code": 3, "output": "", "errors": ["said"]}),
    ],
)
def test_a_fork_that_does_not_answer_disturbs_no_other_job(run: str, end: dict[str, Any]) -> None:
    first, second, third = serve(f"if job == b'b': {run}\nreturn job + b'\\n'", "a\nb\nc\n")
    assert (first, third) == (b"a", b"c")
    assert json.loads(second) == {**end, "type": "end", "is_timeout": False}


@pytest.mark.parametrize("run", ["os._exit(7)", "os.write(1, b'rubbish\\n'); return b'answer\\n'", "raise ValueError"])
def test_a_job_that_fails_disturbs_no_other_one_of_its_batch(run: str) -> None:
    answers = serve(f"if job == b'b': {run}\nreturn job + b'\\n'", "a\x1eb\x1ec\nd\n")
    assert [json.loads(each)["type"] if b"type" in each else each for each in answers] == [b"a", "end", b"c", b"d"]


def test_a_fork_that_raises_says_why() -> None:
    (answer,) = serve("raise ValueError('no')", "a\n")
    end = json.loads(answer)
    assert (end["code"], end["errors"][-1]) == (1, "ValueError: no")
