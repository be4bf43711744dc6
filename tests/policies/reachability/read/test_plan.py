"""Terraform's own plan of a configuration describes the same network as the configuration itself."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from policies.library.terraform.load import load_directory
from policies.library.terraform.plan import load_plan
from policies.reachability.network import Network
from policies.reachability.read import read
from tests.support.reachability_text import CASES, assumed, reached
from tests.support.terraform_plans import PROVIDER, plan_by_terraform

MODULES = ("three_tiers", "hub", "joined_networks", "load_balancers")

LOOKED_UP = """data "aws_vpc_endpoint_service" "s3" {
  service      = "s3"
  service_type = "Gateway"
}
"""
"""What a plan would ask AWS for."""


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root module that calls each case as a module."""
    root = tmp_path_factory.mktemp("plan")
    for name in MODULES:
        (root / name).mkdir()
        shutil.copy(CASES / f"{name}.tf", root / name / "main.tf")
    joined = root / "joined_networks" / "main.tf"
    text = joined.read_text().replace("data.aws_vpc_endpoint_service.s3.service_name", '"com.amazonaws.us-east-1.s3"')
    assert LOOKED_UP in text
    joined.write_text(text.replace(LOOKED_UP, ""))
    calls = "".join(f'module "{name}" {{\n  source = "./{name}"\n}}\n' for name in MODULES)
    (root / "main.tf").write_text(PROVIDER + calls)
    return root


@pytest.fixture(scope="module")
def planned(terraform: str, directory: Path) -> Network:
    """The network of the plan."""
    return read(load_plan(plan_by_terraform(terraform, directory), "plan.json"))


def test_a_plan_describes_the_network_of_its_configuration(planned: Network, directory: Path) -> None:
    configuration, unreadable = load_directory(directory)
    assert not unreadable
    written = read(configuration)
    assert sorted(planned.nodes) == sorted(written.nodes)
    assert reached(planned) == reached(written)
    assert len(reached(planned)) > 40
    assert assumed(planned) == assumed(written)
    assert len(assumed(planned)) == 3, "what the appliance of the hub does, and what else is attached to both gateways"
