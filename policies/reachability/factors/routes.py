"""Route tables: of the routes that match, the one with the longest prefix is chosen; of equal ones, the earlier.

Source: VPC user guide, "Route tables", section "Route priority".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from policies.reachability import addresses, traffic
from policies.reachability.factors.factor import Direction, Factor, Region
from policies.reachability.flows import Box
from policies.reachability.intervals import Intervals
from policies.reachability.network import Route, RouteTable


@dataclass(frozen=True)
class Choice:
    """The addresses that one route is chosen for."""

    addresses: Intervals
    route: Route


@dataclass(frozen=True)
class Lead:
    """Addresses that routes lead to, and those routes in order: the table's, and a transit gateway's after it."""

    addresses: Intervals
    routes: tuple[Route, ...]
    is_assumed: bool = False


def choices(routes: Iterable[Route]) -> tuple[Choice, ...]:
    """What each route of a table is chosen for, the longest prefix first; routes that never are chosen are left out."""
    left = addresses.ALL
    chosen_routes = []
    for route in sorted(routes, key=lambda route: -route.prefix_length):
        chosen = route.destination & left
        if chosen:
            chosen_routes.append(Choice(chosen, route))
            left -= chosen
    return tuple(chosen_routes)


def leading(table: RouteTable, leads: Iterable[Lead], direction: Direction) -> Factor:
    """What a table lets through to where `leads` lead; of answers (`direction` return) that is where the client is."""
    regions = tuple(
        Region(
            Box(lead.addresses, addresses.ALL, traffic.ALL)
            if direction == "return"
            else Box(addresses.ALL, lead.addresses, traffic.ALL),
            tuple(route.rule for route in lead.routes),
            lead.is_assumed,
        )
        for lead in leads
    )
    rules = tuple(route.rule for route in table.routes)
    return Factor(f"route table {table.name}", direction, regions, rules, is_allow_list=True)
