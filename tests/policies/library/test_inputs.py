"""Values that are given on the command line, and files that are not read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from policies.library.gaps import GapKind
from policies.library.terraform.inputs import NO_INPUTS, BadInput, Inputs
from policies.library.terraform.load import load_directory
from policies.library.values import UnknownValue, Value
from tests.support.helpers import write_files

_MAIN = """
variable "text" {
  type    = string
  default = "default"
}
variable "list" {
  type    = list(number)
  default = []
}
variable "any" {
  default = "default"
}
resource "aws_x" "y" {
  text      = var.text
  list      = var.list
  any       = var.any
  workspace = terraform.workspace
}
"""


def _attributes(tmp_path: Path, inputs: Inputs, files: Mapping[str, str] | None = None) -> Mapping[str, Value]:
    configuration, unreadable = load_directory(write_files(tmp_path, {"main.tf": _MAIN, **(files or {})}), inputs)
    assert not unreadable
    return configuration.resources["aws_x.y"].attributes


def test_values_of_the_command_line_win_in_their_order(tmp_path: Path) -> None:
    files = {
        "terraform.tfvars": 'text = "automatic"\nany = "automatic"',
        "prod.tfvars": 'text = "file"\nlist = [1]',
        "vars/json.tfvars.json": '{"list": [2], "nobody_declares": 1}',
    }
    attributes = _attributes(
        tmp_path,
        Inputs((("list", "[3, 4]"), tmp_path / "prod.tfvars", tmp_path / "vars/json.tfvars.json", ("text", "8080"))),
        files,
    )
    assert attributes["text"] == "8080"
    assert attributes["list"] == (2,)
    assert attributes["any"] == "automatic"


def test_a_value_is_text_or_an_expression_as_the_variable_s_type_says(tmp_path: Path) -> None:
    attributes = _attributes(tmp_path, Inputs((("list", "[3, 4]"), ("any", "[3]"), ("text", "[3]")), workspace="prod"))
    assert (attributes["list"], attributes["any"], attributes["text"]) == ((3, 4), "[3]", "[3]")
    assert attributes["workspace"] == "prod"


def test_the_workspace_is_unknown_unless_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnknownValue, match="workspace"):
        bool(_attributes(tmp_path, NO_INPUTS)["workspace"])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("nobody", "1"), "is not declared in .*; allowed: any, list, text"),
        (("list", "[1"), "variable list: '\\[1' is no value"),
        (Path("missing.tfvars"), "missing.tfvars: No such file"),
    ],
)
def test_what_does_not_fit_is_refused(given: Path | tuple[str, str], message: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=message):
        _attributes(tmp_path, Inputs((given,)))


def test_files_that_are_not_read_are_named(tmp_path: Path) -> None:
    files = {
        "a.auto.tfvars": "",
        "env/prod.tfvars": "",
        "prod.tfvars.json": "{}",
        "terragrunt.hcl": "",
        "x.tfdeploy.hcl": "",
        ".terraform.lock.hcl": "",
    }
    configuration, _ = load_directory(write_files(tmp_path, files))
    assert [(gap.kind, Path(gap.where).name) for gap in configuration.gaps] == [
        (GapKind.TOOL, "terragrunt.hcl"),
        (GapKind.TOOL, "x.tfdeploy.hcl"),
        (GapKind.VARIABLES, "prod.tfvars"),
        (GapKind.VARIABLES, "prod.tfvars.json"),
    ]
    named, _ = load_directory(tmp_path, Inputs((tmp_path / "prod.tfvars.json",)))
    assert [gap.kind for gap in named.gaps] == [GapKind.TOOL, GapKind.TOOL]
