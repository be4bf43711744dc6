"""The inventory of several environments: each resource once, with those that have it."""

from __future__ import annotations

from pathlib import Path

from cli.core.inventory.items import items
from cli.core.reach.network import configuration_at
from cli.core.report.resources import parts


def test_each_resource_stands_once(synthesized_directory: Path) -> None:
    stacks = {
        name: [configuration_at(synthesized_directory / "stacks" / each) for each in (name, f"{name}-bootstrap")]
        for name in ("dev", "prod")
    }
    found = parts(stacks)
    assert list(found) == sorted(found)
    shared = [each for listed in found.values() for each in listed]
    for name, configurations in stacks.items():
        own = [item for configuration in configurations for item in items(name, configuration)]
        assert sorted(each.item.address for each in shared if name in each.environments) == sorted(
            item.address for item in own
        )
    (broker,) = [each for each in shared if each.item.type == "aws_mq_broker"]
    assert (broker.item.part, broker.path, broker.environments) == ("messaging", "messaging/broker", ("dev", "prod"))
    assert broker.item.source.startswith("modules/messaging/")
    bootstrap = [each for each in shared if each.is_bootstrap]
    assert {"state"} <= {each.item.part for each in bootstrap}
