"""What `infra bootstrap` says of the delegation of a zone."""

from __future__ import annotations

from typing import Any

import pytest
from ruamel.yaml import YAML

from cli.core.operations.delegation import report_on
from envs.delegation import setting_lines
from envs.load import load, load_all
from envs.settings import Settings

SERVERS = ["ns-1.awsdns-01.com", "ns-2.awsdns-02.net", "ns-3.awsdns-03.org", "ns-4.awsdns-04.co.uk"]
DS = f"12345 13 2 {'AB' * 32}"
OUTPUTS: dict[str, dict[str, Any]] = {"name_servers": {"value": SERVERS}, "delegation_signer": {"value": DS}}


def prod_with(*delegations: Any) -> Settings:
    """prod with delegations."""
    data = load("prod").model_dump()
    data["edge"]["delegations"] = delegations
    return Settings.model_validate(data)


def test_before_the_zone_is_made_there_is_nothing_to_say() -> None:
    assert report_on(load("dev"), {}, load_all()) is None


def test_a_child_belongs_into_the_settings_of_its_parent() -> None:
    report = report_on(load("dev"), OUTPUTS, load_all())
    assert report is not None
    text = report.text()
    assert text.startswith(f"The public zone dev.meals.example\n  NS  {SERVERS[0]}\n")
    assert f"  DS  {DS}\n" in text
    assert (
        "belongs into meals.example, the zone of prod. Add it to envs/prod.yaml, then run\ninfra bootstrap prod:"
        in text
    )
    assert report.as_data()["status"] == "missing"


def test_what_is_printed_is_a_valid_setting_of_the_parent() -> None:
    report = report_on(load("dev"), OUTPUTS, load_all())
    assert report is not None
    printed = YAML(typ="safe").load("\n".join(setting_lines(report.delegation)))
    assert prod_with(*printed["edge"]["delegations"]).edge.delegations == (report.delegation,)
    assert prod_with(*report.as_data()["setting"]["edge"]["delegations"]).edge.delegations == (report.delegation,)


@pytest.mark.parametrize(
    ("changes", "status", "says"),
    [
        ({}, "present", "is delegated by prod, as envs/prod.yaml says"),
        ({"name_servers": SERVERS[:2]}, "different", "Replace its entry in envs/prod.yaml"),
        ({"ds_records": []}, "different", "Replace its entry in envs/prod.yaml"),
    ],
)
def test_the_parents_settings_are_compared(changes: dict[str, Any], status: str, says: str) -> None:
    report = report_on(load("dev"), OUTPUTS, load_all())
    assert report is not None
    parent = prod_with({**report.delegation.model_dump(), **changes})
    compared = report_on(load("dev"), OUTPUTS, [load("dev"), parent])
    assert compared is not None
    assert compared.status.value == status
    assert says in compared.text()


def test_the_topmost_zone_belongs_to_the_registrar() -> None:
    report = report_on(load("prod"), OUTPUTS, load_all())
    assert report is not None
    assert "enter the name servers at the registrar of the domain" in report.text()
    assert (report.as_data()["parent_domain"], report.as_data()["parent_environment"]) == ("example", None)


def test_a_zone_that_is_not_signed_has_no_ds_record() -> None:
    report = report_on(load("dev"), {"name_servers": OUTPUTS["name_servers"]}, load_all())
    assert report is not None
    assert "DS" not in report.text()
    assert report.as_data()["ds_record"] is None
