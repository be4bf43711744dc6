"""Measures the loading of the AWS bindings beside the two ways that others have.

    .venv/bin/python -m benchmarks.bindings [--runs 3] [--growth]

Each run is a process of its own, and the ways take turns, so that what else the machine does falls on all of them.
Seconds are of the whole process; memory is the highest sum over the process and its children, each page counted once
(PSS, which only Linux has).
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from modules.runtime.bindings import kernel_environment, node

ROOT = Path(__file__).resolve().parent.parent

STAND_IN = """
import importlib.util, sys
spec = importlib.util.find_spec("cdktf_cdktf_provider_aws")
sys.modules[spec.name] = importlib.util.module_from_spec(spec)
"""

WITHOUT_HOOKS = """
import os, modules
from pathlib import Path
from modules.runtime import kernel
kernel._HOOKS = Path(os.devnull)
"""

WAYS = {
    "stock import": "",
    "stand-in parent only": STAND_IN,
    "this project without kernel.cjs": WITHOUT_HOOKS,
    "this project": "import modules",
}
"""What is done before the bindings are imported."""

BUILD = """
import sys
from pathlib import Path
from benchmarks import sample_app
sample_app.build(Path(sys.argv[1]), stacks=int(sys.argv[2]), copies=int(sys.argv[3]))
"""

FIXED, PER_COPY = 19, 37
"""Resources of the sample app: in each stack, and in each copy of its service."""


class Measurement(NamedTuple):
    """What one run took."""

    seconds: float
    megabytes: float
    work: float
    """Seconds of processors: what other programs do at the same time hardly changes it."""


def stock_environment() -> dict[str, str]:
    """The variables of every way: the same Node and the same filled cache of packages, so that only loading differs."""
    environment = {**kernel_environment(), "JSII_NODE": node(), "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def measure(way: str, stacks: int, copies: int) -> Measurement:
    """Synthesize the sample app in a process of its own."""
    with tempfile.TemporaryDirectory() as directory:
        command = [sys.executable, "-c", WAYS[way] + BUILD, directory, str(stacks), str(copies)]
        return run(command, stock_environment())


def run(command: Sequence[str], environment: Mapping[str, str], cwd: Path = ROOT) -> Measurement:
    """Run a command that must end well; what it prints is not shown."""
    before, started = worked(), time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(map(kilobytes, tree(process.pid))))
        time.sleep(0.1)  # to look takes time from what is measured
    seconds = time.perf_counter() - started
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)}: exit code {process.returncode}")
    return Measurement(seconds, peak / 1024, worked() - before)


def worked() -> float:
    """Seconds of processors that all children together have used, with theirs."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def tree(pid: int) -> Iterable[int]:
    """A process and all below it."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:  # it has ended
        return
    for child in children:
        yield from tree(int(child))


def kilobytes(pid: int) -> int:
    """The memory of a process, shared pages divided among those that share them."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def median(measurements: Iterable[Measurement]) -> Measurement:
    """The median of each quantity."""
    return Measurement(*map(statistics.median, zip(*measurements, strict=True)))


def compare(stacks: int, copies: int, runs: int) -> None:
    """Print a table of the ways, with the ratios to this project's."""
    measured: dict[str, list[Measurement]] = {way: [] for way in WAYS}
    for _ in range(runs):
        for way, results in measured.items():
            results.append(measure(way, stacks, copies))
    ours = median(measured["this project"])
    resources = FIXED + PER_COPY * copies
    print(f"\n{stacks} x {resources} resources, medians of {runs} runs\n")
    print("| way | seconds | ratio | memory | ratio |\n|---|---|---|---|---|")
    for way, results in measured.items():
        seconds, megabytes, _ = median(results)
        print(
            f"| {way} | {seconds:.1f} | {seconds / ours.seconds:.1f} "
            f"| {megabytes:.0f} MB | {megabytes / ours.megabytes:.1f} |",
            flush=True,
        )


def grow(runs: int) -> None:
    """Print how this project's way grows with the number of resources in one stack."""
    print(f"\nGrowth, one stack, this project, medians of {runs} runs\n")
    print("| resources | seconds | ms for each more | memory |\n|---|---|---|---|")
    before: tuple[int, float] | None = None
    for copies in (0, 17, 34, 68, 135):
        seconds, megabytes, _ = median(measure("this project", 1, copies) for _ in range(runs))
        resources = FIXED + PER_COPY * copies
        more = f"{(seconds - before[1]) / (resources - before[0]) * 1000:.2f}" if before else ""
        print(f"| {resources} | {seconds:.2f} | {more} | {megabytes:.0f} MB |", flush=True)
        before = (resources, seconds)


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description="Measure the loading of the AWS bindings.")
    parser.add_argument("--runs", type=int, default=3, help="runs of each way (default: 3)")
    parser.add_argument("--growth", action="store_true", help="measure growth to 5,000 resources as well")
    arguments = parser.parse_args()
    print(f"Python {sys.version.split()[0]}, Node {node_version()}, {os.cpu_count()} processors")
    for stacks in (1, 3):
        compare(stacks, copies=10, runs=arguments.runs)
    if arguments.growth:
        grow(arguments.runs)


def node_version() -> str:
    """The version of the Node that runs the bindings."""
    return subprocess.run([node(), "--version"], capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    main()
