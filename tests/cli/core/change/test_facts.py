"""What everybody may do is one fact; the JSON has everyone who may."""

from __future__ import annotations

import json
from pathlib import Path

from cli.core.change.facts import facts
from cli.core.change.model import Certainty, Effect
from cli.core.change.report import FORMATS
from cli.core.change.text import headlines
from tests.support.changes import ANYBODY, ORGANIZATION, bucket, change


def effect(who: str, what: str, certainty: Certainty = Certainty.CERTAIN) -> Effect:
    """Something that somebody may do."""
    return Effect(f"{who} {what}", "access", (who, what), certainty, who=who)


def test_a_bucket_for_everybody_is_one_line_and_all_in_the_json(tmp_path: Path) -> None:
    inside = ANYBODY.replace(" }", f", {ORGANIZATION} }}")
    proof = change(tmp_path, bucket(inside), bucket())
    first, second, *_ = headlines(proof)
    assert first == f"Opens 1: everyone (anonymous and {len(proof.opens) - 1} more) may now read aws_s3_bucket.b"
    assert second == "Closes nothing."
    assert "and so: any other principal of the account, any principal of another" in FORMATS["table"](proof)
    assert len(json.loads(FORMATS["json"](proof))["proof"]["opens"]) == len(proof.opens) > 3


def test_who_may_do_the_same_is_joined() -> None:
    some = [
        effect("servers/core", "may now read a"),
        effect("any principal of another account", "may now read b more widely"),
        effect("servers/core", "may now read b"),
        effect("servers/core", "may now write b"),
        effect("servers/last", "may now write b more widely"),
        effect("servers/other", "may now read a"),
        effect("any service", "may now read b", Certainty.PERHAPS),
        Effect("internet -> web tcp 22", "connection", ("c",)),
    ]
    assert [each.text for each in facts(some)] == [
        "servers/core, servers/other may now read a",
        "any principal of another account and 2 more may now read b more widely",
        "servers/core may now write b",
        "servers/last may now write b more widely",
        "internet -> web tcp 22",
    ]


def test_what_everybody_surely_may_covers_who_perhaps_may() -> None:
    perhaps = Certainty.PERHAPS
    some = [effect("any service", "may now read b", perhaps), effect("anonymous", "may now read b")]
    assert [(each.text, each.certainty) for each in facts(some)] == [
        ("everyone (anonymous and 1 more) may now read b", Certainty.CERTAIN)
    ]
    wider = [
        effect("anonymous", "may now read b", perhaps),
        effect("any principal of another account", "may now read b"),
    ]
    assert [each.certainty for each in facts(wider)] == [Certainty.CERTAIN, perhaps]
