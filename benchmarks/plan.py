"""Measures what `infra plan` adds to terraform's own time, and the memory of both.

    .venv/bin/python -m benchmarks.plan [--environment prod] [--runs 3]

The plan is made in a sandbox of its own. A program in front of terraform writes down how long each of its runs takes;
what is left of the whole is the toolkit's: synthesis, both gates, reading and keeping the plan. The first run starts
the sandbox and runs terraform init and is shown by itself; in the last ones the environment stands, and terraform looks
at all of it. Each is measured as it is after `infra check` or an earlier plan, when nothing has changed since, and as
it is after a change, when the constructs run. Memory is the highest sum over `infra` and all below it, terraform and
provider among them, each page counted once (PSS, which only Linux has); the sandbox's server is beside.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from benchmarks.bindings import ROOT, kilobytes, tree

TIMED = """#!/bin/sh
started=$(date +%s.%N)
"{terraform}" "$@"
code=$?
echo "$1 $started $(date +%s.%N)" >> "{times}"
exit $code
"""

NOTHING, CHANGES = 0, 2
"""Exit codes of a plan: with nothing to do, and with something."""


class Measurement(NamedTuple):
    """What one plan took."""

    seconds: float
    terraform: float
    """Seconds of these in which terraform ran."""
    megabytes: float

    @property
    def own_share(self) -> float:
        """The part of the time in which terraform did not run."""
        return 1 - self.terraform / self.seconds


def measure(
    environment: str, directory: Path, variables: dict[str, str], expected: int, *, synthesizes: bool
) -> Measurement:
    """Plan once."""
    times = directory / "times"
    times.write_text("")
    if synthesizes:
        shutil.rmtree(directory / "cache", ignore_errors=True)
    started = time.perf_counter()
    command = [sys.executable, "-m", "cli.main", "plan", environment, "--sandbox"]
    with (directory / "said").open("wb") as said:
        process = subprocess.Popen(command, cwd=ROOT, env=variables, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        peak = 0
        while process.poll() is None:
            peak = max(peak, sum(map(kilobytes, tree(process.pid))))
            time.sleep(0.05)
    seconds = time.perf_counter() - started
    if process.returncode != expected:
        raise SystemExit(f"infra plan ended with {process.returncode}:\n{(directory / 'said').read_text()}")
    runs = [line.split() for line in times.read_text().splitlines()]
    return Measurement(seconds, sum(float(ended) - float(began) for _, began, ended in runs), peak / 1024)


def median(measurements: Iterable[Measurement]) -> Measurement:
    """The median of each quantity."""
    return Measurement(*(statistics.median(each) for each in zip(*measurements, strict=True)))


def infra(*arguments: str, variables: dict[str, str]) -> None:
    """Run a command that must succeed."""
    command = [sys.executable, "-m", "cli.main", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"infra {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}")


def row(name: str, measured: Measurement) -> str:
    """A row of the table."""
    return (
        f"| {name} | {measured.seconds:.1f} | {measured.terraform:.1f} | {measured.own_share:.0%} "
        f"| {measured.megabytes:.0f} MB |"
    )


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description="Measure infra plan beside terraform.")
    parser.add_argument("--environment", default="prod")
    parser.add_argument("--runs", type=int, default=3, help="runs after the first (default: 3)")
    arguments = parser.parse_args()
    terraform = shutil.which("terraform") or shutil.which("tofu")
    if terraform is None:
        raise SystemExit("neither terraform nor tofu is on PATH")
    with tempfile.TemporaryDirectory() as scratch:
        directory = Path(scratch)
        timed = directory / "bin" / Path(terraform).name
        timed.parent.mkdir()
        timed.write_text(TIMED.format(terraform=terraform, times=directory / "times"))
        timed.chmod(0o755)
        variables = {
            **os.environ,
            "PATH": f"{timed.parent}:{os.environ['PATH']}",
            "INFRA_SANDBOX_DIRECTORY": str(directory / "sandbox"),
            "INFRA_CACHE_DIRECTORY": str(directory / "cache"),
        }
        try:

            def planned(expected: int, *, synthesizes: bool) -> Measurement:
                return measure(arguments.environment, directory, variables, expected, synthesizes=synthesizes)

            def both(name: str, expected: int) -> None:
                for how, synthesizes in (("unchanged", False), ("changed", True)):
                    runs = [planned(expected, synthesizes=synthesizes) for _ in range(arguments.runs)]
                    rows.append(row(f"{name}, {how}, median of {arguments.runs}", median(runs)))

            rows = [row("first", planned(CHANGES, synthesizes=True))]
            both("all of it is new", CHANGES)
            infra("apply", arguments.environment, "--sandbox", "--yes", variables=variables)
            both("all of it stands", NOTHING)
        finally:
            infra("sandbox", "reset", variables=variables)
    print(f"infra plan {arguments.environment} --sandbox, {os.cpu_count()} processors\n")
    print("| | seconds | of these terraform | own share | memory |\n|---|---|---|---|---|")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
