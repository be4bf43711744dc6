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
    assert list(headlines(proof))[:2] == [
        "Opens 1: everyone (anonymous and 4 more) may now read aws_s3_bucket.b",
        "Closes nothing.",
    ]
    assert "and so: any other principal of the account, any principal of another" in FORMATS["table"](proof)
    assert len(json.loads(FORMATS["json"](proof))["proof"]["opens"]) == 5


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
        "any principal of another account and 1 more may now read b more widely",
        "servers/core may now write b",
        "servers/last may now write b more widely",
        "any service may now read b",
        "internet -> web tcp 22",
    ]
