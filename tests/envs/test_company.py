"""The company's file: what environments take from it, what they say themselves, and how a mistake in it is told."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from envs.errors import Problem, SettingsError
from envs.load import environments, load, load_all, load_parents
from envs.settings.company import Company, completed
from tests.support.helpers import ENVIRONMENTS

COMPANY = """\
project: soup
domain_name: soup.example
apex_environment: prod
region: eu-west-1
repository: soup/infrastructure
"""

OWN = (
    r"^domain_name: .*\n",
    r"^  credentials_secret_name: .*\n",
    r"^  metrics_export:\n    api_key_secret_name: .*\n",
    r"^    tableau_external_id: .*\n",
    r"^  - name: sign-in-keys(.*\n){3}",
    r"^delivery:\n  repository: .*\n",
)
"""What the tests' environments say themselves."""


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """The three environments without what a company can say for them, and a company."""
    for path in ENVIRONMENTS.glob("*.yaml"):
        text = path.read_text()
        for pattern in OWN:
            text = re.sub(pattern, "", text, flags=re.MULTILINE)
        (tmp_path / path.name).write_text(text)
    (tmp_path / "company.yaml").write_text(COMPANY)
    return tmp_path


def failure(directory: Path, environment: str | None = None) -> tuple[Problem, ...]:
    with pytest.raises(SettingsError) as caught:
        load(environment, directory=directory) if environment else load_all(directory)
    return caught.value.problems


def write(directory: Path, old: str, new: str, file: str = "company.yaml") -> None:
    path = directory / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_one_file_names_the_company_the_domain_and_the_region(directory: Path) -> None:
    dev, staging, prod = load_all(directory)
    assert [each.domain_name for each in (dev, staging, prod)] == [
        "dev.soup.example",
        "staging.soup.example",
        "soup.example",
    ]
    assert {(each.project, each.region) for each in (dev, staging, prod)} == {("soup", "eu-west-1")}
    assert dev.network.zones == ("eu-west-1a", "eu-west-1b", "eu-west-1c")
    assert dev.delivery
    assert dev.delivery.repository == "soup/infrastructure"
    assert dev.broker.credentials_secret_name == "soup/dev/broker"
    assert dev.streaming.metrics_export.api_key_secret_name == "soup/dev/datadog"
    assert dev.streaming.reporting.tableau_external_id == "soup-dev-reporting"
    assert dev.channels[-1].domains == ("public-keys.auth.elb.eu-west-1.amazonaws.com",)
    assert [parent.environment for parent in load_parents(dev, directory=directory)] == ["prod"]


def test_what_an_environment_says_itself_counts(directory: Path) -> None:
    write(
        directory,
        "environment: dev\n",
        "environment: dev\nproject: stew\nregion: ca-central-1\ndomain_name: x.example\ndelivery: null\n",
        "dev.yaml",
    )
    dev = load("dev", directory=directory)
    assert (dev.project, dev.region, dev.domain_name, dev.delivery) == ("stew", "ca-central-1", "x.example", None)
    assert dev.network.zones == ("ca-central-1a", "ca-central-1b", "ca-central-1d")
    assert dev.broker.credentials_secret_name == "stew/dev/broker"


def test_zones_of_the_company_are_those_of_its_region(directory: Path) -> None:
    with (directory / "company.yaml").open("a") as file:
        file.write("zones: [eu-west-1c, eu-west-1a]\n")
    assert load("dev", directory=directory).network.zones == ("eu-west-1c", "eu-west-1a")
    write(directory, "environment: dev\n", "environment: dev\nregion: us-west-2\n", "dev.yaml")
    assert load("dev", directory=directory).network.zones == ("us-west-2a", "us-west-2b", "us-west-2c")
    write(directory, "region: eu-west-1", "region: eu-west-2")
    problems = failure(directory, "staging")
    assert [(problem.key, problem.line) for problem in problems] == [("zones[0]", 6), ("zones[1]", 6)]
    assert problems[0].allowed == "a zone of eu-west-2: eu-west-2a, eu-west-2b, eu-west-2c"
    assert problems[0].hint == "Without zones, the first 3 are taken."


@pytest.mark.parametrize(
    ("old", "new", "key", "received"),
    [
        ("project: soup", "project: Soup", "project", "Soup"),
        ("region: eu-west-1", "region: eu-west-9", "region", "eu-west-9"),
        ("project: soup", "projekt: soup", "projekt", "an unknown key"),
        ("project: soup\n", "", "project", "no value"),
        ("apex_environment: prod", "apex_environment: company", "apex_environment", "company"),
    ],
)
def test_a_mistake_in_the_companys_file(directory: Path, old: str, new: str, key: str, received: str) -> None:
    write(directory, old, new)
    problem = next(each for each in failure(directory) if each.key == key)
    assert (Path(problem.file).name, problem.received) == ("company.yaml", received)
    assert problem.line
    problems = failure(directory)
    assert len(set(problems)) == len(problems), "it is told once, not with every environment"


def test_a_rule_between_keys_names_the_file_that_has_the_value(directory: Path) -> None:
    write(directory, "project: soup", "project: sixteen-letters")
    (directory / "load-testing.yaml").write_text(
        (directory / "dev.yaml").read_text().replace("environment: dev", "environment: load-testing")
    )
    (problem,) = failure(directory, "load-testing")
    assert (Path(problem.file).name, problem.line, problem.key) == ("company.yaml", 1, "project")


def test_what_nobody_says_is_asked_for_where_it_can_stand(directory: Path) -> None:
    (directory / "company.yaml").unlink()
    problem = next(each for each in failure(directory, "dev") if each.key == "region")
    assert (Path(problem.file).name, problem.hint) == ("dev.yaml", "company.yaml can have it for all environments.")


def test_no_environment_is_called_company(directory: Path) -> None:
    assert environments(directory) == ("dev", "staging", "prod")
    (problem,) = failure(directory, "company")
    assert problem.allowed == "one of dev, staging, prod"


def test_two_environments_with_one_domain(directory: Path) -> None:
    write(directory, "environment: dev\n", "environment: dev\ndomain_name: staging.soup.example\n", "dev.yaml")
    (problem,) = failure(directory, "staging")
    assert (Path(problem.file).name, problem.allowed) == ("company.yaml", "a name of its own, not that of dev")


@pytest.mark.parametrize("value", [None, 5, "x", [], [1], {"a": 1}])
def test_data_of_another_form_stays(value: Any) -> None:
    company = Company.model_validate(YAML(typ="safe", pure=True).load(COMPANY))
    keys = ("project", "region", "network", "channels", "broker", "streaming", "delivery")
    result = completed(dict.fromkeys(keys, value), company, "dev")
    assert result["broker"] in (value, {"a": 1, "credentials_secret_name": "soup/dev/broker"}) or value == {"a": 1}
    assert result["project"] == result["region"] == value


def test_the_file_without_a_company_is_complete(tmp_path: Path) -> None:
    for path in ENVIRONMENTS.glob("*.yaml"):
        shutil.copy(path, tmp_path)
    (tmp_path / "company.yaml").unlink()
    write(tmp_path, "environment: dev\n", "environment: dev\nproject: meals\nregion: us-east-1\n", "dev.yaml")
    assert load("dev", directory=tmp_path) == load("dev")
