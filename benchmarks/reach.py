"""Measures what it takes to say who reaches whom, as the network grows.

    .venv/bin/python -m benchmarks.reach [--runs 5]

Synthesizes prod with more and more subnet replicas, and measures in one process what comes after: to load the
Terraform, to read the network from it, and to work out the matrix of everything that reaches anything. Then it measures
`infra reach` as a process of its own, for more and more instances in 100 subnets, as ratios to the fewest in one run.
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

from benchmarks.bindings import ROOT, Measurement, median, run
from policies.library.model import Configuration
from policies.library.terraform.load import load_directory
from policies.reachability.matrix import Matrix, matrix
from policies.reachability.network import Network
from policies.reachability.read import read

_T = TypeVar("_T")

REPLICAS = (1, 2, 3, 10, 40)
INSTANCES = (100, 1_000, 10_000)
SUBNETS = 100

VPC = """
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/8"
}
resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}
resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}
"""
GROUP = """
resource "aws_security_group" "{name}" {{
  vpc_id = aws_vpc.main.id
  ingress {{
    protocol    = "tcp"
    from_port   = {port}
    to_port     = {port}
    cidr_blocks = ["{peers}"]
  }}
  egress {{
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }}
}}
"""
SUBNET = """
resource "aws_subnet" "s{number}" {{
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.{number}.0/24"
}}
resource "aws_route_table_association" "s{number}" {{
  subnet_id      = aws_subnet.s{number}.id
  route_table_id = aws_route_table.public.id
}}
"""
INSTANCE = """
resource "aws_instance" "i{number}" {{
  ami                         = "ami-12345678"
  instance_type               = "t3.micro"
  subnet_id                   = aws_subnet.s{subnet}.id
  associate_public_ip_address = {is_public}
  vpc_security_group_ids      = [aws_security_group.{group}.id]
}}
"""


def estate(instances: int) -> str:
    """Terraform with so many instances of ten kinds in 100 subnets, every fourth one with a public address."""
    groups = [("web", 443, "0.0.0.0/0"), *((f"app{number}", 8000 + number, "10.0.0.0/8") for number in range(9))]
    parts = [VPC, *(GROUP.format(name=name, port=port, peers=peers) for name, port, peers in groups)]
    parts += [SUBNET.format(number=number) for number in range(SUBNETS)]
    parts += [
        INSTANCE.format(
            number=number,
            subnet=number % SUBNETS,
            is_public=str(number % 4 == 0).lower(),
            group=groups[number // SUBNETS % len(groups)][0],
        )
        for number in range(instances)
    ]
    return "".join(parts)


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


def afresh(network: Network) -> Matrix:
    """The matrix of a network about which nothing was worked out before: what was, is kept with the object."""
    return matrix(replace(network))


def seconds(runs: int, work: Callable[[], _T], clock: Callable[[], float] = time.perf_counter) -> tuple[float, _T]:
    """The median of so many runs by a clock, and what the last one gave."""
    taken = []
    for _ in range(runs):
        before = clock()
        found = work()
        taken.append(clock() - before)
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
    print(f"\n`infra reach`, instances in {SUBNETS} subnets\n")
    titles = ("instances", "question", "seconds", "ratio", "processor seconds", "ratio", "memory", "ratio")
    print(f"| {' | '.join(titles)} |\n|{'---|' * len(titles)}")
    fewest: dict[tuple[str, ...], Measurement] = {}
    for instances in INSTANCES:
        with TemporaryDirectory() as directory:
            Path(directory, "main.tf").write_text(estate(instances))
            for asked in ((), ("--from", "i0"), ("--from", "0.0.0.0/0", "--to", "i0", "--port", "22")):
                command = [str(ROOT / "infra"), "reach", directory, *asked]
                taken = median([run(command, os.environ) for _ in range(runs)])
                first = fewest.setdefault(asked, taken)
                ratios = [f"{one / other:.1f}" for one, other in zip(taken, first, strict=True)]
                print(
                    f"| {instances} | {' '.join(asked) or 'all'} | {taken.seconds:.2f} | {ratios[0]} "
                    f"| {taken.work:.2f} | {ratios[2]} | {taken.megabytes:.0f} MB | {ratios[1]} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
