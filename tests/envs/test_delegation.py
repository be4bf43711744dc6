"""Parents, children and missing delegations, as far as settings tell."""

from __future__ import annotations

from typing import Any

import pytest

from envs.delegation import (
    ZoneAnswers,
    delegation_in,
    is_same_delegation,
    missing_delegation,
    missing_delegations,
    parent_of,
)
from envs.load import load, load_all
from envs.settings import Settings

SERVERS = ("ns-1.awsdns-01.com", "ns-2.awsdns-02.net", "ns-3.awsdns-03.org", "ns-4.awsdns-04.co.uk")
DS = f"12345 13 2 {'AB' * 32}"
ANSWERS = ZoneAnswers(SERVERS, DS)


def with_delegations(*entries: dict[str, Any]) -> Settings:
    """prod with delegations."""
    data = load("prod").model_dump()
    data["edge"]["delegations"] = entries
    return Settings.model_validate(data)


def entry(name: str, *, has_ds_record: bool = True) -> dict[str, Any]:
    """The entry of a child."""
    return ZoneAnswers(SERVERS, DS if has_ds_record else "").delegation(name).model_dump()


def test_the_parent_is_the_next_zone_above() -> None:
    prod, dev = load("prod"), load("dev")
    between = dev.model_copy(update={"domain_name": "a.dev.meals.example", "environment": "deep"})
    parent = parent_of(between, [prod, dev, between])
    assert parent is not None
    assert parent.environment == "dev"
    assert parent_of(prod, [prod, dev]) is None


def test_a_name_that_only_ends_alike_is_no_child() -> None:
    other = load("dev").model_copy(update={"domain_name": "othermeals.example"})
    assert parent_of(other, [load("prod"), other]) is None


def test_everything_is_missing_before_the_first_bootstrap() -> None:
    missing = missing_delegations(load_all())
    assert [(each.environment, each.parent, each.records) for each in missing] == [
        ("dev", "prod", ("NS", "DS")),
        ("staging", "prod", ("NS", "DS")),
    ]
    assert str(missing[0]) == (
        "dev.meals.example has no NS and no DS record in the zone of prod: add edge.delegations to envs/prod.yaml, as "
        "infra bootstrap dev prints it, then run infra bootstrap prod"
    )


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
@pytest.mark.parametrize(("has_ds_record", "records"), [(True, None), (False, ("DS",))])
def test_an_entry_without_ds_record_lacks_one_in_every_region(
    has_ds_record: bool, records: tuple[str, ...] | None, region: str
) -> None:
    parent = with_delegations(entry("dev.meals.example", has_ds_record=has_ds_record))
    dev = load("dev").model_copy(update={"region": region})
    missing = missing_delegation(dev, [parent, dev])
    assert (missing and missing.records) == records


def test_what_the_zone_answers_becomes_the_entry_of_the_parent() -> None:
    delegation = ANSWERS.delegation("dev.meals.example")
    assert delegation.name_servers == SERVERS
    assert [str(record) for record in delegation.ds_records] == [DS]
    assert delegation_in(with_delegations(delegation.model_dump()), "dev.meals.example") == delegation


def test_order_and_letter_case_make_no_other_delegation() -> None:
    other = ZoneAnswers(SERVERS[::-1], DS.lower()).delegation("dev.meals.example")
    assert is_same_delegation(ANSWERS.delegation("dev.meals.example"), other)
    assert not is_same_delegation(
        ANSWERS.delegation("dev.meals.example"), ZoneAnswers(SERVERS, "").delegation(other.name)
    )
