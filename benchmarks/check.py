"""Measures `infra check` of all environments beside stock cdktf and stock checkov.

    .venv/bin/python -m benchmarks.check [--runs 3] [--patches]

Stock is what a user of both has without this project: one synthesis of all environments whose bindings are imported as
they come, then `checkov` with the same rules, once per stack or once on all. The ways take turns. Each gets the same
Node, the same filled caches of packages and bytecode, and must pass. `--patches` measures what the gate's worker takes
without each of its patches of checkov: the least of all runs, which other work on the machine changes least.
"""

from __future__ import annotations

import argparse
import datetime
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.bindings import ROOT, Measurement, median, node_version, run, stock_environment, worked
from cli.core.gate.model import Request
from cli.core.gate.process import CHECKS
from cli.core.gate.protocol import Job, encode
from cli.core.gate.worker.forks import processors
from envs.load import load_all

ENVIRONMENTS = [settings.environment for settings in load_all()]

STOCK_SYNTHESIS = """
import sys
from pathlib import Path
import cdktf_cdktf_provider_aws
import main
from envs.load import load_all
main.synthesize(load_all(), Path(sys.argv[1]))
"""
"""The root of the bindings is imported first, so that nothing of theirs is replaced."""

STOCK_CHECKOV = ["-m", "checkov.main", "--framework", "terraform_json", "--external-checks-dir", str(CHECKS)]
STOCK_CHECKOV += ["--skip-download", "--quiet", "--compact"]

OFFLINE = {"BC_SKIP_MAPPING": "TRUE", "CKV_SKIP_PACKAGE_UPDATE_CHECK": "true"}

PATCH = """
import gc, sys
from pathlib import Path
from cli.core.gate.worker import scan
install_stubs = scan.install_stubs
def install():
    {stubs}
    from cli.core.gate.worker import json_paths, scanner
    {patch}
gc.disable()
vars(scan)["install_stubs"] = install
{setting}
scan.main(1, Path(sys.argv[1]))
"""

ONE_AT_A_TIME = "vars(scan)['processors'] = lambda: 0"
STOCK_RUNNER = "from checkov.terraform_json.runner import TerraformJsonRunner as Stock"
PATCHES: Mapping[str, Mapping[str, str]] = {
    "as it is": {},
    "without import_stubs": {"stubs": "pass"},
    "without json_runner": {"patch": f"{STOCK_RUNNER}; vars(scanner)['RUNNERS']['terraform_json'] = Stock"},
    "without json_paths": {"patch": "vars(json_paths)['install'] = lambda: None"},
    "several scans at once": {"setting": ""},
}
"""What is changed in the worker. But for the last, scans run one after another: at once, they slow each other down."""


def infra_check(cache: Path) -> Measurement:
    """`infra check` with a cache of syntheses that is empty or not."""
    environment = {**stock_environment(), "INFRA_CACHE_DIRECTORY": str(cache)}
    return run([str(ROOT / "infra"), "check"], environment)


def stock() -> Mapping[str, Measurement]:
    """The synthesis of all environments, and then checkov in one of two ways."""
    with tempfile.TemporaryDirectory() as directory:
        environment = {**stock_environment(), **OFFLINE, "PYTHONPATH": str(ROOT)}
        stacks = Path(directory, "stacks")
        synthesis = run([sys.executable, "-c", STOCK_SYNTHESIS, directory], environment)
        names = sorted(path.name for path in stacks.iterdir())
        scans = {"per stack": [stacks / name for name in names], "once on all": [stacks]}
        return {
            f"stock, checkov {way}": together(
                [
                    synthesis,
                    *(
                        run([sys.executable, *STOCK_CHECKOV, "--directory", str(path)], environment, cwd=stacks)
                        for path in paths
                    ),
                ]
            )
            for way, paths in scans.items()
        }


