"""The addresses of what holds data: none is lost by a change of the code."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from cli.core.base.errors import InfraError
from cli.core.plans.reader import construct_paths
from cli.core.synthesis import address_check as addresses
from cli.core.synthesis.address_check import AddressVanished, Manifest, NoSuchAddress
from tests.support.helpers import ENVIRONMENTS, infra

TABLE, RENAMED = "aws_dynamodb_table.store_table_1", "aws_dynamodb_table.store_events_2"


def stack(*made: tuple[str, str]) -> dict[str, Any]:
    """A synthesized stack with resources at addresses, each with its construct path."""
    document: dict[str, Any] = {"resource": {}}
    for address, path in made:
        type_, _, name = address.partition(".")
        document["resource"].setdefault(type_, {})[name] = {"//": {"metadata": {"path": f"dev/{path}"}}}
    return document


KNOWN = Manifest({"dev": {TABLE: "event-store/table"}, "prod": {TABLE: "event-store/table"}}, ())


def guarded(directory: Path, *made: tuple[str, str]) -> None:
    """Have the guard look at a stack dev."""
    (directory / "stacks" / "dev").mkdir(parents=True)
    (directory / "stacks" / "dev" / "cdk.tf.json").write_text(json.dumps(stack(*made)))
    addresses.save(KNOWN, directory / "addresses.json")
    addresses.guard(directory, directory / "addresses.json")


def test_what_is_still_there_and_what_is_new_pass(tmp_path: Path) -> None:
    guarded(tmp_path, (TABLE, "event-store/table"), (RENAMED, "event-store/events"), ("aws_vpc.v", "network/vpc"))


def test_what_is_gone_is_named_with_the_line_of_what_came_instead(tmp_path: Path) -> None:
    with pytest.raises(AddressVanished) as caught:
        guarded(tmp_path, (RENAMED, "event-store/table/policy"))
    text = str(caught.value)
    assert text.startswith(f"addresses.json:4: dev: {TABLE} (event-store/table) holds data and is no longer made.")
    assert "modules/event_store/" in text
    assert f"makes {RENAMED} (event-store/table/policy) instead" in text
    assert text.endswith("If it is the same: infra move event-store/table event-store/table/policy")


def test_what_is_gone_without_another_in_its_place(tmp_path: Path) -> None:
    with pytest.raises(AddressVanished, match=r"modules/event_store/\S+:\d+.* made it\. .*move --forget") as caught:
        guarded(tmp_path)
    assert str(caught.value).endswith("rm addresses.json && infra move --write")


def test_a_move_is_known_by_address_or_construct_path_in_every_stack() -> None:
    stacks = {name: stack((RENAMED, "event-store/events")) for name in ("dev", "prod")}
    for old, new in ((TABLE, RENAMED), ("event-store/table", "event-store/events")):
        manifest = addresses.with_move(KNOWN, old, new, stacks)
        assert manifest.moved == ({"stack": "environment", "from": TABLE, "to": RENAMED},)
        assert manifest.stateful == {key: {RENAMED: "event-store/events"} for key in ("dev", "prod")}


def test_what_is_made_below_a_renamed_construct_moves_along(synthesized_directory: Path) -> None:
    """With the addresses that cdktf gave and gives: the project's own, as if the bucket had had another name."""
    document = json.loads((synthesized_directory / "stacks" / "dev" / "cdk.tf.json").read_bytes())
    old, bucket = "aws_s3_bucket.storage_photos_bucket_21030CDC", "aws_s3_bucket.storage_images_bucket_6AFFA072"
    known = Manifest({"dev": {old: "storage/photos/bucket"}}, ())
    manifest = addresses.with_move(known, "storage/photos/bucket", "storage/images/bucket", {"dev": document})
    moved = {move["to"]: move["from"] for move in manifest.moved}
    assert moved[bucket] == old
    policy = moved["aws_s3_bucket_policy.storage_images_policy_64B50AA1"]
    assert policy == "aws_s3_bucket_policy.storage_photos_policy_63A1E31E"
    assert len(moved) == 9
    assert manifest.stateful == {"dev": {bucket: "storage/images/bucket"}}


def test_the_addresses_that_cdktf_makes_are_known(synthesized_directory: Path) -> None:
    for file in synthesized_directory.glob("stacks/*/cdk.tf.json"):
        for address, path in construct_paths(json.loads(file.read_bytes())).items():
            assert address.partition(".")[2] == addresses.unique_id(path)


@pytest.mark.parametrize(
    ("old", "new", "made", "says"),
    [
        (
            "event-store/tabel",
            "x",
            RENAMED,
            "is not in addresses.json. Did you mean event-store/table?",
        ),
        ("event-store/table", "x", RENAMED, f"makes no aws_dynamodb_table there. New in dev: {RENAMED}"),
        ("event-store/table", "x", TABLE, "is still made in dev: rename the construct first"),
    ],
)
def test_a_move_that_cannot_be(old: str, new: str, made: str, says: str) -> None:
    stacks: Mapping[str, Any] = {"dev": stack((made, "event-store/events"))}
    with pytest.raises(NoSuchAddress) as caught:
        addresses.with_move(KNOWN, old, new, stacks)
    assert says in str(caught.value)


