"""The network of a stack, a folder or a plan, and the names by which its ends are asked for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from cli.core.base.addresses import without_indexes
from cli.core.base.errors import InfraError
from policies.library.model import Configuration, Resource
from policies.library.terraform.load import load_directory
from policies.library.terraform.plan import load_plan
from policies.reachability import addresses
from policies.reachability.intervals import Intervals
from policies.reachability.network import Network, Node
from policies.reachability.read import read


class NotReadable(InfraError):
    """What was given is no Terraform, or not all of it is understood."""


class NoSuchEnd(InfraError):
    """A name stands for nothing in the network, or for several ends."""


def network_at(path: Path) -> Network:
    """The network that a directory with HCL or Terraform JSON, or a plan as JSON, describes. Raises NotReadable.

    A directory is one root module, with the modules that it calls; a file of one stands for its directory.
    """
    return read(_configuration(path))


def _configuration(path: Path) -> Configuration:
    if not path.exists():
        raise NotReadable(f"{path}: there is no such file or directory")
    if path.is_file() and path.name.endswith((".tf", ".tf.json")):
        path = path.parent
    if path.is_file():
        try:
            plan = json.loads(path.read_bytes())
        except (ValueError, RecursionError) as error:
            raise NotReadable(f"{path}: is not JSON ({error}); allowed: {_ALLOWED}") from None
        if not isinstance(plan, dict) or "planned_values" not in plan:
            raise NotReadable(f"{path}: is no plan; allowed: {_ALLOWED}")
        return load_plan(plan, str(path))
    if not any(path.glob("*.tf")) and not any(path.glob("*.tf.json")):
        raise NotReadable(f"{path}: there is no Terraform in it; allowed: {_ALLOWED}")
    configuration, unreadable = load_directory(path)
    if unreadable:
        raise NotReadable("\n".join(f"{file}: {reason}" for file, reason in sorted(unreadable.items())))
    return configuration


_ALLOWED = "a directory with *.tf or *.tf.json files, or a plan, written by terraform show -json PLANFILE > plan.json"


@dataclass(frozen=True)
class Place:
    """An end that was asked for."""

    key: str
    name: str
    addresses: Intervals = addresses.ALL
    """Which of its addresses: all, unless an address was given."""


def place(network: Network, text: str) -> Place:
    """The end that a text stands for. Raises NoSuchEnd, also for several.

    In this order: its name, the resource's address, with its index or without, its construct path or the beginning of
    one, its tag Name; an IP address or network.
    """
    for candidates in _named(network, text):
        if candidates:
            return _only(text, candidates)
    try:
        wanted = addresses.network(text)
    except ValueError:
        raise NoSuchEnd(_unknown(network, text)) from None
    found = [Place(key, end.name, wanted) for key, end in network.externals.items() if wanted <= end.addresses]
    found += [Place(node.key, node.name, wanted) for node in network.nodes.values() if wanted & _addresses(node)]
    if not found:
        raise NoSuchEnd(f"{text} is in no subnet of anything here, and not on the internet")
    return _only(text, found)


def names(network: Network) -> list[str]:
    """What can be asked for by name: what is outside first."""
    return [*sorted(each.name for each in network.externals.values()), *(each.name for each in _nodes(network))]


def _named(network: Network, text: str) -> Iterator[list[Place]]:
    """What a text stands for, by each kind of name."""
    nodes = _nodes(network)
    yield [Place(key, end.name) for key, end in sorted(network.externals.items()) if text in (key, end.name)]
    yield [Place(node.key, node.name) for node in nodes if text == node.name]
    yield [Place(node.key, node.name) for node in nodes if text == node.key]
    yield [Place(node.key, node.name) for node in nodes if text in (node.resource.address, without_indexes(node.key))]
    yield [Place(node.key, node.name) for node in nodes if _is_at(node.resource, text)]
    yield [Place(node.key, node.name) for node in nodes if node.resource.mapping("tags").get("Name") in (text,)]


def _is_at(resource: Resource, text: str) -> bool:
    """Whether a construct path, with the stack's name or without, is a text or continues it."""
    path = resource.construct_path
    wanted = text.strip("/")
    return path is not None and any(f"{each}/".startswith(f"{wanted}/") for each in (path, path.partition("/")[2]))


def _only(text: str, candidates: Iterable[Place]) -> Place:
    found = list(candidates)
    if len(found) > 1:
        raise NoSuchEnd(f"{text} may be any of {', '.join(each.name for each in found)}; name one of them")
    return found[0]


def _unknown(network: Network, text: str) -> str:
    known = names(network)
    near = get_close_matches(text, known, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    return f"nothing here is called {text}; allowed: {', '.join(known)}, or an address.{hint}"


def _nodes(network: Network) -> list[Node]:
    return sorted(network.nodes.values(), key=lambda node: node.name)


def _addresses(node: Node) -> Intervals:
    return Intervals.union(node.addresses_in(subnet) for subnet in node.subnets)
