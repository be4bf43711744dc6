"""The table of prices and the list of what is free: each row is whole, and none contradicts another."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from cli.core.cost.charges import READERS
from cli.core.cost.free import free_types
from cli.core.cost.prices import NoPrice, price_table
from envs.settings.regions import REGIONS
from tests.support.helpers import ROOT

FILE: Path = ROOT / "cli/core/cost/prices.json"


def test_each_row_is_a_price_with_a_unit_and_a_source() -> None:
    data = json.loads(FILE.read_bytes())
    assert all(row.keys() == {"service", "item", "unit", "source", "usd"} for row in data["prices"])
    assert all(Decimal(usd) > 0 and row["unit"] for row in data["prices"] for usd in row["usd"].values())
    assert {row["source"] for row in data["prices"]} == data["sources"].keys()
    assert len(price_table().prices) == sum(len(row["usd"]) for row in data["prices"]), "no price stands twice"
    units = {(row["service"], row["item"], row["unit"]) for row in data["prices"]}
    assert len(units) == len({(service, item) for service, item, _ in units}), "an item has one unit"


def test_each_source_has_a_name_and_dates() -> None:
    for source in price_table().sources.values():
        assert source.name
        assert source.published <= source.read
        datetime.date.fromisoformat(source.read)


def test_a_type_is_priced_or_free_or_neither() -> None:
    assert READERS.keys() & free_types().keys() == set()
    assert all(free_types().values())


def test_what_is_free_is_confirmed() -> None:
    groups = YAML(typ="safe").load(ROOT / "cli/core/cost/free.yaml")
    assert all(group.keys() == {"source", "confirmed", "types"} and group["confirmed"] for group in groups)
    types = [type_ for group in groups for type_ in group["types"]]
    assert len(types) == len(set(types))


@pytest.mark.parametrize(
    ("item", "region", "reason"),
    [
        ("m99.large", "us-east-1", "no price of AmazonEC2, m99.large, in us-east-1"),
        ("m99.large", "eu-west-1", "no price of AmazonEC2, m99.large, in eu-west-1"),
        ("m7g.large", "me-south-1", "no prices of me-south-1, only of ap-northeast-1, .*us-west-2"),
    ],
)
def test_what_is_not_in_the_table_is_said(item: str, region: str, reason: str) -> None:
    with pytest.raises(NoPrice, match=reason):
        price_table().price("AmazonEC2", item, region)


@pytest.mark.parametrize("region", REGIONS)
def test_each_region_that_settings_allow_has_prices_of_its_own(region: str) -> None:
    own = {(service, item) for service, item, where in price_table().prices if where == region}
    assert {("AmazonEC2", "t4g.medium"), ("AmazonVPC", "NAT gateway"), ("AmazonMSK", "kafka.m7g.large")} <= own


@pytest.mark.parametrize("region", ["us-gov-west-1", "cn-north-1"])
def test_what_costs_the_same_everywhere_is_not_known_in_another_partition(region: str) -> None:
    with pytest.raises(NoPrice, match=f"no prices of {region}"):
        price_table().price("AmazonRoute53", "hosted zone", region)


@pytest.mark.parametrize("region", REGIONS)
def test_each_region_has_volumes_brokers_and_caches(region: str) -> None:
    own = {(service, item) for service, item, where in price_table().prices if where == region}
    assert {
        ("AmazonEC2", "gp3 storage"),
        ("AmazonMQ", "mq.m5.large cluster"),
        ("AmazonElastiCache", "cache.t4g.micro"),
    } <= own


@pytest.mark.parametrize("region", ["eu-west-1", "eu-central-1"])
def test_databases_cost_more_in_europe_and_twice_in_two_zones(region: str) -> None:
    for engine in ("mysql", "postgres"):
        for name in ("db.t4g.medium", "db.m7g.large", "db.r7g.xlarge"):
            single, double = (
                price_table().price("AmazonRDS", f"{engine} {name} {zones}", region).usd
                for zones in ("Single-AZ", "Multi-AZ")
            )
            assert abs(double - 2 * single) <= Decimal("0.002")
            assert single > price_table().price("AmazonRDS", f"{engine} {name} Single-AZ", "us-east-1").usd


def test_what_costs_the_same_everywhere_has_a_price_in_every_region() -> None:
    assert price_table().price("AmazonRoute53", "hosted zone", "eu-west-1").usd == Decimal("0.5")