def test_a_move_to_the_other_stack_is_one_entry_for_all_environments() -> None:
    stacks = {name: stack() for name in ("dev", "prod")}
    stacks |= {f"{name}-bootstrap": stack((RENAMED, "store/events")) for name in ("dev", "prod")}
    manifest = addresses.with_move(KNOWN, "event-store/table", "store/events", stacks)
    assert manifest.moved == ({"stack": "environment", "from": TABLE, "to_stack": "bootstrap", "to": RENAMED},)
    assert manifest.moved_between("environment", "bootstrap") == {RENAMED: TABLE}
    assert manifest.moved_between("bootstrap", "environment") == {}
    bootstrap = {f"{name}-bootstrap": {RENAMED: "store/events"} for name in ("dev", "prod")}
    assert manifest.stateful == {"dev": {}, "prod": {}, **bootstrap}


def test_a_move_to_the_other_stack_may_keep_its_address() -> None:
    stacks = {name: stack() for name in ("dev", "prod")}
    stacks |= {f"{name}-bootstrap": stack((TABLE, "event-store/table")) for name in ("dev", "prod")}
    known = addresses.with_stacks(KNOWN, stacks)
    manifest = addresses.with_move(known, TABLE, TABLE, stacks)
    assert manifest.moved == ({"stack": "environment", "from": TABLE, "to_stack": "bootstrap", "to": TABLE},)
    assert set(manifest.stateful["dev-bootstrap"]) == {TABLE}


def test_what_the_other_stack_makes_now_is_said(tmp_path: Path) -> None:
    other = tmp_path / "stacks" / "dev-bootstrap"
    other.mkdir(parents=True)
    (other / "cdk.tf.json").write_text(json.dumps(stack((TABLE, "event-store/table"))))
    with pytest.raises(AddressVanished, match=r"dev-bootstrap makes it now\. .* infra move event-store/table"):
        guarded(tmp_path)


def test_a_move_to_the_other_stack_becomes_a_removed_block(synthesized_directory: Path) -> None:
    moves = json.loads((ENVIRONMENTS / "addresses.json").read_bytes())["moved"]
    assert {move["to_stack"] for move in moves} == {"bootstrap"}
    for environment in ("dev", "staging", "prod"):
        text = (synthesized_directory / "stacks" / environment / "moved.tf").read_text()
        assert text.count("destroy = false") == text.count("removed {") == len(moves)
        assert not (synthesized_directory / "stacks" / f"{environment}-bootstrap" / "moved.tf").exists()


def test_everything_that_a_stack_forgets_is_made_by_the_other_one(synthesized_directory: Path) -> None:
    made = json.loads((synthesized_directory / "stacks" / "dev-bootstrap" / "cdk.tf.json").read_bytes())["resource"]
    left = json.loads((synthesized_directory / "stacks" / "dev" / "cdk.tf.json").read_bytes())["resource"]
    for move in addresses.load(ENVIRONMENTS / "addresses.json").moved:
        old, new = move["from"].split("."), move["to"].split(".")
        assert new[1] in made[new[0]]
        assert old[1] not in left.get(old[0], {})


def test_what_is_to_go_is_forgotten() -> None:
    assert addresses.without(KNOWN, "event-store/table").stateful == {"dev": {}, "prod": {}}


def test_the_manifest_is_current(synthesized_directory: Path) -> None:
    """If not: `infra move --write`, and the same in tests/environments/addresses.json."""
    stacks = {
        path.parent.name: json.loads(path.read_bytes()) for path in synthesized_directory.glob("stacks/*/cdk.tf.json")
    }
    manifest = addresses.load(ENVIRONMENTS / "addresses.json")
    addresses.guard(synthesized_directory, ENVIRONMENTS / "addresses.json")
    assert addresses.with_stacks(manifest, stacks).stateful == manifest.stateful


def test_synthesis_fails_where_a_construct_was_renamed(checkout: Path) -> None:
    shutil.copy(ENVIRONMENTS / "addresses.json", checkout)
    path = checkout / "modules" / "event_store" / "event_store.py"
    assert path.read_text().count('"table",') == 1
    path.write_text(path.read_text().replace('"table",', '"events",'))
    done = infra("synth", "dev", root=checkout, cwd=checkout)
    assert done.returncode == 6, done.stderr
    assert "dev: aws_dynamodb_table.event-store_table_2469BF2C (event-store/table/table) holds data" in done.stderr
    assert "modules/event_store/event_store.py:" in done.stderr
    assert not (checkout / "cdktf.out").exists()


@pytest.mark.parametrize("arguments", [[], ["a"], ["a", "b", "--write"], ["--write", "--forget", "a"]], ids=str)
def test_a_command_line_that_is_not_understood(arguments: list[str]) -> None:
    assert infra("move", *arguments).returncode == 64


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "{\n<<<<<<< HEAD\n",
            "addresses.json:2: a merge conflict; resolve it, then run infra move --write",
        ),
        ('{\n"stateful": }', "addresses.json:2: is not JSON: Expecting value"),
        ("{}", "addresses.json: is not a manifest; it has `stateful` and `moved`, see infra move"),
    ],
    ids=["conflict", "syntax", "keys"],
)
def test_a_manifest_that_cannot_be_read_is_named(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "addresses.json").write_text(text)
    with pytest.raises(InfraError) as caught:
        addresses.load(tmp_path / "addresses.json")
    assert str(caught.value) == message


def test_synthesis_names_a_manifest_with_a_merge_conflict(checkout: Path) -> None:
    (checkout / "addresses.json").write_text("{\n<<<<<<< HEAD\n")
    done = infra("synth", "dev", root=checkout, cwd=checkout)
    assert (done.returncode, done.stderr.splitlines()[-1][:24]) == (1, "infra: addresses.json:2:")
