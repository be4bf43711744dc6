"""Measures what it takes to say who reaches whom, as the network grows.

    .venv/bin/python -m benchmarks.reach [--runs 5]

Synthesizes prod with more and more subnet replicas, and measures in one process what comes after: to load the
Terraform, to read the network from it, and to work out the matrix of everything that reaches anything.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from policies.library.model import Configuration
from policies.library.terraform.load import load_directory
from policies.reachability.matrix import Matrix, matrix
from policies.reachability.network import Network
from policies.reachability.read import read

_T = TypeVar("_T")

REPLICAS = (1, 2, 3, 10, 40)
COPIES = (1, 5, 10, 20)


def synthesize(replicas: int, directory: Path) -> Path:
    """Synthesize prod with a number of subnet replicas; the directory of its stack."""
    from envs.load import load
    from envs.settings import Settings
    from main import synthesize as write

    values = load("prod").model_dump()
    values["network"]["replicas"] = replicas
    write([Settings.model_validate(values)], directory)
    return directory / "stacks" / "prod"


def load_one(directory: Path) -> Configuration:
    """The one configuration of a directory."""
    return load_directory(directory)[0]


def copied(network: Network, copies: int) -> Network:
    """A network with its nodes copied so many times: the same subnets and security groups, and so the same classes."""
    nodes = {
        f"{key}-{copy}": replace(node, key=f"{key}-{copy}", name=f"{node.name}-{copy}")
        for key, node in network.nodes.items()
        for copy in range(copies)
    }
    return replace(network, nodes=nodes, forwards=())


def afresh(network: Network) -> Matrix:
    """The matrix of a network about which nothing was worked out before: what was, is kept with the object."""
    return matrix(replace(network))


def seconds(runs: int, work: Callable[[], _T]) -> tuple[float, _T]:
    """The median of so many runs, and what the last one gave."""
    taken = []
    for _ in range(runs):
        before = time.perf_counter()
        found = work()
        taken.append(time.perf_counter() - before)
    return statistics.median(taken), found


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description="Measure what it takes to say who reaches whom.")
    parser.add_argument("--runs", type=int, default=5, help="runs of each step (default: 5)")
    runs = parser.parse_args().runs
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors, medians of {runs} runs\n")
    print("| replicas | subnets | nodes | answers yes | load | read | matrix |\n|---|---|---|---|---|---|---|")
    for replicas in REPLICAS:
        with TemporaryDirectory() as directory:
            stack = synthesize(replicas, Path(directory))
            load, configuration = seconds(runs, partial(load_one, stack))
        reading, network = seconds(runs, partial(read, configuration))
        working, found = seconds(runs, partial(afresh, network))
        subnets = len({subnet.key for node in network.nodes.values() for subnet in node.subnets})
        print(
            f"| {replicas} | {subnets} | {len(network.nodes)} | {len(found.answers)} "
            f"| {load * 1000:.0f} ms | {reading * 1000:.0f} ms | {working * 1000:.0f} ms |",
            flush=True,
        )
    print("\nThe last network with its nodes copied: more pairs, no more classes\n")
    print("| nodes | pairs | matrix | for each pair |\n|---|---|---|---|")
    for copies in COPIES:
        many = copied(network, copies)
        working, found = seconds(1, partial(afresh, many))
        pairs = len(found.sources) * len(found.targets)
        print(f"| {len(many.nodes)} | {pairs} | {working * 1000:.0f} ms | {working / pairs * 1e6:.0f} us |", flush=True)


if __name__ == "__main__":
    main()
