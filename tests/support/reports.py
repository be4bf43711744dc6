"""A report that has something of everything: real networks, and a gate and records that a test makes up."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cli.core.base.progress import ProgressReporter
from cli.core.base.source_lines import SourceLine
from cli.core.change.model import ChangeProof, Destruction, Effect
from cli.core.diff.model import AttributeDifference, Difference, ResourceDifference, SettingDifference
from cli.core.gate.model import (
    Detail,
    Finding,
    Location,
    Note,
    Outcome,
    Problem,
    RuleInfo,
    Severity,
    SuppressedFinding,
    Target,
    TargetResult,
)
from cli.core.operations.admission import Objection
from cli.core.promotion.status import EnvironmentStatus, NextPromotion
from cli.core.reach.network import configuration_at
from cli.core.records.model import Override
from cli.core.report.claims import claim_results
from cli.core.report.gather import environment_page
from cli.core.report.model import ReportContent
from cli.core.report.resources import parts
from policies.library.rule import FindingKind
from tests.support.records import APPLY, FREEZE, PROMOTION, log_data, log_record, stack_record

MADE = datetime.datetime(2027, 3, 1, 12, tzinfo=datetime.UTC)
SOON = datetime.date(2027, 3, 31)
HOSTILE = '<img src=x onerror="alert(1)">'
"""A name that must stay a name."""


def rule(id: str, *, claim: str = "", severity: Severity = "high") -> RuleInfo:
    """A rule of the gate."""
    return RuleInfo(id, f"What {id} holds", severity, claim=claim, fix="Set it.", own=True)


def finding(of: RuleInfo, name: str = "dev/edge/a", *, kind: FindingKind = FindingKind.VIOLATION) -> Finding:
    """A finding of a rule at a resource."""
    return Finding(of, location(name), (Detail(f"it is {HOSTILE}", "it is not", kind),))


def location(name: str) -> Location:
    """A resource of the edge."""
    line = SourceLine(Path("modules/edge/edge.py"), 12)
    return Location(f"aws_lb.{name}", name, Path("cdk.tf.json"), line=1, end_line=1, source_lines=(line,))


def result(name: str, findings: Sequence[Finding] = (), **more: Any) -> TargetResult:
    """What the gate says of an environment."""
    target = Target(name, "terraform_json", Path(), (), Path())
    whole = {"resources": 12, "passed": 345, "suppressed": (), "problems": (), **more}
    return TargetResult(target, findings=tuple(findings), **whole)


def outcome(*results: TargetResult, rules: Sequence[RuleInfo] = (), problems: Sequence[Problem] = ()) -> Outcome:
    """What the gate says of several."""
    return Outcome(results, tuple(problems), {each.id: each for each in rules}, "3", today=MADE.date())


def sample(directory: Path) -> ReportContent:
    """A report about dev and staging, whose Terraform is in a directory, in a bad state."""
    stacks = {name: (directory / name, directory / f"{name}-bootstrap") for name in ("dev", "staging")}
    rules = [rule("CKV2_MEALS_301", claim="C1"), rule("CKV2_MEALS_302", claim="C4"), rule("CKV_AWS_1", severity="low")]
    accepted = [
        SuppressedFinding(rules[1], location(name), reason="Because.", owner="platform", expires=SOON)
        for name in ("dev/edge/b", "dev/edge/c", "staging/edge/c", "aws_lb.d")
    ]
    judged = outcome(
        result("dev", [finding(rules[0]), finding(rules[2])], suppressed=tuple(accepted), notes=(Note("a", "Note."),)),
        result("staging", problems=(Problem("file-not-parsed", "staging: is not JSON"),)),
        rules=rules,
    )
    promoted = log_data({**PROMOTION, "environment": "staging", "source": "dev"})
    frozen = log_data({**FREEZE, "environment": "staging"})
    applied = stack_record(1, {**APPLY, "target": "aws"})
    promotion = log_record(1, promoted)
    return ReportContent(
        made=MADE,
        revision="0123456789ab",
        environments=tuple(environment_page(name, *paths, ProgressReporter()) for name, paths in stacks.items()),
        outcome=judged,
        claims=claim_results(judged),
        parts=parts({name: [configuration_at(path) for path in paths] for name, paths in stacks.items()}),
        changes={"dev": _change(), "staging": "Nothing was applied from a commit that git has here."},
        differences=(_difference(),),
        statuses=(_status("dev"), _status("staging", frozen=True)),
        log=(log_record(2, frozen, promotion), promotion),
        history={"dev": (applied,), "staging": ()},
    )


def _change() -> ChangeProof:
    opened = Effect(
        "internet -> core tcp 22", "connection", ("a",), witness=("internet -> core, tcp 22", "  -> a rule")
    )
    return ChangeProof(
        before="dev@0123456",
        after="dev",
        opens=(opened,),
        closes=(),
        loosened=(),
        claims=(),
        holding=18,
        destroys=(Destruction("aws_s3_bucket.a"),),
        changed=("aws_s3_bucket.a", "aws_security_group.b"),
    )


def _difference() -> Difference:
    texts = ("#cloud-config\nA=1\nB=1\n", "#cloud-config\nA=1\nB=2\n")
    attributes = (
        AttributeDifference("name", HOSTILE, None, "name"),
        AttributeDifference("user_data", *texts, "user_data"),
        AttributeDifference("subnets", ["a", "b"], ["b", "c"], "subnets"),
    )
    return Difference(
        "dev",
        "staging",
        (
            SettingDifference("release.application_version", "release", "1.1.0", "1.0.0"),
            SettingDifference("network.replicas", "size", 2, 3),
        ),
        (ResourceDifference("environment", "aws_lb.a", "edge/a", "changed", attributes),),
    )


def _status(name: str, *, frozen: bool = False) -> EnvironmentStatus:
    return EnvironmentStatus(
        environment=name,
        application_version="1.1.0",
        applied_release="r1",
        since=MADE - datetime.timedelta(hours=2),
        last_apply=None,
        policies="2 findings",
        drift=None,
        destroyed=None,
        frozen_until=MADE + datetime.timedelta(days=1) if frozen else None,
        objections=(Objection("freeze", "it is frozen"),) if frozen else (),
        overrides=(Override(check="soak", reason="an incident", expires=MADE + datetime.timedelta(days=2)),),
        next=NextPromotion("staging", {"application_version": ("1.0.0", "1.1.0")}, 1.5, 1) if not frozen else None,
        missing_delegation=None,
    )
