"""Measures `infra check PATH` beside stock checkov, on HCL as other teams have it.

    .venv/bin/python -m benchmarks.modules [--runs 3] [--roots 200]

- *modules*: one root module that calls 40 modules of ten resources each, with values that decide how many there are;
- *roots*: 200 small root modules in one directory, in one call;
- *broken*: one file with an interpolation that does not end.

Both run the same rules, ours and checkov's, and take turns. Findings do not matter here: every run that ends with an
answer counts.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks.bindings import ROOT, Measurement, median, run, stock_environment
from cli.core.gate.process import CHECKS

MODULE = """
variable "name" {}
variable "ports" { default = [443, 8443] }
variable "logs" { default = true }
locals {
  tags = merge({ Name = var.name }, { Part = "network" })
}
resource "aws_vpc" "v" {
  cidr_block = cidrsubnet("10.0.0.0/8", 8, length(var.name))
  tags       = local.tags
}
resource "aws_subnet" "s" {
  count      = 3
  vpc_id     = aws_vpc.v.id
  cidr_block = cidrsubnet(aws_vpc.v.cidr_block, 8, count.index)
  tags       = merge(local.tags, { Name = "${var.name}-private-${count.index}" })
}
resource "aws_security_group" "g" {
  name   = "${var.name}-g"
  vpc_id = aws_vpc.v.id
  dynamic "ingress" {
    for_each = toset(var.ports)
    content {
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = [aws_vpc.v.cidr_block]
    }
  }
}
resource "aws_s3_bucket" "b" {
  bucket = lower(replace(var.name, "_", "-"))
  tags   = local.tags
}
resource "aws_s3_bucket_public_access_block" "b" {
  bucket                  = aws_s3_bucket.b.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
resource "aws_flow_log" "l" {
  count           = var.logs ? 1 : 0
  vpc_id          = aws_vpc.v.id
  traffic_type    = "ALL"
  log_destination = aws_s3_bucket.b.arn
}
"""

SMALL = """
resource "aws_sns_topic" "t" {
  name = "topic-NUMBER"
}
resource "aws_sqs_queue" "q" {
  name = "queue-NUMBER"
}
resource "aws_sns_topic_subscription" "s" {
  topic_arn = aws_sns_topic.t.arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.q.arn
}
"""

BROKEN = 'resource "aws_sns_topic" "t" {\n' + '  name = "a"\n' * 200 + '  tags = { Name = "${var.name" }\n}\n'


def modules(directory: Path, _: int) -> None:
    """One root module that calls 40."""
    calls = [
        f'module "m{n}" {{\n  source = "./m{n}"\n  name   = "part_{n}"\n  logs   = {n} > 5\n}}\n' for n in range(40)
    ]
    (directory / "main.tf").write_text("".join(calls))
    for number in range(40):
        (directory / f"m{number}").mkdir()
        (directory / f"m{number}" / "main.tf").write_text(MODULE)


def roots(directory: Path, amount: int) -> None:
    """Small root modules."""
    for number in range(amount):
        (directory / f"root{number}").mkdir()
        (directory / f"root{number}" / "main.tf").write_text(SMALL.replace("NUMBER", str(number)))


def broken(directory: Path, _: int) -> None:
    """One broken file."""
    (directory / "main.tf").write_text(BROKEN)


INPUTS: Mapping[str, Callable[[Path, int], None]] = {"modules": modules, "roots": roots, "broken": broken}


def answered(command: Sequence[str]) -> Measurement:
    """A command that may end with findings."""
    environment = {**stock_environment(), "BC_SKIP_MAPPING": "TRUE", "CKV_SKIP_PACKAGE_UPDATE_CHECK": "true"}
    return run(["sh", "-c", '"$@" || true', "sh", *command], {**environment, "PYTHONPATH": str(ROOT)})


def main() -> None:
    """Measure each input both ways, and print a table with the ratio to stock."""
    parser = argparse.ArgumentParser(description="Measure infra check beside stock checkov on HCL.")
    parser.add_argument("--runs", type=int, default=3, help="runs of each way (default: 3)")
    parser.add_argument("--roots", type=int, default=200, help="small root modules (default: 200)")
    arguments = parser.parse_args()
    print("| input | way | seconds | ratio | processor seconds | ratio | memory |\n|---|---|---|---|---|---|---|")
    for name, write in INPUTS.items():
        with tempfile.TemporaryDirectory() as directory:
            write(Path(directory), arguments.roots)
            stock = [sys.executable, "-m", "checkov.main", "--framework", "terraform", "--skip-download", "--quiet"]
            stock += ["--compact", "--external-checks-dir", str(CHECKS), "--directory", directory]
            ours = [str(ROOT / "infra"), "check", directory, "--quiet"]
            measured: dict[str, list[Measurement]] = {"stock checkov": [], "infra check": []}
            for _ in range(arguments.runs):
                measured["stock checkov"].append(answered(stock))
                measured["infra check"].append(answered(ours))
        base = median(measured["stock checkov"])
        for way, results in measured.items():
            seconds, megabytes, work = median(results)
            print(
                f"| {name} | {way} | {seconds:.1f} | {seconds / base.seconds:.2f} | {work:.1f} "
                f"| {work / base.work:.2f} | {megabytes:.0f} MB |",
                flush=True,
            )


if __name__ == "__main__":
    main()
