"""Measures what it takes to say what a change opens.

    .venv/bin/python -m benchmarks.change [--runs 5]

Runs `infra change prod --since HEAD` with an empty synthesis cache, and again with what the first run kept. Then, in
one process, for changes of prod: reading both sides and working out both matrices, and the difference itself:
connections, barriers, permissions and claims.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from cli.core.base.project import ROOT
from cli.core.change.compare import compare
from cli.core.change.snapshot import Snapshot, snapshot
from cli.core.plans.stateful import is_stateful
from cli.core.synthesis.cache import VARIABLE
from cli.core.synthesis.synthesize import synthesize
from envs.load import load

Document = dict[str, Any]

COMMAND = (sys.executable, "-P", "-m", "cli.main", "change", "prod", "--since", "HEAD")


def nothing(_document: Document) -> None:
    """Both sides are the same."""


def a_rule(document: Document) -> None:
    """One rule of a security group lets every port in."""
    rules = document["resource"]["aws_vpc_security_group_ingress_rule"]
    rule = rules[next(name for name in rules if name.startswith("messaging_"))]
    rule |= {"from_port": 0, "to_port": 65535}


def a_statement(document: Document) -> None:
    """One role may use every key."""
    policies = document["resource"]["aws_iam_role_policy"]
    policy = policies[next(name for name in policies if name.startswith("purchase-gateway_"))]
    written = json.loads(policy["policy"])
    written["Statement"].append({"Sid": "More", "Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"})
    policy["policy"] = json.dumps(written)


CHANGES: Mapping[str, Callable[[Document], None]] = {
    "nothing": nothing,
    "a rule of a security group": a_rule,
    "a statement of a policy": a_statement,
}


def command_seconds(cache: Path) -> float:
    """Seconds of one run of the command, with a cache."""
    began = time.perf_counter()
    environment = {**os.environ, VARIABLE: str(cache)}
    subprocess.run(COMMAND, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def read(out: Path) -> Snapshot:
    """One side, with everything that is worked out about it alone."""
    made = snapshot("prod", [out / "stacks" / "prod", out / "stacks" / "prod-bootstrap"])
    assert made.network.matrix.rows
    assert made.access.callers
    return made


def difference_seconds(out: Path, change: Callable[[Document], None]) -> tuple[float, float]:
    """Seconds to read both sides of a change, and to compare them."""
    with TemporaryDirectory() as directory:
        changed = Path(directory) / "out"
        shutil.copytree(out, changed)
        file = changed / "stacks" / "prod" / "cdk.tf.json"
        document = json.loads(file.read_bytes())
        change(document)
        file.write_text(json.dumps(document))
        began = time.perf_counter()
        sides = read(out), read(changed)
        middle = time.perf_counter()
        compare(*sides, is_stateful)
        return middle - began, time.perf_counter() - middle


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    print(f"median of {runs} runs, {os.cpu_count()} processors\n")
    first, again = [], []
    for _ in range(runs):
        with TemporaryDirectory() as cache:
            first.append(command_seconds(Path(cache)))
            again.append(command_seconds(Path(cache)))
    print("| `infra change prod --since HEAD` | seconds |\n|---|--:|")
    print(f"| empty cache | {median(first):.2f} |\n| with what the first run kept | {median(again):.2f} |\n")
    print("| change of prod | both sides | difference |\n|---|--:|--:|")
    with TemporaryDirectory() as directory:
        synthesize(load("prod"), Path(directory))
        for name, change in CHANGES.items():
            measured = [difference_seconds(Path(directory), change) for _ in range(runs)]
            both, difference = (median(each[at] for each in measured) for at in (0, 1))
            print(f"| {name} | {both:.2f} s | {difference:.2f} s |")


if __name__ == "__main__":
    main()
