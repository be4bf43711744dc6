"""Terraform's own plan of a configuration describes the same network as the configuration itself."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from policies.library.terraform.load import load_directory
from policies.library.terraform.plan import load_plan
from policies.reachability.network import Network
from policies.reachability.read import read
from tests.support.programs import without
from tests.support.reachability_text import CASES, assumed, reached

MODULES = ("three_tiers", "joined_networks", "load_balancers")

PROVIDER = """
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}
"""

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
    init = run(terraform, directory, "init", "-backend=false", "-input=false")
    if init.returncode:
        without("terraform", f"terraform has no AWS provider: {init.stderr.strip()}")
    made = run(terraform, directory, "plan", "-input=false", "-refresh=false", "-out=plan")
    assert made.returncode == 0, made.stderr
    plan: Any = json.loads(run(terraform, directory, "show", "-json", "plan").stdout)
    return read(load_plan(plan, "plan.json"))


def run(terraform: str, directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run terraform without colours."""
    variables = {**os.environ, "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}
    command = [terraform, *arguments, "-no-color"] if arguments[0] != "show" else [terraform, *arguments]
    return subprocess.run(
        command, cwd=directory, env=variables, capture_output=True, text=True, timeout=600, check=False
    )


def test_a_plan_describes_the_network_of_its_configuration(planned: Network, directory: Path) -> None:
    configuration, unreadable = load_directory(directory)
    assert not unreadable
    written = read(configuration)
    assert sorted(planned.nodes) == sorted(written.nodes)
    assert reached(planned) == reached(written)
    assert len(reached(planned)) > 40
    assert assumed(planned) == assumed(written) == []
