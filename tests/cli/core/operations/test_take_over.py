"""The public zone goes from the environment's stack to the bootstrap stack and stays the same zone: real terraform,
real provider, in the sandbox. The tests of this file are one story: each continues where the one before it ends.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.helpers import ENVIRONMENTS, ROOT
from tests.support.stories import Tiny, begun, make

IS_STORY = True

pytestmark = pytest.mark.story

SYSTEM = "modules/stacks.py"
ZONE = "aws_route53_zone.edge_dns_public-zone_C0BD1D56"
KEY = "aws_kms_key.edge_dns_signing_key_64226646"

LOG_GROUP = "aws_cloudwatch_log_group.edge_dns_query-log_log-group_56214B13"
KEY_OF_THE_LOG = "aws_kms_key.edge_dns_query-log_key_8F4AEA3B"


@pytest.fixture(scope="module")
def moved(terraform: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tiny]:
    """A checkout with the layout of old, its bootstrap stack applied."""
    made = make(tmp_path_factory.mktemp("zone"), ROOT / "tests" / "support" / "tiny_zone.py")
    with begun(made, "bootstrap", "dev", "--sandbox", "--yes", code=0):
        yield made


@pytest.fixture(scope="module")
def noted() -> dict[str, Any]:
    """What a test tells the ones after it."""
    return {}


def ids(tiny: Tiny, stack: str) -> dict[str, str]:
    """The ids in the state of a stack of dev, by address."""
    return {address: values["id"] for address, values in attributes(tiny, stack).items()}


def attributes(tiny: Tiny, stack: str) -> dict[str, dict[str, Any]]:
    """The attributes in the state of a stack of dev, by address."""
    path = tiny.sandbox / "dev" / "stacks" / stack / "terraform.tfstate"
    resources = json.loads(path.read_bytes())["resources"]
    return {
        f"{each['type']}.{each['name']}": each["instances"][0]["attributes"]
        for each in resources
        if each["mode"] == "managed"
    }


def created(tiny: Tiny, stack: str) -> dict[str, str]:
    """The ids of what was created in a stack, by address, from the records."""
    applies: list[Any] = tiny.data("history", "dev", "--sandbox")
    return {
        address: result["id"]
        for record in applies
        if record["stack"] == stack
        for address, result in record["resources"].items()
        if "create" in result["actions"]
    }


def test_the_layout_of_old_has_the_zone_in_the_environments_stack(moved: Tiny) -> None:
    moved.infra("plan", "dev", "--sandbox", code=2)
    moved.infra("apply", "dev", "--sandbox", "--yes")
    assert {ZONE, KEY} <= created(moved, "dev").keys()
    assert ZONE not in created(moved, "dev-bootstrap")


def test_without_a_move_synthesis_names_what_the_other_stack_makes(moved: Tiny) -> None:
    manifest = json.loads((ENVIRONMENTS / "addresses.json").read_bytes())
    unmoved = {"stateful": {"dev": {ZONE: "edge/dns/public-zone"}}, "moved": []}
    (moved.root / "addresses.json").write_text(json.dumps(unmoved))
    moved.change("IN_ENVIRONMENT = True", "IN_ENVIRONMENT = False", file=SYSTEM)
    error = moved.infra("plan", "dev", "--sandbox", code=6).stderr
    assert (
        "dev-bootstrap makes it now. If it is the same: infra move edge/dns/public-zone edge/dns/public-zone" in error
    )
    (moved.root / "addresses.json").write_text(json.dumps({"stateful": {}, "moved": manifest["moved"]}))
    moved.commit()


def test_the_environment_forgets_and_destroys_nothing(moved: Tiny) -> None:
    plan = moved.data("plan", "dev", "--sandbox", code=2)
    assert "destroy" not in plan["counts"]
    assert plan["counts"]["forget"] == len(json.loads((moved.root / "addresses.json").read_bytes())["moved"])


def test_what_nobody_took_over_is_not_forgotten(moved: Tiny) -> None:
    error = moved.infra("apply", "dev", "--sandbox", "--yes", code=10).stderr
    assert "the bootstrap stack of dev has not taken over" in error
    assert ZONE in error
    assert "run infra bootstrap dev, then infra plan dev" in error


def test_the_bootstrap_stack_imports_the_same_zone(moved: Tiny) -> None:
    before = created(moved, "dev")
    record = moved.data("bootstrap", "dev", "--sandbox", "--yes")
    kinds = {address: change["kind"] for address, change in record["plan"]["changes"].items()}
    assert not {"destroy", "replace"} & set(kinds.values())
    after = ids(moved, "dev-bootstrap")
    moves = json.loads((moved.root / "addresses.json").read_bytes())["moved"]
    assert {move["to"]: after[move["to"]] for move in moves} == {move["to"]: before[move["from"]] for move in moves}
    assert not list((moved.sandbox / "dev" / "stacks" / "dev-bootstrap").glob("imports.tf"))


def test_the_log_of_queries_gets_the_key_of_the_bootstrap_stack(moved: Tiny) -> None:
    """In place: what is in the log stays, encrypted with the environment's key for logs."""
    values = attributes(moved, "dev-bootstrap")
    assert values[LOG_GROUP]["kms_key_id"] == values[KEY_OF_THE_LOG]["arn"]
    (record,) = [each for each in moved.data("history", "dev", "--sandbox") if LOG_GROUP in each["resources"]][-1:]
    assert record["plan"]["changes"][LOG_GROUP]["kind"] == "update"


def test_bootstrap_without_changes_says_where_the_delegation_belongs(moved: Tiny, noted: dict[str, Any]) -> None:
    done = moved.infra("bootstrap", "dev", "--sandbox")
    assert "dev-bootstrap: no changes" in done.stdout
    assert "Add it to envs/prod.yaml, then run\ninfra bootstrap prod:\n\nedge:\n  delegations:\n" in done.stdout
    delegation = moved.data("bootstrap", "dev", "--sandbox")["delegation"]
    assert (delegation["parent_environment"], delegation["status"]) == ("prod", "missing")
    assert len(delegation["name_servers"]) >= 2
    (setting,) = delegation["setting"]["edge"]["delegations"]
    noted["setting"] = setting
    assert setting["name"] == "dev.meals.example"
    assert f"{setting['ds_records'][0]['key_tag']} 13 2 " in delegation["ds_record"]


def test_the_environment_forgets_once_the_bootstrap_stack_has_it(moved: Tiny) -> None:
    moved.infra("plan", "dev", "--sandbox", code=2)
    record = moved.data("apply", "dev", "--sandbox", "--yes")
    kinds = {change["kind"] for change in record["plan"]["changes"].values()}
    assert kinds == {"forget", "create"}
    assert moved.infra("plan", "dev", "--sandbox").stdout.endswith("dev: no changes\n")


def test_the_parent_makes_the_records_of_its_settings(moved: Tiny, noted: dict[str, Any]) -> None:
    path = moved.root / "envs" / "prod.yaml"
    path.write_text(f"{path.read_text()}\nedge:\n  delegations:\n    - {json.dumps(noted['setting'])}\n")
    done = moved.infra("bootstrap", "dev", "--sandbox")
    assert "dev-bootstrap: no changes" in done.stdout
    assert "is delegated by prod" in done.stdout
    record = moved.data("bootstrap", "prod", "--sandbox", "--yes")
    made = {address.partition(".")[0] for address in record["resources"]}
    assert "aws_route53_record" in made
    assert record["delegation"]["status"] == "elsewhere"
    assert moved.infra("bootstrap", "prod", "--sandbox").stdout.count("no changes") == 1
