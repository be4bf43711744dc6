"""`infra diff`: the difference of two environments that is left once what must differ is equal."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from cli.core.diff.configuration import differences
from cli.core.diff.model import AttributeDifference, Difference, ResourceDifference, SettingDifference
from cli.core.diff.report import MARKER, as_json, as_markdown, as_table
from tests.support.helpers import infra


def block(path: str = "dev/part/thing", **attributes: object) -> dict[str, object]:
    """A resource as cdktf writes it."""
    return {**attributes, "//": {"metadata": {"path": path, "uniqueId": "x"}}}


def test_blocks_are_compared_by_address() -> None:
    before = {"resource": {"aws_a": {"one": block(x=1), "gone": block()}}, "output": {"o": {"value": 1}}}
    after = {"resource": {"aws_a": {"one": block(x=2), "new": block()}}, "output": {"o": {"value": 1}}}
    assert list(differences("environment", before, after)) == [
        ResourceDifference("environment", "aws_a.gone", "part/thing", "removed", ()),
        ResourceDifference("environment", "aws_a.new", "part/thing", "added", ()),
        ResourceDifference("environment", "aws_a.one", "part/thing", "changed", (AttributeDifference("x", 1, 2, "x"),)),
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": True}, [("a", 1, True)]),
        ({"a": [1, 2]}, {"a": [1]}, [("a[1]", 2, None)]),
        ({"a": {"b": [{"c": 1}]}}, {"a": {"b": [{"c": 2}]}}, [("a.b[0].c", 1, 2)]),
        ({"policy": '{"A": 1, "B": 2}'}, {"policy": '{"B":2,"A":1}'}, []),
        ({"policy": '{"A": 1}'}, {"policy": '{"A": 2}'}, [("policy.A", 1, 2)]),
        ({"text": "{not json"}, {"text": "{not json!"}, [("text", "{not json", "{not json!")]),
    ],
)
def test_attributes_are_compared_by_what_they_say(before: object, after: object, expected: list[object]) -> None:
    found = differences("environment", {"locals": {"l": before}}, {"locals": {"l": after}})
    assert [(each.path, each.before, each.after) for item in found for each in item.attributes] == expected


def test_construct_metadata_is_no_difference_and_a_suppression_is() -> None:
    before = {"resource": {"aws_a": {"one": block("dev/a/b")}}}
    moved = {"resource": {"aws_a": {"one": block("dev/c/b")}}}
    assert not list(differences("environment", before, moved))
    suppressed = block("dev/a/b")
    suppressed["//"] = {"metadata": {"path": "dev/a/b"}, "suppressions": {"CKV_AWS_1": {"reason": "r"}}}
    (found,) = differences("environment", before, {"resource": {"aws_a": {"one": suppressed}}})
    assert [each.path for each in found.attributes] == ["suppressions"]


def test_long_values_are_cut_where_they_differ_and_nothing_is_a_dash() -> None:
    long = "x" * 100
    found = (SettingDifference("a", "shape", None, {"b": [1]}), SettingDifference("c", "shape", f"{long}1", f"{long}2"))
    difference = Difference("a", "b", found, ())
    for text in (as_table(difference), as_markdown(difference).replace("` | `", " -> ")):
        assert '- -> {"b": [1]}' in text
        assert f"...{'x' * 20}1 -> ...{'x' * 20}2" in text


def test_one_channel_more_is_one_line() -> None:
    def rule(*domains: str) -> dict[str, object]:
        return {"resource": {"aws_a": {"one": block(domains=list(domains), rule=[{"name": each} for each in domains])}}}

    (found,) = differences("environment", rule("b", "c", "d"), rule("a", "b", "c", "d"))
    assert [(each.name, each.before, each.after) for each in found.attributes] == [
        ("domains", None, "a"),
        ("rule[a]", None, {"name": "a"}),
    ]
    text = as_table(Difference("x", "y", (), (found,)))
    assert "    domains: - -> a\n" in text
    assert '    rule[a]: - -> {"name": "a"}\n' in text


def test_no_secret_is_shown() -> None:
    before, after = ({"locals": {"l": {"API_TOKEN": f"hunter2-{each}"}}} for each in ("one", "two"))
    difference = Difference("x", "y", (), tuple(differences("environment", before, after)))
    for text in (as_table(difference), as_markdown(difference), as_json(difference)):
        assert "hunter2" not in text
        assert "API_TOKEN" in text


def test_text_counts_what_must_differ_apart() -> None:
    settings = (SettingDifference("account_id", "identity", "1", "2"),)
    nothing = Difference("a", "b", settings, ())
    assert nothing.is_empty
    assert "No unexpected difference; 1 setting by design (identity, size)." in as_table(nothing)
    something = Difference("a", "b", (*settings, SettingDifference("release.ami", "release", "x", "y")), ())
    assert not something.is_empty
    assert "release.ami  x -> y" in as_table(something)
    assert as_markdown(something).splitlines()[0] == MARKER
    assert "| `release.ami` | release | `x` | `y` |" in as_markdown(something)


def test_staging_and_prod_differ_in_nothing_but_what_is_known() -> None:
    done = infra("diff", "staging", "prod", "--json")
    assert done.returncode == 2, done.stderr
    found = json.loads(done.stdout)
    assert [each["setting"] for each in found["settings"] if each["owner"] in ("release", "shape")] == [
        "network.dns_firewall.action"
    ]
    assert [each["construct_path"] for each in found["resources"]] == ["network/dns-firewall/rest"]


def test_an_environment_does_not_differ_from_itself() -> None:
    done = infra("diff", "dev", "dev")
    assert (done.returncode, done.stderr) == (0, "")
    assert "No unexpected difference; no other setting differs." in done.stdout


def test_a_release_is_compared_without_synthesis(checkout: Path) -> None:
    file = checkout / "envs" / "dev.yaml"
    file.write_text(re.sub(r'application_version: "[^"]+"', 'application_version: "9.0.0"', file.read_text()))
    done = infra("diff", "--release", "dev", "prod", root=checkout)
    assert done.returncode == 2, done.stderr
    assert "release.application_version  9.0.0 -> 1.0.0" in done.stdout
    assert "resources" not in done.stdout


def test_an_environment_is_compared_with_what_it_was(checkout: Path) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(
            ["git", "-C", str(checkout), "-c", "user.name=t", "-c", "user.email=t@t", *arguments], check=True
        )

    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "first")
    file = checkout / "envs" / "dev.yaml"
    file.write_text(
        file.read_text().replace(
            "instance_type: t4g.small, min_size: 1, max_size: 2", "instance_type: t4g.small, min_size: 1, max_size: 3"
        )
    )
    done = infra("diff", "dev@HEAD", "dev", "--json", root=checkout)
    assert done.returncode == 2, done.stderr
    found = json.loads(done.stdout)
    assert {each["setting"] for each in found["settings"]} == {
        "servers.core.max_size",
        "servers.ordering.max_size",
        "event_store.server.max_size",
        "purchase_gateway.server.max_size",
    }
    assert {(a["path"], a["before"], a["after"]) for each in found["resources"] for a in each["attributes"]} == {
        ("max_size", 2, 3)
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("prd", "prod"), "there is no environment 'prd'"),
        (("dev@nowhere", "dev"), "git knows no revision 'nowhere'; allowed: a branch, a tag or a commit"),
        (("nope@HEAD", "dev"), "nope@HEAD"),
    ],
)
def test_what_is_not_there_is_said(arguments: tuple[str, str], message: str) -> None:
    done = infra("diff", *arguments)
    assert done.returncode == 64
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_help_has_an_example() -> None:
    assert "infra diff staging prod" in infra("diff", "--help").stdout
