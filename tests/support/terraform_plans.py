"""Plans: terraform's own of some HCL, and ones written by hand of a few resources."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.support.programs import run_terraform, without

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
"""The provider, so that it plans without AWS."""


def plan_by_terraform(terraform: str, directory: Path) -> Any:
    """What `terraform show -json` says of the plan of a directory."""
    done = run_terraform(terraform, "init", "-backend=false", "-input=false", cwd=directory)
    if done.returncode:
        without("terraform", f"terraform has no AWS provider: {done.stderr.strip()}")
    done = run_terraform(terraform, "plan", "-input=false", "-refresh=false", "-out=plan", cwd=directory)
    assert done.returncode == 0, done.stderr
    return json.loads(run_terraform(terraform, "show", "-json", "plan", cwd=directory).stdout)


class Planned(NamedTuple):
    """A resource of a plan by its address: values, which of them are unknown, and expressions as configured."""

    address: str
    values: Mapping[str, Any]
    unknown: Mapping[str, Any] | None = None
    expressions: Mapping[str, Any] | None = None


def plan_of(*resources: Planned, changes: Mapping[str, Any] | None = None) -> Any:
    """A plan of some resources, and changes of others by their addresses."""
    named = [_named(each.address) for each in resources]
    unknown = {each.address: {"change": {"after_unknown": each.unknown}} for each in resources if each.unknown}
    values = [{**name, "values": each.values} for name, each in zip(named, resources, strict=True)]
    written = [{**name, "expressions": each.expressions or {}} for name, each in zip(named, resources, strict=True)]
    return {
        "planned_values": {"root_module": {"resources": values}},
        "resource_changes": [
            {"address": address, **change} for address, change in {**unknown, **(changes or {})}.items()
        ],
        "configuration": {"root_module": {"resources": written}},
    }


def _named(address: str) -> dict[str, str]:
    kind, _, name = address.partition(".")
    return {"address": address, "mode": "managed", "type": kind, "name": name}
