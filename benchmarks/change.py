"""Measures what it takes to say what a change opens.

    .venv/bin/python -m benchmarks.change [--runs 5]

Runs `infra change prod` with an empty synthesis cache, since HEAD, of which the constructs are those of the working
tree if nothing was edited, and since the commit before the constructs were changed last; each again with what its first
run kept. Then, in one process, for changes of prod: reading both sides and working out both matrices, and the
difference itself: connections, barriers, permissions and claims.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from cli.core.base import git
from cli.core.base.project import ROOT
from cli.core.change.compare import compare
from cli.core.change.snapshot import Snapshot, snapshot
from cli.core.change.terms import Terms
from cli.core.plans.stateful import is_stateful
from cli.core.synthesis.cache import VARIABLE
from cli.core.synthesis.synthesize import synthesize
from cli.main import NEW_OBJECTS
from envs.load import load
from envs.settings import Settings

Document = dict[str, Any]

COMMAND = (sys.executable, "-P", "-m", "cli.main", "change", "prod", "--since")


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


def an_endpoint(document: Document) -> None:
    """The endpoint of a table lets everything through: every caller may stand there."""
    endpoints = document["resource"]["aws_vpc_endpoint"]
    one = next(each for name, each in endpoints.items() if "dynamodb" in name)
    policy = json.loads(one["policy"])
    policy["Statement"].append({"Sid": "More", "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"})
    one["policy"] = json.dumps(policy)


CHANGES: Mapping[str, Callable[[Document], None]] = {
    "nothing": nothing,
    "a rule of a security group": a_rule,
    "a statement of a policy": a_statement,
    "the policy of an endpoint": an_endpoint,
}


def before_other_constructs() -> str:
    """The commit before the one that changed the constructs last."""
    return f"{git.ask(ROOT, 'log', '-1', '--format=%H', '--', 'modules', 'main.py')}^"


def command_seconds(revision: str, cache: Path) -> tuple[float, float]:
    """Seconds of one run of the command with a cache, and the processor seconds of all its processes."""
    began, busy = time.perf_counter(), _children()
    environment = {**os.environ, VARIABLE: str(cache)}
    subprocess.run([*COMMAND, revision], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began, _children() - busy


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def read(out: Path, settings: Settings) -> Snapshot:
    """One side, with everything that is worked out about it alone."""
    paths = [out / "stacks" / "prod", out / "stacks" / "prod-bootstrap"]
    made = snapshot("prod", paths, terms=Terms("prod", loaded=settings))
    assert made.network.matrix.rows
    assert made.access.callers
    return made


def difference_seconds(out: Path, change: Callable[[Document], None], settings: Settings) -> tuple[float, float]:
    """Processor seconds to read both sides of a change, and to compare them."""
    with TemporaryDirectory() as directory:
        changed = Path(directory) / "out"
        shutil.copytree(out, changed)
        file = changed / "stacks" / "prod" / "cdk.tf.json"
        document = json.loads(file.read_bytes())
        change(document)
        file.write_text(json.dumps(document))
        began = time.process_time()
        sides = read(out, settings), read(changed, settings)
        middle = time.process_time()
        compare(*sides, is_stateful)
        return middle - began, time.process_time() - middle


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    print(f"median of {runs} runs, {os.cpu_count()} processors\n")
    print("| `infra change prod --since ...` | seconds | processor seconds |\n|---|--:|--:|")
    for name, revision in (("HEAD", "HEAD"), ("a revision with other constructs", before_other_constructs())):
        measured: dict[str, list[tuple[float, float]]] = {"empty cache": [], "with what the first run kept": []}
        for _ in range(runs):
            with TemporaryDirectory() as cache:
                for found in measured.values():
                    found.append(command_seconds(revision, Path(cache)))
        for kept, found in measured.items():
            print(f"| {name}, {kept} | {_median(found, 0):.2f} | {_median(found, 1):.2f} |")
    gc.set_threshold(NEW_OBJECTS, 10, 10)  # as the command does
    print("\n| change of prod, processor seconds | both sides | difference |\n|---|--:|--:|")
    with TemporaryDirectory() as directory:
        settings = load("prod")
        synthesize(settings, Path(directory))
        for name, change in CHANGES.items():
            taken = [difference_seconds(Path(directory), change, settings) for _ in range(runs)]
            print(f"| {name} | {_median(taken, 0):.2f} | {_median(taken, 1):.2f} |")


def _median(measured: Sequence[tuple[float, float]], at: int) -> float:
    return median(each[at] for each in measured)


if __name__ == "__main__":
    main()
