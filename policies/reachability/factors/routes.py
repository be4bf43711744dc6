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
from policies.reachability.network import Assumption, Route, RouteTable

_NO_ANSWER_NEEDED = Box(addresses.ALL, addresses.ALL, traffic.ALL - traffic.TCP)


@dataclass(frozen=True)
class Choice:
    """The addresses that one route is chosen for."""

    addresses: Intervals
    route: Route
    unless: tuple[Assumption, ...] = ()
    """That others which would be chosen before it are not there."""


@dataclass(frozen=True)
class Lead:
    """Addresses that routes lead to, and those routes in order: the table's, and a transit gateway's after it."""

    addresses: Intervals
    routes: tuple[Route, ...]
    is_assumed: bool = False
    unless: tuple[Assumption, ...] = ()
    """That routes to elsewhere are not there: `Choice.unless` of each."""
    keeps_groups: bool = True
    """Whether references to security groups hold between what it leads from and to."""


@dataclass(frozen=True)
class _Rest:
    """Addresses that no route is certainly chosen for yet, if those that may be there are not."""

    addresses: Intervals
    unless: tuple[Assumption, ...] = ()


def choices(routes: Iterable[Route]) -> tuple[Choice, ...]:
    """What each route of a table is chosen for, the longest prefix first; routes that never are chosen are left out.

    One that is not certain to be there takes nothing from those after it, which are chosen on that assumption there.
    """
    left = [_Rest(addresses.ALL)]
    chosen_routes = []
    for route in sorted(routes, key=lambda route: -route.prefix_length):
        rests: list[_Rest] = []
        for rest in left:
            chosen = rest.addresses & route.destination
            if not chosen:
                rests.append(rest)
                continue
            chosen_routes.append(Choice(chosen, route, rest.unless))
            rests.append(_Rest(rest.addresses - chosen, rest.unless))
            if route.rule.assumption is not None:
                rests.append(_Rest(chosen, (*rest.unless, route.rule.assumption)))
        left = [rest for rest in rests if rest.addresses]
    return tuple(chosen_routes)


def leading(table: RouteTable, leads: Iterable[Lead], direction: Direction) -> Factor:
    """What a table lets through to where `leads` lead; of answers (`direction` return) that is where the client is.

    Only TCP needs answers: of other protocols delivery counts.
    """
    is_back = direction == "return"
    regions = [
        Region(
            Box(lead.addresses, addresses.ALL, traffic.TCP)
            if is_back
            else Box(addresses.ALL, lead.addresses, traffic.ALL),
            tuple(route.rule for route in lead.routes),
            lead.is_assumed,
            (*lead.unless, *([table.assumption] if table.assumption else [])),
        )
        for lead in leads
    ]
    if is_back:
        regions.append(Region(_NO_ANSWER_NEEDED, ()))
    rules = tuple(route.rule for route in table.routes)
    return Factor(f"route table {table.name}", direction, tuple(regions), rules, is_allow_list=True, parts=(table,))