def together(parts: Sequence[Measurement]) -> Measurement:
    """Several commands, one after the other."""
    seconds, megabytes, work = zip(*parts, strict=True)
    return Measurement(sum(seconds), max(megabytes), sum(work))


def compare(runs: int) -> None:
    """Print a table of the ways, with the ratios to this project's.

    One run before them fills the caches of packages and bytecode.
    """
    measured: dict[str, list[Measurement]] = {}
    with tempfile.TemporaryDirectory() as cache:
        infra_check(Path(cache))
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as cache:
            ours = {"infra check": infra_check(Path(cache)), "infra check, nothing changed": infra_check(Path(cache))}
        for way, measurement in {**stock(), **ours}.items():
            measured.setdefault(way, []).append(measurement)
    check = median(measured["infra check"])
    print(f"\n{len(ENVIRONMENTS)} environments, medians of {runs} runs\n")
    print("| way | seconds | ratio | processor seconds | ratio | memory | ratio |\n|---|---|---|---|---|---|---|")
    for way, results in measured.items():
        seconds, megabytes, work = median(results)
        print(
            f"| {way} | {seconds:.1f} | {seconds / check.seconds:.1f} | {work:.1f} | {work / check.work:.1f} "
            f"| {megabytes:.0f} MB | {megabytes / check.megabytes:.1f} |",
            flush=True,
        )


def patches(runs: int) -> None:
    """Print what the worker takes without each of its patches, as ratios to what it takes as it is."""
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run([ROOT / "infra", "synth", "--out", directory], check=True, capture_output=True)
        jobs = b"".join(map(encode, _jobs(Path(directory))))
        measured: dict[str, list[tuple[float, float]]] = {name: [] for name in PATCHES}
        for _ in range(runs):
            for name, results in measured.items():
                results.append(_worker(PATCHES[name], jobs))
    middle = {name: [min(values) for values in zip(*results, strict=True)] for name, results in measured.items()}
    print(f"\nThe gate's worker on {len(ENVIRONMENTS)} environments, the least of {runs} runs\n")
    print("| | seconds | ratio | processor time | ratio |\n|---|---|---|---|---|")
    for name, (seconds, used) in middle.items():
        before, used_before = middle["as it is"]
        print(
            f"| {name} | {seconds:.2f} | {seconds / before:.2f} | {used:.2f} | {used / used_before:.2f} |", flush=True
        )


def _jobs(directory: Path) -> Sequence[Job]:
    """A job for each environment."""
    today = datetime.date.today()
    return [
        Job(framework="terraform_json", root=directory, files=files, request=Request(), today=today)
        for name in ENVIRONMENTS
        for files in [tuple(sorted(directory.glob(f"stacks/{name}*/*.tf.json")))]
    ]


def _worker(patch: Mapping[str, str], jobs: bytes) -> tuple[float, float]:
    """Seconds, and seconds of processors, that a worker takes from its start to its end."""
    text = PATCH.format(**{"stubs": "install_stubs()", "patch": "pass", "setting": ONE_AT_A_TIME, **patch})
    environment = {**os.environ, **OFFLINE, "CHECKOV_PARALLELIZATION_TYPE": "none", "PYTHONPATH": str(ROOT)}
    before, started = worked(), time.perf_counter()
    command = [sys.executable, "-c", text, str(CHECKS)]
    subprocess.run(command, cwd=ROOT, env=environment, input=jobs, check=True, capture_output=True)
    return time.perf_counter() - started, worked() - before


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description="Measure infra check beside stock cdktf and stock checkov.")
    parser.add_argument("--runs", type=int, default=3, help="runs of each way (default: 3)")
    parser.add_argument("--patches", action="store_true", help="measure the patches of the gate's worker instead")
    arguments = parser.parse_args()
    print(f"Python {sys.version.split()[0]}, Node {node_version()}, {processors()} processors")
    if arguments.patches:
        patches(arguments.runs)
    else:
        compare(arguments.runs)


if __name__ == "__main__":
    main()
