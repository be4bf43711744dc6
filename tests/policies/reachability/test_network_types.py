"""Every type of the provider that has a part in networks is read, assumed by name, or reviewed as having none.

Which part a type can have is told by the names of its arguments, in the installed bindings: those are generated from
the provider's schema. A new version of the bindings with a new such type fails here until the type is read, is said
not to be looked at, or stands in network_types.yaml with the reason why it decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from policies.library.model import Configuration, Resource
from policies.reachability.read import read
from policies.reachability.read.service_types import GROUPS, SUBNETS, WITHOUT_INTERFACES
from tests.support.helpers import ROOT
from tests.support.provider_types import arguments
from tests.support.reachability_text import NAMES, configuration_of

REVIEWED = Path(__file__).with_name("network_types.yaml")

PARTS: Mapping[str, str] = {
    "address": r".*(associate_public_ip|assign_public_ip|map_public_ip|eip|elastic_ip|public_ip|private_ip|ip_address"
    r"|ipv6_address|cidr).*|allocation_id",
    "attachment": r"vpc|.*subnets?|.*subnet_(ids?|arns?)|.*subnet_group.*|.*security_groups?(_ids?|_arns?)?"
    r"|.*network_interface.*|.*vpc_(ids?|arn|config|configuration|options|settings|identifier)|network_configuration",
    "route": r".*(route_table|transit_gateway|core_network|prefix_list|peering|route_server).*"
    r"|(.*_)?gateway_id|.*vpn_(gateway|connection|concentrator).*",
    "entrance": r".*(vpc_link|vpc_endpoint|vpc_origin|vpc_connector|vpc_connection|listener_arn|accelerator_arn"
    r"|integration_target|integration_uri|client_vpn|network_access).*|connection_id",
    "target": r"target_(ids?|arns?)|.*target_group.*|.*load_balancers?(_arns?|_names?)?|origins?|endpoint_id",
}
"""What a type can have to do with a network, and the names of the arguments that say so."""

_LITERAL = re.compile(r'"(aws_\w+)"')


@pytest.fixture(scope="module")
def types_read(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """The types that the reader names, or asks for while it reads whole configurations."""
    files = (ROOT / "policies" / "reachability").rglob("*.py")
    found = {type_ for file in files for type_ in _LITERAL.findall(file.read_text())}
    of_type = Configuration.of_type

    def recorded(configuration: Configuration, *types: str) -> tuple[Resource, ...]:
        found.update(types)
        return of_type(configuration, *types)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Configuration, "of_type", recorded)
        for name in NAMES:
            read(configuration_of(name, tmp_path_factory.mktemp(name)))
    return frozenset(found)


def standing() -> set[str]:
    """The types that have interfaces, by the names of their arguments."""
    patterns = (SUBNETS, GROUPS)
    return {
        type_
        for type_, names in arguments().items()
        if type_ not in WITHOUT_INTERFACES and any(pattern.fullmatch(name) for pattern in patterns for name in names)
    }


def with_part(part: str) -> set[str]:
    """The types with an argument that says they have a part in networks."""
    pattern = re.compile(PARTS[part])
    return {type_ for type_, names in arguments().items() if any(map(pattern.fullmatch, names))}


@lru_cache(maxsize=1)
def entries() -> list[Mapping[str, Any]]:
    """What network_types.yaml says."""
    return YAML(typ="safe").load(REVIEWED)  # type: ignore[no-any-return]


def reviewed() -> list[str]:
    """The types that decide nothing."""
    return [type_ for entry in entries() for type_ in entry["types"]]


@pytest.mark.parametrize("part", PARTS)
def test_every_type_is_read_or_reviewed(part: str, types_read: frozenset[str]) -> None:
    assert sorted(with_part(part) - types_read - standing() - set(reviewed())) == []


def test_a_review_is_needed_and_has_a_reason(types_read: frozenset[str]) -> None:
    assert all(len(entry["reason"].split()) > 3 for entry in entries())
    assert sorted(reviewed()) == sorted(set(reviewed()))
    of_later_versions = set(reviewed()) - arguments().keys()
    needed = {type_ for part in PARTS for type_ in with_part(part)} | of_later_versions
    assert sorted(set(reviewed()) - needed) == []
    assert sorted(set(reviewed()) & types_read) == []
