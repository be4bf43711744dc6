"""The gate on a plan: what counts, what is suppressed as in the Terraform, what only the Terraform can tell."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

from cli.core.gate.model import Detail, Finding, Location, RuleInfo, SuppressedFinding, Target, TargetResult
from cli.core.operations.plan_policy import judge_plan, plan_to_judge, unknown_addresses
from policies.library.rule import FindingKind
from policies.library.terraform.plan import load_plan

OWN = RuleInfo("CKV2_MEALS_1", "own", "high", own=True)
BUILTIN = RuleInfo("CKV_AWS_1", "builtin", "high")
TARGET = Target("dev", "terraform_plan", Path(), (), Path())
DOCUMENT = {
    "resource": {
        "aws_sqs_queue": {"q": {"name": "q", "policy": '{"Resource": "${aws_sqs_queue.q.arn}"}'}},
        "aws_lb_listener": {"l": {"load_balancer_arn": "${aws_lb.a.arn}", "port": 443}},
        "aws_security_group": {"g": {"name": "g"}},
    }
}


def finding(rule: RuleInfo, address: str, kind: FindingKind = FindingKind.VIOLATION) -> Finding:
    return Finding(rule, Location(address, None, Path("plan.json"), 1, 1), (Detail("", "", kind),))


def result(*findings: Finding, suppressed: tuple[SuppressedFinding, ...] = ()) -> TargetResult:
    return TargetResult(TARGET, 1, 1, findings, suppressed, ())


def test_a_finding_on_the_plan_names_the_python_line() -> None:
    metadata = {"path": "dev/a", "sourceLines": ["modules/a/b.py:7"]}
    document = {"resource": {"aws_lb": {"a": {"//": {"metadata": metadata}}}}}
    verdict = judge_plan(result(finding(OWN, "aws_lb.a"), finding(OWN, "aws_lb.b")), result(), (), document)
    assert [str(each.at.to_mend) for each in verdict.result.findings] == ["modules/a/b.py:7", "plan.json:1"]


def test_a_suppression_holds_in_the_plan_for_the_same_rule_and_resource() -> None:
    accepted = SuppressedFinding(
        BUILTIN, Location("aws_lb.a", "dev/a", Path("x"), 1, 1), "why", "who", datetime.date(2027, 1, 1)
    )
    plan = result(finding(BUILTIN, "aws_lb.a"), finding(BUILTIN, "aws_lb.b"), finding(OWN, "aws_lb.a"))
    verdict = judge_plan(plan, result(suppressed=(accepted,)), (), {})
    assert [(each.rule.id, each.at.address) for each in verdict.result.findings] == [
        ("CKV_AWS_1", "aws_lb.b"),
        ("CKV2_MEALS_1", "aws_lb.a"),
    ]
    assert [(each.at.address, each.reason) for each in verdict.result.suppressed] == [("aws_lb.a", "why")]


def test_what_a_rule_cannot_tell_yet_is_left_to_the_terraform() -> None:
    unsure = finding(OWN, "aws_sqs_queue.q", FindingKind.UNKNOWN)
    sure = finding(OWN, "aws_sqs_queue.q")
    builtin = finding(BUILTIN, "aws_sqs_queue.q")
    verdict = judge_plan(result(unsure, sure, builtin), result(), {"aws_sqs_queue.q"}, {})
    assert verdict.undecided == (unsure, builtin)
    assert verdict.result.findings == (sure,)
    assert judge_plan(result(builtin), result(), (), {}).result.findings == (builtin,)


def test_the_plan_that_is_judged() -> None:
    def resource(type_: str, label: str, **values: object) -> dict[str, object]:
        return {"address": f"{type_}.{label}", "type": type_, "name": label, "mode": "managed", "values": values}

    listener = resource("aws_lb_listener", "l", load_balancer_arn="arn:lb", port=80)
    group = resource("aws_security_group", "g", name="g", id="sg-1", ingress=[{"from_port": 22}])
    read = {**resource("aws_ami", "a", image_id="ami-1"), "mode": "data"}
    plan = {
        "prior_state": {
            "values": {"root_module": {"child_modules": [{"address": "module.m", "resources": [read, group]}]}}
        },
        "resource_drift": [{"address": "aws_security_group.g"}],
        "planned_values": {
            "root_module": {"resources": [resource("aws_sqs_queue", "q", policy="{}"), listener, group]}
        },
        "resource_changes": [
            {"address": "aws_sqs_queue.q", "change": {"actions": ["no-op"], "after_unknown": {}}},
            {"address": "aws_lb_listener.l", "change": {"actions": ["create"], "after_unknown": {"arn": True}}},
        ],
    }
    before = json.dumps(plan)
    shown = plan_to_judge(plan, DOCUMENT)
    assert json.dumps(plan) == before
    queue, judged, read_back = shown["planned_values"]["root_module"]["resources"]
    assert queue["values"] == {}, "what is put together from references is judged in the Terraform"
    assert judged["values"] == {"load_balancer_arn": "arn:lb", "port": 80}, "what is set is judged"
    assert read_back["values"] == {"name": "g", "id": "sg-1"}, "what is only read back is judged where it is set"
    assert unknown_addresses(shown, DOCUMENT) == {"aws_sqs_queue.q"}
    (module,) = shown["prior_state"]["values"]["root_module"]["child_modules"]
    assert module["resources"] == [read], "what data sources read is judged"
    assert "resource_drift" not in shown


def test_a_policy_of_what_is_applied_already_is_left_to_the_terraform() -> None:
    """All that its text refers to is known by then; the policy is not absent for that."""
    text = '{"Statement": [{"Resource": "${aws_sns_topic.t.arn}"}]}'
    document = {"resource": {"aws_sqs_queue": {"q": {"policy": text}}, "aws_sns_topic": {"t": {}}}}
    identity = {"mode": "managed", "type": "aws_sqs_queue", "name": "q", "address": "aws_sqs_queue.q"}
    topic = {"mode": "managed", "type": "aws_sns_topic", "name": "t", "address": "aws_sns_topic.t"}
    written = {"policy": {"constant_value": text, "references": ["aws_sns_topic.t.arn", "aws_sns_topic.t"]}}
    values = [{**identity, "values": {"policy": "{}"}}, {**topic, "values": {"arn": "arn:t"}}]
    plan = {
        "planned_values": {"root_module": {"resources": values}},
        "resource_changes": [
            {**each, "change": {"actions": ["no-op"], "after_unknown": {}}} for each in (identity, topic)
        ],
        "configuration": {"root_module": {"resources": [{**identity, "expressions": written}, topic]}},
    }
    queue = load_plan(plan_to_judge(plan, document), "plan.json").resources["aws_sqs_queue.q"]
    assert queue.has("policy")


def test_what_terraform_forgets_is_not_judged() -> None:
    forgotten = {"address": "aws_kms_key.k", "type": "aws_kms_key", "name": "k", "mode": "managed"}
    stays = {
        "address": "aws_security_group.g",
        "type": "aws_security_group",
        "name": "g",
        "mode": "managed",
        "values": {},
    }
    plan = {
        "planned_values": {"root_module": {"resources": [forgotten, stays]}},
        "resource_changes": [
            {"address": "aws_kms_key.k", "change": {"actions": ["forget"]}},
            {"address": "aws_security_group.g", "change": {"actions": ["create", "forget"], "after_unknown": {}}},
        ],
    }
    shown = plan_to_judge(plan, DOCUMENT)
    assert [each["address"] for each in shown["planned_values"]["root_module"]["resources"]] == ["aws_security_group.g"]
    assert [each["address"] for each in shown["resource_changes"]] == ["aws_security_group.g"]
