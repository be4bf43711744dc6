"""Unexplained changes that pass by a proof, and those of which nothing is proved."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cli.core.change.model import Certainty, ChangeProof, Destruction, Effect
from cli.core.change.terms import Terms
from cli.core.plans.model import Change, Kind, Plan
from cli.core.plans.proof import proof_of
from cli.core.plans.reader import read_plan
from cli.core.promotion.actions import of_plan
from cli.core.promotion.comparison import Comparison, UnexplainedChange, compare
from cli.core.promotion.proved import proving
from tests.support.web_plans import ADDRESS, changed, unchanging

RULE, TABLE = "aws_network_acl_rule.a", "aws_dynamodb_table.t"
PROOF = ChangeProof(
    "the state", "the plan", opens=(), closes=(), loosened=(), claims=(), holding=12, destroys=(), changed=(RULE,)
)
OPENED = Effect("internet -> web tcp 22", "connection", ("x",))


def plan(address: str = RULE, kind: Kind = Kind.UPDATE, losses: tuple[str, ...] = ()) -> Plan:
    """A plan that does something to one resource."""
    change = Change(address=address, type="", kind=kind, part="network", construct_path="", attributes=(), reason="")
    return Plan("prod", "prod", changes=(change,), access=(), outputs=(), stateful_losses=losses)


def unexplained(address: str = RULE, planned: str = "update: to_port") -> Comparison:
    """The comparison that leaves one change."""
    return Comparison((UnexplainedChange(address, "", planned, ""),))


def test_what_opens_destroys_and_stores_nothing_passes() -> None:
    assert proving(plan(), unexplained(), PROOF) == PROOF.digest()
    assert proving(plan(kind=Kind.CREATE), unexplained(planned="create"), PROOF)
    assert proving(plan("aws_other.x"), unexplained(planned=""), PROOF)


@pytest.mark.parametrize(
    "proof",
    [
        None,
        replace(PROOF, opens=(OPENED,)),
        replace(PROOF, opens=(replace(OPENED, certainty=Certainty.PERHAPS),)),
        replace(PROOF, opens=(replace(OPENED, certainty=Certainty.ASSUMED),)),
        replace(PROOF, gaps=("module.m: its source is not here",)),
        replace(PROOF, destroys=(Destruction(TABLE),)),
        replace(PROOF, destroys=(Destruction(TABLE, "what is in it is not known"),)),
    ],
)
def test_what_is_not_proved_does_not(proof: ChangeProof | None) -> None:
    assert proving(plan(), unexplained(), proof) == ""


@pytest.mark.parametrize("kind", [Kind.DESTROY, Kind.REPLACE, Kind.FORGET, Kind.IMPORT])
def test_what_destroys_or_forgets_does_not(kind: Kind) -> None:
    assert proving(plan(kind=kind), unexplained(planned=str(kind)), PROOF) == ""


@pytest.mark.parametrize("address", [TABLE, "aws_sns_topic_subscription.s", "aws_launch_template.l", "aws_new_type.n"])
def test_what_may_hold_or_send_data_does_not(address: str) -> None:
    assert proving(plan(address), unexplained(address), PROOF) == ""


def test_what_it_costs_is_in_no_proof() -> None:
    assert proving(plan(), unexplained(), replace(PROOF, cost="Costs +1.00 USD a month.")) == PROOF.digest()


def test_lost_data_does_not() -> None:
    assert proving(plan(losses=(TABLE,)), unexplained(), PROOF) == ""


@pytest.mark.parametrize(
    ("values", "passes"),
    [({"description": "HTTPS of everybody"}, True), ({"to_port": 444}, False), ({"to_port": None}, False)],
)
def test_a_change_of_a_plan_passes_by_its_own_proof(values: dict[str, Any], passes: bool, tmp_path: Path) -> None:
    content = changed(unchanging(tmp_path), **values)
    content["resource_changes"][-1]["change"]["after_unknown"] = {
        name: True for name, value in values.items() if value is None
    }
    read = read_plan(content, {}, environment="prod", stack="prod")
    comparison = compare(of_plan(read), {})
    assert [each.address for each in comparison.unexplained] == [ADDRESS]
    proof = proof_of(content, {}, "prod", Terms())
    assert proving(read, comparison, proof) == (proof.digest() if passes else "")
