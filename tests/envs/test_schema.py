"""The JSON Schema and the reference: current, complete, and as strict as a schema can be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from ruamel.yaml import YAML

from envs import schema
from envs.load import environments
from envs.settings.company import DERIVED, INHERITED
from tests.support.helpers import ENVIRONMENTS

SCHEMA: dict[str, Any] = json.loads(schema.render())


def properties(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every key that the schema knows, with what it says of it."""
    if isinstance(node, dict):
        for name, value in node.get("properties", {}).items():
            yield f"{path}.{name}", value
        for name, value in node.items():
            yield from properties(value, f"{path}/{name}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from properties(value, f"{path}[{index}]")


def errors(data: Any) -> list[str]:
    return [error.json_path for error in Draft202012Validator(SCHEMA).iter_errors(data)]


def data_of(environment: str) -> dict[str, Any]:
    data: dict[str, Any] = YAML(typ="safe", pure=True).load(ENVIRONMENTS / f"{environment}.yaml")
    return data


def test_the_schema_is_current() -> None:
    assert schema.SCHEMA_PATH.read_text(encoding="utf-8") == schema.render(), "run: infra env schema --write"


def test_the_reference_is_current() -> None:
    assert schema.MARKDOWN_PATH.read_text(encoding="utf-8") == schema.render_markdown(), "run: infra env schema --write"


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("environment", environments())
def test_the_environments_are_valid_and_name_the_schema(environment: str) -> None:
    assert errors(data_of(environment)) == []
    first_line = (ENVIRONMENTS / f"{environment}.yaml").read_text().splitlines()[0]
    assert (ENVIRONMENTS / first_line.removeprefix("# yaml-language-server: $schema=")).resolve() == schema.SCHEMA_PATH


def test_every_key_is_described() -> None:
    assert [path for path, value in properties(SCHEMA) if not value.get("description")] == []


def test_optional_keys_state_their_default() -> None:
    def required(node: Any) -> set[str]:
        return set(node.get("required", []))

    filled = {path[-1] for path in (*INHERITED, *DERIVED)} | {"network", "metrics_export"}  # and what has only such
    parts = [SCHEMA, *SCHEMA["$defs"].values()]
    for part in parts:
        stated = {name for name, value in part["properties"].items() if "default" in value}
        assert stated - filled == set(part["properties"]) - required(part) - filled


def test_what_the_company_has_is_not_required_of_an_environment() -> None:
    bare = data_of("dev")
    for path in (*INHERITED, *DERIVED):
        *above, last = map(str, path)
        node = bare
        for key in above:
            node = node.get(key, {})
        node.pop(last, None)
    assert errors(bare) == []
    assert errors({**bare, "stateful_protection": None}) == ["$.stateful_protection"]


def test_the_schema_of_the_company_is_current() -> None:
    written = schema.COMPANY_SCHEMA_PATH.read_text(encoding="utf-8")
    assert written == schema.render_company(), "run: infra env schema --write"
    Draft202012Validator.check_schema(json.loads(written))


def test_every_mapping_is_closed() -> None:
    parts = [SCHEMA, *SCHEMA["$defs"].values()]
    assert all(part["additionalProperties"] is False for part in parts)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"region": "mars-north-1"}, "$.region"),
        ({"account_id": 111111111111}, "$.account_id"),
        ({"network": {"replicas": 0}}, "$.network.replicas"),
        ({"network": {"replicaz": 1}}, "$.network"),
        ({"storage": {"access_log_retention_days": "7"}}, "$.storage.access_log_retention_days"),
        ({"servers": {"log_retention_days": 8}}, "$.servers.log_retention_days"),
        ({"notifications": {"topics": {"Late": {}}}}, "$.notifications.topics"),
    ],
)
def test_the_schema_refuses_what_the_models_refuse(change: dict[str, Any], path: str) -> None:
    assert errors({**data_of("dev"), **change}) == [path]


def test_enumerations_are_in_the_schema() -> None:
    broker = SCHEMA["$defs"]["Broker"]["properties"]
    assert broker["engine"]["enum"] == ["rabbitmq", "activemq"]
    assert "us-east-1" in SCHEMA["properties"]["region"]["enum"]


def test_written_files_are_what_is_rendered_and_leave_nothing_else(tmp_path: Path) -> None:
    schema.write(tmp_path / "new" / "schema.json")
    schema.write_markdown(tmp_path / "new" / "settings.md")
    assert (tmp_path / "new" / "schema.json").read_text(encoding="utf-8") == schema.render()
    assert (tmp_path / "new" / "settings.md").read_text(encoding="utf-8") == schema.render_markdown()
    assert len(list((tmp_path / "new").iterdir())) == 2


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "schema.json").mkdir()
    with pytest.raises(OSError, match=r"schema\.json"):
        schema.write(tmp_path / "schema.json")
    assert [path.name for path in tmp_path.iterdir()] == ["schema.json"]


def test_the_reference_has_every_key() -> None:
    text = schema.render_markdown()
    names = {path.rpartition(".")[2] for path, _ in properties(SCHEMA)}
    assert [name for name in sorted(names) if f"| `{name}` |" not in text] == []
    assert "## `network`" in text
    assert "### `streaming.metrics_export`" in text
    assert "### `notifications.topics.*`" in text
    assert "## `channels[]`" in text
