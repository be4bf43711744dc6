"""A plan read from terraform's JSON: what happens, why, what is masked, what drifted."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

import pytest

from cli.core.base.target import Target
from cli.core.plans.drift import changed_since
from cli.core.plans.model import Kind, Plan
from cli.core.plans.reader import read_plan
from cli.core.plans.report import Report, renderer
from cli.core.plans.report.markdown import marker

DOCUMENT = {
    "resource": {
        "aws_dynamodb_table": {"t": {"name": "t", "tags": {}, "//": {"metadata": {"path": "dev/event-store/table"}}}},
        "aws_mq_broker": {"b": {"user": [], "//": {"metadata": {"path": "dev/messaging/broker"}}}},
    }
}


def change(type_: str, name: str, actions: list[str], **given: Any) -> dict[str, Any]:
    """A resource change as terraform writes it."""
    outer: dict[str, Any] = {key: given.pop(key) for key in ("action_reason", "previous_address") if key in given}
    return {
        "address": f"{type_}.{name}",
        "type": type_,
        "name": name,
        "mode": "managed",
        **outer,
        "change": {"actions": actions, "before": None, "after": None, "after_unknown": {}, **given},
    }


def plan(*changes: Mapping[str, Any], drift: tuple[Mapping[str, Any], ...] = ()) -> Plan:
    content = {"resource_changes": changes, "resource_drift": drift, "output_changes": {"o": {"actions": ["no-op"]}}}
    return read_plan(content, DOCUMENT, environment="dev", stack="dev")


REPLACED = change(
    "aws_dynamodb_table",
    "t",
    ["delete", "create"],
    before={"name": "t", "arn": "arn:1", "ttl": [{"enabled": True}], "id": "t"},
    after={"name": "u", "ttl": [{"enabled": True}]},
    after_unknown={"arn": True, "id": True},
    replace_paths=[["name"]],
    action_reason="replace_because_cannot_update",
)
BROKER = change(
    "aws_mq_broker",
    "b",
    ["update"],
    before={"user": [{"password": "old-secret", "username": "meals"}], "tags": {"a": "1"}},
    after={"user": [{"password": "new-secret", "username": "meals"}], "tags": {"a": "2"}},
    before_sensitive={"user": [{"password": True}]},
    after_sensitive={"user": [{"password": True}]},
)


def test_a_replacement_says_what_forces_it() -> None:
    found = plan(REPLACED)
    (one,) = found.changes
    assert (one.kind, one.part, one.construct_path, one.reason) == (
        Kind.REPLACE,
        "event-store",
        "event-store/table",
        "",
    )
    assert [(each.path, each.before.text, each.after.text) for each in one.forced_by] == [("name", '"t"', '"u"')]
    assert found.stateful_losses == ("aws_dynamodb_table.t",)
    assert {each.path: each.after.text for each in one.attributes if not each.forces_replacement} == {
        "arn": "(known after apply)",
        "id": "(known after apply)",
    }


def test_destroys_and_replacements_come_first_and_nothing_is_left_out() -> None:
    gone = change("aws_s3_bucket", "old", ["delete"], before={}, action_reason="delete_because_no_resource_config")
    moved = change("aws_sns_topic", "new", ["no-op"], previous_address="aws_sns_topic.old")
    nothing = change("aws_vpc", "v", ["no-op"])
    created = change("aws_sqs_queue", "q", ["create"], after={"name": "q"})
    found = plan(created, BROKER, nothing, moved, REPLACED, gone)
    assert [each.kind for each in found.changes][:2] == [Kind.DESTROY, Kind.REPLACE]
    assert found.changes[0].reason == "it is no longer in the Terraform"
    assert found.counts() == {Kind.DESTROY: 1, Kind.REPLACE: 1, Kind.UPDATE: 1, Kind.CREATE: 1, Kind.MOVE: 1}
    assert found.counts_by_part()["messaging"] == {Kind.UPDATE: 1}
    assert found.of(Kind.MOVE)[0].previous_address == "aws_sns_topic.old"
    assert found.outputs == ()


def test_no_format_shows_what_is_sensitive() -> None:
    report = Report(plan(BROKER, REPLACED), Target.AWS)
    for name in ("table", "json", "markdown"):
        text = renderer(name)(report)
        assert "secret" not in text
        assert "sensitive" in text.replace("\\", "")
    attributes = {each.path: each for each in report.plan.changes[1].attributes}
    assert attributes["user[0].password"].after.text == "(sensitive)"
    assert attributes["tags.a"].after.text == '"2"'


def test_the_table_and_the_comment_begin_with_what_goes() -> None:
    report = Report(plan(BROKER, REPLACED), Target.AWS, notes=("a note",))
    table = renderer("table")(report)
    assert table.splitlines()[0] == "dev: 1 to replace, 1 to update in place; data of 1 resource is lost"
    assert table.splitlines()[2] == "replace  aws_dynamodb_table.t (holds data)"
    assert [line.strip() for line in table.splitlines()[3:7]] == [
        "event-store/table",
        'name: "t" -> "u": this forces the replacement',
        "there is now: name=t",
        "lost: its items",
    ]
    assert table.endswith("a note\ndev: 1 to replace, 1 to update in place\n")
    comment = renderer("markdown")(report)
    assert comment.splitlines()[0] == marker("dev") == "<!-- infra-plan: dev -->"
    assert comment.splitlines()[2] == "## Plan of dev: 1 to replace, 1 to update in place"
    assert comment.splitlines()[4] == "**Data of 1 resource is lost.**"
    assert comment.index("Destroyed or replaced") < comment.index("| part |") < comment.index("Update (1)")
    data = json.loads(renderer("json")(report))
    assert data["counts"] == {"replace": 1, "update": 1}
    assert [each["path"] for each in data["changes"][0]["attributes"] if each["forces_replacement"]] == ["name"]


def test_a_comment_is_never_longer_than_github_takes() -> None:
    many = [change("aws_sqs_queue", f"queue-{'x' * 60}-{number}", ["create"], after={}) for number in range(2000)]
    comment = renderer("markdown")(Report(plan(*many), Target.AWS))
    assert len(comment) < 65_536
    assert comment.count("<details>") == comment.count("</details>")
    assert "The rest is cut" in comment


def test_the_digest_is_of_what_happens() -> None:
    assert plan(BROKER, REPLACED).digest() == plan(REPLACED, BROKER).digest()
    assert plan(BROKER).digest() != plan(REPLACED).digest()


def test_only_what_the_terraform_sets_drifts() -> None:
    def table(before: Any, after: Any) -> dict[str, Any]:
        return change("aws_dynamodb_table", "t", ["update"], before=before, after=after)

    noise = table({"tags": None, "stream_arn": "1", "name": "t"}, {"tags": {}, "stream_arn": "2", "name": "t"})
    assert plan(drift=(noise,)).drift == ()
    (real,) = plan(drift=(table({"name": "t", "stream_arn": "1"}, {"name": "u", "stream_arn": "2"}),)).drift
    assert [each.path for each in real.attributes] == ["name"]
    (gone,) = plan(drift=(change("aws_dynamodb_table", "t", ["delete"], before={}),)).drift
    assert gone.kind is Kind.DESTROY


def test_two_looks_at_reality() -> None:
    def look(*resources: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"prior_state": {"values": {"root_module": {"resources": resources}}}}

    def table(name: str, **more: Any) -> Mapping[str, Any]:
        kind = {"address": "aws_dynamodb_table.t", "type": "aws_dynamodb_table", "mode": "managed"}
        return {**kind, "values": {"name": name, **more}, "sensitive_values": {}}

    assert changed_since(look(table("t")), look(table("t", item_count=5)), DOCUMENT) == ()
    (changed,) = changed_since(look(table("t")), look(table("u")), DOCUMENT)
    assert (changed.construct_path, [each.path for each in changed.attributes]) == ("event-store/table", ["name"])
    (gone,) = changed_since(look(table("t")), look(), DOCUMENT)
    assert gone.kind is Kind.DESTROY


def template(server: str, actions: list[str], before: str | None, after: str | None, **more: Any) -> dict[str, Any]:
    """The change of a launch template, by its images."""
    name = f"meals-dev-{server}"
    old = {"name": name, "image_id": before, **more.pop("old", {})} if before else None
    new = {"name": name, "image_id": after, **more.pop("new", {})} if after or "create" in actions else None
    return change("aws_launch_template", server, actions, before=old, after=new, **more)


def encoded(text: str) -> dict[str, str]:
    return {"user_data": base64.b64encode(text.encode()).decode()}


def test_the_image_of_each_server_is_named() -> None:
    found = plan(
        template("event-store", ["update"], "ami-1", "ami-2"),
        template("core-server", ["update"], "ami-1", "ami-2"),
        template("new-server", ["create"], None, "ami-2"),
        template("same", ["update"], "ami-2", "ami-2"),
        template("gone", ["delete"], "ami-1", None),
    )
    assert [(image.server, image.before, image.after) for image in found.images] == [
        ("core-server", "ami-1", "ami-2"),
        ("event-store", "ami-1", "ami-2"),
        ("new-server", "", "ami-2"),
    ]


def test_an_image_that_is_not_known_yet_is_named() -> None:
    later = template("core-server", ["update"], "ami-1", "x", after_unknown={"image_id": True})
    later["change"]["after"].pop("image_id")
    assert [str(image.after) for image in plan(later).images] == ["(known after apply)"]


def test_every_format_says_which_image_changes() -> None:
    found = Report(plan=plan(template("core-server", ["update"], "ami-1", "ami-2")), target=Target.AWS)
    assert "images of servers (1)\n  core-server: ami-1 -> ami-2\n" in renderer("table")(found)
    assert "### Images of servers (1)\n\n- core-server: ami-1 -\\> ami-2\n" in renderer("markdown")(found)
    images = json.loads(renderer("json")(found))["images"]
    assert images == [{"server": "core-server", "before": "ami-1", "after": "ami-2"}]


def test_user_data_is_shown_as_the_lines_that_differ() -> None:
    old, new = "#cloud-config\n    VERSION=1.0.0\nlast\n", "#cloud-config\n    VERSION=1.1.0\n    MORE=1\nlast\n"
    (only,) = plan(template("core-server", ["update"], "ami-1", "ami-1", old=encoded(old), new=encoded(new))).changes
    (user_data,) = only.attributes
    assert user_data.lines == ("- VERSION=1.0.0", "+ VERSION=1.1.0", "+ MORE=1")
    assert user_data.after.text == json.dumps(new.strip())


def test_a_cut_comment_closes_what_it_opened() -> None:
    lines = "\n".join(f"line {number} {'x' * 60}" for number in range(2000))
    long = template("core-server", ["update"], "ami-1", "ami-1", old=encoded("a\n"), new=encoded(f"``` b\n{lines}"))
    comment = renderer("markdown")(Report(plan(long), Target.AWS))
    assert len(comment.encode()) < 65_536
    assert comment.count("````diff") == 1
    assert comment.index("  ````\n") < comment.index("</details>") < comment.index("**The rest is cut (")


def test_what_happens_to_several_alike_is_said_once() -> None:
    old, new = encoded("VERSION=1\nsame\n"), encoded("VERSION=2\nsame\n")
    servers = [template(name, ["update"], "ami-1", "ami-1", old=old, new=new) for name in ("a", "b")]
    for name in ("table", "markdown"):
        text = renderer(name)(Report(plan(*servers), Target.AWS))
        assert text.count("VERSION=2") == 1
        assert text.index("aws_launch_template.a") < text.index("aws_launch_template.b") < text.index("VERSION=2")


def test_moved_imported_and_forgotten_resources_say_so() -> None:
    moved = change("aws_sns_topic", "new", ["no-op"], previous_address="aws_sns_topic.old")
    imported = change("aws_sqs_queue", "q", ["no-op"], before={"name": "q"}, importing={"id": "https://sqs/q"})
    forgotten = change("aws_s3_bucket", "b", ["forget"], before={"bucket": "b"})
    for name in ("table", "markdown"):
        text = renderer(name)(Report(plan(moved, imported, forgotten), Target.AWS)).replace("\\", "")
        assert "was aws_sns_topic.old" in text
        assert "imported as https://sqs/q" in text
        assert "stays in AWS; terraform forgets it" in text


def test_what_is_created_is_named_with_what_it_is() -> None:
    created = change("aws_dynamodb_table", "t", ["create"], after={"name": "orders", "hash_key": "id", "tags": {}})
    table = renderer("table")(Report(plan(created), Target.AWS))
    assert "create  event-store (1)\n        table  table: hash_key=id, name=orders\n" in table
    assert "- `event-store/table` table: hash\\_key=id, name=orders\n" in renderer("markdown")(
        Report(plan(created), Target.AWS)
    )


def test_a_part_is_never_a_dash() -> None:
    gone = change("aws_sqs_queue", "event-store_export_failures_1A2B3C4D", ["delete"], before={})
    stranger = change("aws_sqs_queue", "q", ["delete"], before={})
    assert set(plan(gone, stranger).counts_by_part()) == {"event-store", "no longer in the Terraform"}


def test_what_is_gone_is_said_in_every_format() -> None:
    found = plan(drift=(change("aws_dynamodb_table", "t", ["delete"], before={"name": "t"}),))
    assert "event-store/table is gone" in renderer("table")(Report(found, Target.AWS))
    assert "`event-store/table` is gone" in renderer("markdown")(Report(found, Target.AWS))


@pytest.mark.parametrize(
    ("type_", "values", "text"),
    [
        ("aws_db_instance", {"skip_final_snapshot": True}, "its data, without a final snapshot"),
        ("aws_db_instance", {"skip_final_snapshot": False}, "its data"),
        (
            "aws_kms_key",
            {"deletion_window_in_days": 7},
            "whatever is encrypted with it; AWS keeps it for 7 days, in which the deletion can be cancelled",
        ),
        ("aws_vpc", {}, ""),
    ],
)
def test_what_is_lost(type_: str, values: dict[str, Any], text: str) -> None:
    (gone,) = plan(change(type_, "x", ["delete"], before=values)).changes
    assert gone.loss == text


@pytest.mark.parametrize("columns", ["80", "60"])
def test_no_line_of_the_table_is_wider_than_the_terminal(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    words = " ".join(["word"] * 60)
    found = plan(template("a", ["update"], "ami-1", "ami-2", old=encoded("x\n"), new=encoded(f"{words}\n")), REPLACED)
    assert max(map(len, renderer("table")(Report(found, Target.AWS, notes=(words,))).splitlines())) <= int(columns)


def test_the_line_of_python_is_named() -> None:
    metadata = {"path": "dev/edge/balancer", "sourceLines": ["modules/edge/balancer.py:12", "modules/common/x.py:3"]}
    document = {"resource": {"aws_lb": {"b": {"internal": False, "//": {"metadata": metadata}}}}}
    update = change("aws_lb", "b", ["update"], before={"internal": True}, after={"internal": False})
    found = read_plan({"resource_changes": [update]}, document, environment="dev", stack="dev")
    (one,), (opened,) = found.changes, found.access
    assert one.source_line == opened.source_line == "modules/edge/balancer.py:12"
    assert "update  edge/balancer  (modules/edge/balancer.py:12)\n" in renderer("table")(Report(found, Target.AWS))
    assert renderer("markdown")(Report(found, Target.AWS)).count(" (modules/edge/balancer.py:12)") == 2


def test_where_a_resource_is_made_stands_further_in_where_it_does_not_fit() -> None:
    path = "edge/a-construct-with-a-long-name/and-another-one-in-it/balancer"
    metadata = {"path": f"dev/{path}", "sourceLines": ["modules/edge/balancer.py:12"]}
    document = {"resource": {"aws_lb": {"b": {"//": {"metadata": metadata}}}}}
    update = change("aws_lb", "b", ["update"], before={"internal": True}, after={"internal": False})
    found = read_plan({"resource_changes": [update]}, document, environment="dev", stack="dev")
    text = renderer("table")(Report(found, Target.AWS))
    assert f"update  {path}\n          (modules/edge/balancer.py:12)\n" in text
