"""Drift of several stacks: in words, what opens access first, and never silent about a stack that was not compared."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from cli.core.base.progress import ProgressReporter
from cli.core.base.target import Target
from cli.core.operations import drift as module
from cli.core.operations.drift import Drift, drift_of_environments
from cli.core.operations.drift_report import MARKER, as_json, as_markdown, as_table
from cli.core.operations.opened import opened
from cli.core.plans.model import Access, Attribute, Change, Kind, Value, Widening
from cli.core.records.model import Result
from cli.core.terraform.failures import NoCredentials, StateLocked
from cli.core.workspace.options import Options
from cli.core.workspace.workspace import Workspace
from tests.support.records import applied

GROUP = "aws_security_group_rule.rule"
DOCUMENT = {"resource": {"aws_security_group_rule": {"rule": {"cidr_blocks": ["10.0.0.0/8"], "type": "ingress"}}}}
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"


def added(path: str, text: str) -> Attribute:
    """Something that nobody made."""
    return Attribute(path, Value(""), Value(text))


def texts(*attributes: Attribute) -> list[str]:
    """What is opened by things that others added to one resource."""
    found = opened(
        {}, {}, added={"aws_iam_role.role": attributes}, paths={"aws_iam_role.role": "servers/role"}, written={}
    )
    assert {(each.address, each.construct_path) for each in found} <= {("aws_iam_role.role", "servers/role")}
    return [each.text for each in found]


def test_what_others_added_is_said_in_words() -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}
    policy = json.dumps({"Statement": [statement, {**statement, "Action": "sqs:ReceiveMessage"}]})
    assert texts(added("policy", policy)) == [
        "policy: Allow everyone to send messages to aws_iam_role.role",
        "policy: Allow everyone to receive messages of aws_iam_role.role",
    ]
    own = json.dumps({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
    assert texts(added("inline_policy", f"back: {own}")) == [
        "inline policy back: Allow aws_iam_role.role to do everything with everything"
    ]
    assert texts(added("managed_policy_arns", ADMIN)) == [f"attached policy: {ADMIN}"]
    assert texts(added("ingress", "tcp 22 from 0.0.0.0/0")) == ["ingress rule: tcp 22 from 0.0.0.0/0"]
    assert texts(added("subscription", "email to eve@x.example")) == ["subscription: email to eve@x.example"]


def test_a_policy_that_only_refuses_or_cannot_be_read_is_shown_as_it_is() -> None:
    for policy in ("no JSON", json.dumps({"Statement": {"Effect": "Deny", "Principal": "*", "Action": "*"}})):
        assert any(policy in text or "is not known" in text for text in texts(added("policy", policy)))


def rule(**after: Any) -> dict[str, Any]:
    """A plan in which a rule of a security group has drifted."""
    before = {"type": "ingress", "protocol": "tcp", "from_port": 22, "to_port": 22, "security_group_id": "sg-1"}
    before |= {"cidr_blocks": ["10.0.0.0/8"], "description": "x"}
    change = {"actions": ["update"], "before": before, "after": {**before, **after}, "after_unknown": {}}
    drifted = {"address": GROUP, "type": "aws_security_group_rule", "mode": "managed", "change": change}
    return {"resource_drift": [drifted]}


def test_an_argument_that_opens_access_is_said_in_words() -> None:
    written = {GROUP: frozenset({"cidr_blocks", "type"})}
    (found,) = opened(rule(cidr_blocks=["0.0.0.0/0"]), DOCUMENT, added={}, paths={}, written=written)
    assert "0.0.0.0/0" in found.text
    assert (
        opened(rule(cidr_blocks=["10.0.0.0/16"], description="y"), DOCUMENT, added={}, paths={}, written=written)[1:]
        == ()
    )


def test_what_the_terraform_does_not_set_is_not_said_twice() -> None:
    assert (
        opened(rule(cidr_blocks=["0.0.0.0/0"]), DOCUMENT, added={}, paths={}, written={GROUP: frozenset({"type"})})
        == ()
    )


def change(address: str, *attributes: Attribute, kind: Kind = Kind.UPDATE) -> Change:
    return Change(address, address.partition(".")[0], kind, "-", "", attributes, "")


def test_what_opens_access_comes_first_and_everything_is_named() -> None:
    policy = added("managed_policy_arns", ADMIN)
    many = [Attribute(f"a{at}", Value("1"), Value("2")) for at in range(12)]
    changes = [change("aws_iam_role.r", policy, *many), change("aws_iam_role.s", policy)]
    gone = change("aws_sqs_queue.q", kind=Kind.DESTROY)
    opens = tuple(Access(each.address, "", Widening.WIDENS, f"attached policy: {ADMIN}") for each in changes)
    drift = Drift("dev", "dev", opens, (*changes, gone), {each.address: (policy,) for each in changes}, ("clients",))
    other = Drift("prod", "prod", problem="the state is locked", is_failure=True)
    drifts = [drift, Drift("dev", "dev-bootstrap"), other]
    assert as_table(drifts).splitlines() == [
        "dev: 3 resources drifted",
        "  opens access:",
        f"    aws_iam_role.r: attached policy: {ADMIN}",
        f"    aws_iam_role.s: attached policy: {ADMIN}",
        "  aws_iam_role.r was changed",
        *(f"    a{at}: 1 -> 2" for at in range(12)),
        "  aws_sqs_queue.q is gone",
        "  not looked at: clients",
        "dev-bootstrap: nothing drifted",
        "prod: not compared: the state is locked",
        "2 stacks compared, 1 drifted, 1 with access opened, not compared: prod",
    ]
    first, line, *rest = as_markdown(drifts).splitlines()
    assert first == MARKER
    assert line == "**2 stacks compared, 1 drifted, 1 with access opened, not compared: prod**"
    assert "### dev: 3 resources drifted" in rest
    assert f"  - aws\\_iam\\_role.r: attached policy: {ADMIN}" in rest
    assert not any("dev-bootstrap" in line for line in rest)
    assert [entry["not_compared"] for entry in json.loads(as_json(drifts))] == ["", "", "the state is locked"]


def test_markdown_takes_nothing_of_aws_for_markup_and_fits_into_an_issue() -> None:
    opens = tuple(
        Access("aws_sns_topic.t", "", Widening.WIDENS, f"subscription: email to <b>`{at}`@x") for at in range(3000)
    )
    text = as_markdown([Drift("dev", "dev", opens)])
    assert "<b>" not in text
    assert len(text) < 61_000
    assert "lines are left out" in text


@pytest.fixture
def stacks(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """By stack what comparing it gives: resources, or an error. The bootstrap stack of prod was not applied here."""
    behaviour: dict[str, Any] = {}

    @contextlib.contextmanager
    def open_stack(name: str, *_: Any, is_bootstrap: bool = False) -> Iterator[Any]:
        yield SimpleNamespace(workspace=f"{name}-bootstrap" if is_bootstrap else name)

    def find_drift(stack: Any, _options: Options, known: Any = ()) -> Drift:
        result = behaviour.get(stack, ())
        behaviour[f"known to {stack}"] = known
        if isinstance(result, Exception):
            raise result
        return Drift(stack.removesuffix("-bootstrap"), stack, resources=result)

    monkeypatch.setattr(module, "open_stack", open_stack)
    monkeypatch.setattr(module, "find_drift", find_drift)
    monkeypatch.setattr(module, "missing_state", lambda name, *_: "no state" if name == "prod" else "")
    return behaviour


def compare(*names: str) -> dict[str, str]:
    """Each stack, and why it was not compared."""
    drifts = drift_of_environments(names, Options(Target.AWS), ProgressReporter())
    return {drift.stack: f"{'!' if drift.is_failure else ''}{drift.problem}" for drift in drifts}


def test_every_environment_is_compared_with_its_bootstrap_stack(stacks: dict[str, Any]) -> None:
    stacks["dev"] = ("resource",)
    found = compare("dev", "prod")
    assert list(found) == ["dev", "dev-bootstrap", "prod", "prod-bootstrap"]
    assert found.pop("prod-bootstrap") == "no state"
    assert set(found.values()) == {""}
    assert stacks["known to dev-bootstrap"] == ("resource",), "the records of its zone are in the other stack"


def test_a_failure_keeps_none_of_the_others_from_being_compared(stacks: dict[str, Any]) -> None:
    stacks["dev"] = StateLocked("the state of dev is locked")
    found = compare("dev", "staging")
    assert found["dev"] == "!the state of dev is locked"
    assert found["staging"] == ""
    assert stacks["known to dev-bootstrap"] is None


def test_when_nothing_could_be_compared_the_first_failure_is_the_end(stacks: dict[str, Any]) -> None:
    stacks |= dict.fromkeys(("prod", "dev", "dev-bootstrap"), NoCredentials("there are none"))
    with pytest.raises(NoCredentials, match="there are none"):
        compare("dev", "prod")


def test_a_mistake_of_the_toolkit_is_no_failure_of_a_stack(stacks: dict[str, Any]) -> None:
    stacks["dev"] = KeyError("x")
    with pytest.raises(KeyError):
        compare("dev", "staging")


@pytest.mark.parametrize(
    ("kinds", "is_applied"),
    [
        ([], False),
        ([("apply", Result.FAILED)], False),
        ([("apply", Result.SUCCEEDED)], True),
        ([("apply", Result.SUCCEEDED), ("apply", Result.INTERRUPTED)], True),
        ([("apply", Result.SUCCEEDED), ("destroy", Result.SUCCEEDED)], False),
        ([("destroy", Result.SUCCEEDED), ("apply", Result.SUCCEEDED)], True),
    ],
)
def test_an_empty_state_of_what_was_applied_is_no_absence_of_drift(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kinds: list[tuple[str, Result]], is_applied: bool
) -> None:
    (tmp_path / "cdk.tf.json").write_text("{}")
    records = [applied(at, kind=kind, result=result) for at, (kind, result) in enumerate(kinds, 1)]
    terraform = SimpleNamespace(plan=lambda *_, **__: None, show=lambda _: b"{}")
    workspace = SimpleNamespace(
        environment="dev",
        stack="dev",
        progress=ProgressReporter(),
        init=lambda: True,
        temporary_plan=lambda: contextlib.nullcontext(tmp_path),
        terraform=terraform,
        configuration=tmp_path / "cdk.tf.json",
        records=SimpleNamespace(read=lambda: records),
    )
    monkeypatch.setattr(module, "account_reads", lambda _: None)
    drift = module.find_drift(cast(Workspace, workspace), Options(Target.AWS))
    assert drift.is_failure is is_applied
    assert bool(drift.problem) is is_applied
