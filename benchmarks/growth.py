"""Measures how `infra check` grows with environments and with groups of servers.

    .venv/bin/python -m benchmarks.growth [--runs 3]

Each size is a checkout of its own, in which copies of the first environment are added, and further groups of servers
to every environment. The sizes take turns, each with an empty cache of syntheses. What grows linearly takes no more
seconds of processors for each resource than the smallest size: the last column has that as a ratio.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.bindings import ROOT, Measurement, median, node_version, run, stock_environment
from cli.core.gate.worker.forks import processors
from envs.load import environments

SIZES = ((3, 0), (10, 0), (3, 20), (10, 20))
"""Environments, and groups of servers besides the four that each has; the first is the one that others are compared
with."""


class Checkout(NamedTuple):
    """A checkout of one size."""

    root: Path
    environments: int
    groups: int
    resources: int


def main() -> None:
    """Measure every size, and print a table."""
    parser = argparse.ArgumentParser(description="Measure how infra check grows.")
    parser.add_argument("--runs", type=int, default=3, help="runs of each size (default: 3)")
    runs = parser.parse_args().runs
    print(f"Python {sys.version.split()[0]}, Node {node_version()}, {processors()} processors")
    with tempfile.TemporaryDirectory() as directory:
        checkouts = [_checkout(Path(directory, f"{number}-{groups}"), number, groups) for number, groups in SIZES]
        measured: dict[Checkout, list[Measurement]] = {checkout: [] for checkout in checkouts}
        for _ in range(runs):
            for checkout, results in measured.items():
                results.append(_check(checkout.root))
    _print_table({checkout: median(results) for checkout, results in measured.items()}, runs)


def _checkout(root: Path, number: int, groups: int) -> Checkout:
    """Make a checkout with so many environments, and groups of servers in each."""
    ignore = shutil.ignore_patterns("__pycache__")
    for folder in ("cli", "envs", "modules", "policies"):
        shutil.copytree(ROOT / folder, root / folder, ignore=ignore)
    for file in ("cdktf.json", "infra", "main.py", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / file, root)
    first, *others = environments()
    template = (root / "envs" / f"{first}.yaml").read_text()
    for index in range(len(others) + 1, number):
        text = template.replace(f"environment: {first}", f"environment: copy-{index}")
        (root / "envs" / f"copy-{index}.yaml").write_text(text)
    for name in environments(root / "envs"):
        path = root / "envs" / f"{name}.yaml"
        lines = "".join(_groups(groups))
        path.write_text(path.read_text().replace("\nservers:\n", f"\nservers:\n{lines}", 1))
    _infra(root, "synth", "--out", str(root / "out"))  # fills the caches of bytecode, too
    documents = [json.loads(path.read_bytes()) for path in root.glob("out/stacks/*/cdk.tf.json")]
    resources = sum(len(bodies) for document in documents for bodies in document["resource"].values())
    return Checkout(root, number, groups, resources)


def _groups(number: int) -> Iterator[str]:
    """Groups of public servers, as YAML: those that the claims know without a word."""
    if number:
        yield "  groups:\n"
    for index in range(1, number + 1):
        yield f"    group-{index:02}: {{subnets: public, path_prefix: /group-{index:02}, rule_number: {index}, "
        yield "instance_type: t4g.small, modules: [group]}\n"


def _check(root: Path) -> Measurement:
    with tempfile.TemporaryDirectory() as cache:
        return _infra(root, "check", cache=cache)


def _infra(root: Path, *arguments: str, cache: str = "") -> Measurement:
    environment = {
        **stock_environment(),
        "PYTHONPATH": str(root),
        "INFRA_CACHE_DIRECTORY": cache or str(root / "cache"),
    }
    return run([sys.executable, "-P", "-m", "cli.main", *arguments], environment, cwd=root)


def _print_table(measured: dict[Checkout, Measurement], runs: int) -> None:
    (smallest, base), *_ = measured.items()
    print(f"\nmedians of {runs} runs\n")
    print("| environments | further groups | resources | seconds | processor seconds | memory | for each resource |")
    print("|--:|--:|--:|--:|--:|--:|--:|")
    for checkout, (seconds, megabytes, work) in measured.items():
        ratio = (work / checkout.resources) / (base.work / smallest.resources)
        print(
            f"| {checkout.environments} | {checkout.groups} | {checkout.resources} | {seconds:.1f} | {work:.1f} "
            f"| {megabytes:.0f} MB | {ratio:.2f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
