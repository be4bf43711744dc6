"""The first lines of a plan: what it opens and closes, from the state to what it leads to."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from cli.core.base.target import Target
from cli.core.change.model import ChangeProof
from cli.core.change.terms import Terms
from cli.core.change.text import headlines
from cli.core.plans.model import Plan
from cli.core.plans.proof import proof_of
from cli.core.plans.report import Report, renderer
from policies.library.terraform.plan import load_plan
from policies.reachability.read import read
from tests.support.web_plans import ADDRESS, changed, unchanging


@pytest.fixture
def applied(tmp_path: Path) -> Any:
    """A plan that changes nothing."""
    return unchanging(tmp_path)


def proved(plan: Any) -> ChangeProof:
    """The proof of a plan."""
    return proof_of(plan, {}, "dev", Terms())


def test_nothing_opens_where_nothing_changes(applied: Any) -> None:
    proof = proved(applied)
    assert (proof.opens, proof.closes, proof.loosened) == ((), (), ())


def test_a_port_more_opens_and_a_port_less_closes(applied: Any) -> None:
    proof = proved(changed(applied, to_port=444))
    assert [each.text for each in proof.opens] == ["internet -> web tcp 444"]
    assert proof.closes == ()
    assert any("tcp 443-444 from 0.0.0.0/0" in line for line in proof.opens[0].witness)


def test_a_plan_tells_itself_what_it_replaces(applied: Any) -> None:
    assert proved(changed(applied, security_group_id="sg-2")).replaced == ()
    change = changed(applied, security_group_id="sg-3")["resource_changes"][-1]["change"]
    change |= {"actions": ["delete", "create"], "replace_paths": [["security_group_id"]]}
    (found,) = proved(applied).replaced
    assert (found.address, found.arguments, found.is_certain) == (ADDRESS, ("security_group_id",), True)


def test_what_opens_stands_above_its_example(applied: Any) -> None:
    plan = Plan("dev", "dev", changes=(), access=(), outputs=(), stateful_losses=())
    text = renderer("table")(Report(plan, Target.AWS, proof=proved(changed(applied, to_port=444))))
    assert "\n\ninternet -> web tcp 444\n  internet 203.0.113.10 -> web" in text


def test_a_group_that_a_rule_names_by_its_id_has_its_name(applied: Any) -> None:
    itself = {"cidr_ipv4": None, "referenced_security_group_id": "aws_security_group.web"}  # the id in this plan
    network = read(load_plan(changed(applied, **itself), "the plan"))
    (group,) = network.nodes["aws_instance.web"].groups or ()
    assert [each.rule.text for each in group.ingress] == ["tcp 443 from web"]


def test_a_rule_that_moves_is_the_same(applied: Any) -> None:
    plan = applied
    for each in plan["planned_values"]["root_module"]["resources"]:
        if each["address"] == "aws_instance.web":
            each |= {"address": "aws_instance.front", "name": "front"}
    for change in plan["resource_changes"]:
        if change["address"] == "aws_instance.web":
            change |= {"address": "aws_instance.front", "previous_address": "aws_instance.web"}
    plan["configuration"] = json.loads(json.dumps(plan["configuration"]).replace('"web"', '"front"'))
    proof = proved(plan)
    assert (proof.opens, proof.closes) == ((), ())


def test_of_a_first_plan_everything_is_new(applied: Any) -> None:
    proof = proved({**applied, "prior_state": {}})
    assert list(headlines(proof))[:2] == ["Opens 1: internet -> web tcp 443", "Closes nothing."]
    assert proof.opens[0].is_new


def test_what_is_not_known_in_a_plan_proves_nothing(applied: Any) -> None:
    plan = changed(applied, to_port=None)
    plan["resource_changes"][-1]["change"]["after_unknown"] = {"to_port": True}
    proof = proved(plan)
    assert [(each.text, str(each.certainty)) for each in proof.opens] == [
        ("internet -> web everything but tcp 443", "assumed")
    ]
    assert not proof.is_proved


def test_a_policy_that_names_what_is_not_there_is_read_as_written(tmp_path: Path) -> None:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "${aws_s3_bucket.b.arn}/*", "Principal": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    written = {
        "aws_s3_bucket": {"b": {}},
        "aws_s3_bucket_policy": {"p": {"bucket": "${aws_s3_bucket.b.id}", "policy": policy}},
    }
    unknown = {"aws_s3_bucket.b": {"arn": True, "id": True}, "aws_s3_bucket_policy.p": {"bucket": True, "policy": True}}
    resources = [
        {"address": each, "type": each.partition(".")[0], "name": each[-1], "mode": "managed"} for each in unknown
    ]
    expressions = {"aws_s3_bucket.b": {}, "aws_s3_bucket_policy.p": {"bucket": REFERS, "policy": REFERS}}
    plan = {
        "planned_values": {"root_module": {"resources": [{**each, "values": {}} for each in resources]}},
        "resource_changes": [
            {
                **each,
                "change": {
                    "actions": ["create"],
                    "before": None,
                    "after": {},
                    "after_unknown": unknown[each["address"]],
                },
            }
            for each in resources
        ],
        "configuration": {
            "root_module": {"resources": [{**each, "expressions": expressions[each["address"]]} for each in resources]}
        },
    }
    lines = list(headlines(proof_of(plan, {"resource": written}, "dev", Terms())))
    assert re.fullmatch(r"Opens 1: everyone \(anonymous and \d+ more\) may now read aws_s3_bucket.b", lines[0])


REFERS = {"references": ["aws_s3_bucket.b.arn", "aws_s3_bucket.b"]}


def test_what_opens_nothing_is_proved(applied: Any) -> None:
    assert proved(changed(applied, description="HTTPS of everybody")).is_proved


@pytest.mark.parametrize("form", ["table", "markdown", "json"])
def test_every_format_begins_with_what_opens(applied: Any, form: str) -> None:
    plan = Plan("dev", "dev", changes=(), access=(), outputs=("o",), stateful_losses=())
    text = renderer(form)(Report(plan, Target.AWS, proof=proved(changed(applied, to_port=444))))
    if form == "json":
        found = json.loads(text)
        assert found["headlines"][0] == "Opens 1: internet -> web tcp 444"
        assert found["proof"]["opens_nothing"] is False
        assert len(found["proof"]["digest"]) == 64
    elif form == "markdown":
        lines = [line for line in text.splitlines() if not line.startswith("<!--")]
        assert lines[:2] == ["**Opens 1: internet -\\> web tcp 444**  ", "Closes nothing.  "]
        assert "acknowledge" not in text, "only infra change takes an id, and another one"
    else:
        assert text.splitlines()[:2] == ["Opens 1: internet -> web tcp 444", "Closes nothing."]
