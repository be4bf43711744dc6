"""`infra env`."""

from __future__ import annotations

import json

from click.testing import CliRunner, Result
from ruamel.yaml import YAML

from cli.main import toolkit
from envs.load import environments, load
from envs.settings import Settings
from tests.support.helpers import ENVIRONMENTS, ROOT


def run(*arguments: str) -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(toolkit, ["env", *arguments])


def test_list_shows_a_line_per_environment_in_the_order_of_promotion() -> None:
    result = run("list")
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.output.splitlines()] == ["environment", "dev", "staging", "prod"]


def test_list_as_data() -> None:
    rows = json.loads(run("list", "--json").output)
    assert [row["environment"] for row in rows] == list(environments())
    assert rows[0]["region"] == "us-east-1"


def test_show_prints_settings_that_the_file_leaves_out() -> None:
    data = YAML(typ="safe").load(run("show", "dev").output)
    assert "vpc_cidr" not in (ENVIRONMENTS / "dev.yaml").read_text()
    assert data["network"]["vpc_cidr"] == "10.0.0.0/16"
    assert data["state"] == {"bucket": "meals-dev-state-111111111111", "key": "dev/terraform.tfstate"}


def test_show_prints_the_same_as_yaml_and_as_json() -> None:
    for environment in environments():
        as_json = json.loads(run("show", environment, "--json").output)
        assert YAML(typ="safe").load(run("show", environment).output) == as_json


def test_what_show_prints_is_a_complete_environment_file() -> None:
    data = YAML(typ="safe").load(run("show", "prod").output)
    settings = load("prod")
    state = settings.state.model_copy(update={"bucket": settings.state_bucket, "key": settings.state_key})
    assert Settings.model_validate(data) == settings.model_copy(update={"state": state})


def test_show_of_an_unknown_environment_names_those_there_are() -> None:
    result = run("show", "prd")
    assert result.exit_code == 64
    assert "there is no environment 'prd'. Environments: dev, staging, prod. Did you mean 'prod'?" in result.output


def test_schema_is_the_file_that_editors_read() -> None:
    assert run("schema").output == (ROOT / "envs" / "schema.json").read_text()
