"""Reading environments from files: which there are, what they hold, and how a failure is told."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from envs.errors import Problem, SettingsError
from envs.load import environments, load, load_all, load_parents, parse
from tests.support.helpers import ENVIRONMENTS

Problems = Callable[..., tuple[Problem, ...]]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A copy of the three environments."""
    for path in ENVIRONMENTS.glob("*.yaml"):
        shutil.copy(path, tmp_path)
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def failure(directory: Path, environment: str | None = None) -> tuple[Problem, ...]:
    with pytest.raises(SettingsError) as caught:
        load(environment, directory=directory) if environment else load_all(directory)
    return caught.value.problems


def test_environments_come_in_the_order_of_promotion_then_sorted(directory: Path) -> None:
    for name in ("load-test", "alpha", ".hidden"):
        (directory / f"{name}.yaml").touch()
    assert environments(directory) == ("dev", "staging", "prod", "alpha", "load-test")


def test_the_environments_of_the_project_load() -> None:
    assert [settings.environment for settings in load_all()] == ["dev", "staging", "prod"]
    assert load("prod").stateful_protection
    assert load("prod").network.subnet_cidrs(3) == ("10.0.5.0/24", "10.0.6.0/24")
    assert load("prod").network.zone_of(3) == "us-east-1c"


def test_every_environment_has_the_one_broker_the_design_gives_it() -> None:
    assert [settings.broker.deployment_mode for settings in load_all()] == [
        "SINGLE_INSTANCE",
        "CLUSTER_MULTI_AZ",
        "CLUSTER_MULTI_AZ",
    ]


def test_an_unknown_environment_is_told_with_those_there_are(directory: Path) -> None:
    (problem,) = failure(directory, "prdo")
    assert problem.received == 'the environment "prdo"'
    assert problem.allowed == "one of dev, staging, prod"
    assert problem.hint == "Did you mean prod?"


@pytest.mark.parametrize("name", ["../envs/dev", "/etc/passwd", "", ".", "dev.yaml"])
def test_a_name_never_leads_out_of_the_directory(directory: Path, name: str) -> None:
    with pytest.raises(SettingsError, match="received the environment"):
        load(name, directory=directory)


def test_a_directory_without_environments_says_so(tmp_path: Path) -> None:
    (problem,) = failure(tmp_path / "nowhere", "dev")
    assert problem.allowed == "none, because there is no file *.yaml"


def test_a_file_that_cannot_be_read_is_named(directory: Path) -> None:
    (directory / "other.yaml").mkdir()
    (problem,) = failure(directory, "other")
    assert problem.file.endswith("other.yaml")
    assert problem.received == "an error: Is a directory"


def test_files_are_named_from_the_working_directory(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (directory / "dev.yaml").write_text("")
    assert failure(directory, "dev")[0].file == str(directory / "dev.yaml")
    monkeypatch.chdir(directory.parent)
    assert failure(directory, "dev")[0].file == f"{directory.name}/dev.yaml"


def test_the_name_in_the_file_is_that_of_the_file(directory: Path) -> None:
    shutil.copy(directory / "prod.yaml", directory / "production.yaml")
    (problem,) = failure(directory, "production")
    assert (problem.line, problem.key, problem.received) == (3, "environment", "prod")
    assert problem.allowed == "production, the name of the file without .yaml"


def test_everything_wrong_with_a_file_is_told_at_once_in_its_order(problems_with: Problems, removed: Any) -> None:
    found = problems_with(
        {
            "account_id": 333333333333,
            "release.kafka_version": removed,
            "network.replicas": "3",
            "servers.core.max_size": 1,
            "broker.engin": "rabbitmq",
            "channels.4.domains": [],
        }
    )
    assert [each.key for each in found] == [
        "account_id",
        "release.kafka_version",
        "network.replicas",
        "servers.core.max_size",
        "broker.engin",
        "channels[4].domains",
    ]
    assert all(each.file == "prod.yaml" and each.line and each.column and each.allowed for each in found)


def test_an_error_reads_as_one_line_that_an_editor_can_follow(problems_with: Problems) -> None:
    (problem,) = problems_with({"network.replicas": 300})
    assert str(problem) == (
        "prod.yaml:18:13: network.replicas: received 300; allowed: 1 to 127: 10.0.0.0/16 holds 127 pairs of /24 "
        "subnets. Take a larger vpc_cidr or a longer subnet_prefix_length before the first apply; both are fixed after "
        "it."
    )
    assert str(SettingsError([problem, problem])) == f"{problem}\n{problem}"


@pytest.mark.parametrize(
    ("changes", "key", "received", "allowed", "hint"),
    [
        (
            {"network.replicaz": 2},
            "network.replicaz",
            "an unknown key",
            "one of dns_firewall, ",
            "Did you mean replicas?",
        ),
        ({"replicas": 2}, "replicas", "an unknown key", "one of account_id, ", "There is network.replicas."),
        ({"zzz": 2}, "zzz", "an unknown key", "one of account_id, ", ""),
        ({"network.replicas": "2"}, "network.replicas", "2", "a whole number, 1 or more", "Remove the quotes."),
        ({"network.replicas": 2.0}, "network.replicas", "2.0", "a whole number, 1 or more", ""),
        ({"network.replicas": True}, "network.replicas", "true", "a whole number, 1 or more", ""),
        ({"network.replicas": None}, "network.replicas", "null", "a whole number, 1 or more", ""),
        ({"network.replicas": []}, "network.replicas", "a list", "a whole number, 1 or more", ""),
        ({"network": 1}, "network", "1", "a mapping with the keys dns_firewall, ", ""),
        (
            {"stateful_protection": "yes"},
            "stateful_protection",
            "yes",
            "true or false",
            "YAML 1.2 has no other words for them.",
        ),
        ({"keys.deletion_window_days": 31}, "keys.deletion_window_days", "31", "a whole number from 7 to 30", ""),
        (
            {"network.dns_firewall.action": "blok"},
            "network.dns_firewall.action",
            "blok",
            "one of block, alert",
            "Did you mean block?",
        ),
        ({"network.flow_log_retention_days": 100}, "network.flow_log_retention_days", "100", "one of 1, 3, 5, 7", ""),
        (
            {"release.broker_engine_version": 3.13},
            "release.broker_engine_version",
            "3.13",
            "an Amazon MQ engine version",
            'Put it in quotes: "3.13".',
        ),
        (
            {"network.zones": "us-east-1a"},
            "network.zones",
            "us-east-1a",
            "a list of at least 1",
            "Write a list of one entry: [us-east-1a].",
        ),
        ({"network.zones": []}, "network.zones", "a list", "a list of at least 1", ""),
        (
            {"network.zones": ["us-east-1a", 2]},
            "network.zones[1]",
            "2",
            "the name of an availability zone",
            'Put it in quotes: "2".',
        ),
        ({"notifications.topics.Late": {}}, "notifications.topics.Late", "the key Late", "a name of up to 64", ""),
        ({"release.features.swap": 1}, "release.features.swap", "1", "true or false", ""),
        ({"edge.protected_paths": list("abcdef")}, "edge.protected_paths", "a list", "a list of 1 to 5 entries", ""),
    ],
)
def test_a_value_of_another_kind(
    problems_with: Problems, changes: dict[str, Any], key: str, received: str, allowed: str, hint: str
) -> None:
    (problem,) = [each for each in problems_with(changes) if each.key == key]
    assert problem.received.strip("\"'") == received
    assert problem.allowed.startswith(allowed)
    assert problem.hint == hint


def test_a_key_with_the_name_that_marks_keys(problems_with: Problems) -> None:
    found = problems_with({"release.features": {"[key]": 3}})
    assert sorted(each.received for each in found) == ["3", "the key [key]"]


@pytest.mark.parametrize(
    "key",
    [
        "environment",
        "account_id",
        "stateful_protection",
        "release",
        "release.ami",
        "release.application_version",
        "release.broker_engine_version",
        "release.kafka_version",
        "broker.deployment_mode",
        "streaming.reporting.tableau_principal_arn",
    ],
)
def test_a_required_key_that_is_missing(problems_with: Problems, removed: Any, key: str) -> None:
    (problem,) = problems_with({key: removed})
    assert problem.key == key
    assert problem.received == "no value"
    assert problem.allowed.startswith("a value: the key is required (")
    assert problem.line


def test_an_account_id_without_quotes_is_explained(problems_with: Problems) -> None:
    (problem,) = problems_with({"account_id": 12345678901})
    assert problem.hint == "Put it in quotes: as a number it loses leading zeros."


def test_what_two_environments_must_not_share(directory: Path) -> None:
    edit(directory / "staging.yaml", "staging.meals.example", "dev.meals.example")
    edit(directory / "staging.yaml", "\n\nnetwork:", "\n\nstate:\n  bucket: states\n  key: all\n\nnetwork:")
    edit(directory / "prod.yaml", "\n\nnetwork:", "\n\nstate:\n  bucket: states\n  key: all\n\nnetwork:")
    edit(directory / "staging.yaml", '"222222222222"', '"333333333333"')
    edit(directory / "staging.yaml", "\n\n# The systems", "\n  sms:\n    monthly_spend_limit_usd: 5\n\n# The systems")
    found = [(Path(each.file).stem, each.key, each.allowed) for each in failure(directory)]
    assert found == [
        ("staging", "domain_name", "a name of its own, not that of dev"),
        ("prod", "state", "a state of its own, not that of staging"),
        (
            "prod",
            "notifications.sms",
            "null, because staging owns the SMS preferences of account 333333333333 in us-east-1",
        ),
    ]


def test_environments_may_share_an_account(directory: Path) -> None:
    edit(directory / "staging.yaml", '"222222222222"', '"111111111111"')
    assert len(load_all(directory)) == 3


def test_problems_of_all_files_are_told_at_once(directory: Path) -> None:
    edit(directory / "dev.yaml", "replicas: 2", "replicas: 0")
    (directory / "prod.yaml").write_text("")
    assert [Path(each.file).stem for each in failure(directory)] == ["dev", "prod"]


def test_a_text_is_parsed_without_a_file() -> None:
    text = (ENVIRONMENTS / "dev.yaml").read_bytes()
    assert parse(text, environment="dev", file="dev.yaml") == load("dev")


def test_a_domain_is_one_environments_alone(directory: Path) -> None:
    edit(directory / "dev.yaml", "dev.meals.example", "staging.meals.example")
    (problem,) = failure(directory, "dev")
    assert (problem.key, problem.allowed) == ("domain_name", "a name of its own, not that of staging")
    (directory / "staging.yaml").write_text("staging.meals.example: [")
    assert load("dev", directory=directory).domain_name == "staging.meals.example"
    (directory / "staging.yaml").write_text("domain_name: 5 # not staging.meals.example")
    assert load("dev", directory=directory).domain_name == "staging.meals.example"


def test_a_file_with_the_suffix_yml_is_an_error(directory: Path) -> None:
    (directory / "prod.yaml").rename(directory / "qa.yml")
    (alone,) = failure(directory, "qa")
    (among_all,) = failure(directory)
    assert alone.hint == among_all.hint == "Rename qa.yml to qa.yaml."
    assert (Path(among_all.file).name, among_all.allowed) == ("qa.yml", "the suffix .yaml")


def test_only_files_of_domains_above_are_checked_for_parents(directory: Path) -> None:
    edit(directory / "staging.yaml", "replicas: 2", "replicas: 0")
    dev = load("dev", directory=directory)
    assert [parent.environment for parent in load_parents(dev, directory=directory)] == ["prod"]
    assert load_parents(load("prod", directory=directory), directory=directory) == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("replicas: 3", "replicas: 0"),
        ("domain_name: meals.example", "domain_name: Meals.example"),
        ("domain_name: meals.example", "domain_name: 7"),
    ],
)
def test_what_is_wrong_with_a_parent_is_told(directory: Path, old: str, new: str) -> None:
    edit(directory / "prod.yaml", old, new)
    with pytest.raises(SettingsError) as caught:
        load_parents(load("dev", directory=directory), directory=directory)
    assert {Path(problem.file).stem for problem in caught.value.problems} == {"prod"}
