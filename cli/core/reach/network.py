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
    """A path holds no Terraform, or Terraform that cannot be read."""


class NoSuchEndpoint(InfraError):
    """A name fits nothing in the network, or several ends."""


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
            raise NotReadable(f"{path}: is not a plan; allowed: {_ALLOWED}")
        return load_plan(plan, str(path))
    if not any(path.glob("*.tf")) and not any(path.glob("*.tf.json")):
        raise NotReadable(f"{path}: holds no Terraform; allowed: {_ALLOWED}")
    configuration, unreadable = load_directory(path)
    if unreadable:
        raise NotReadable("\n".join(f"{file}: {reason}" for file, reason in sorted(unreadable.items())))
    return configuration


_ALLOWED = "a directory with *.tf or *.tf.json files, or a plan, written by terraform show -json PLANFILE > plan.json"


@dataclass(frozen=True)
class Endpoint:
    """One end of a question: something in the network or outside, or some of its addresses."""

    key: str
    name: str
    addresses: Intervals = addresses.ALL
    """Which of its addresses: all, unless an address was given."""


def endpoint(network: Network, text: str) -> Endpoint:
    """The end that a text names. Raises NoSuchEndpoint, also for several.

    In this order: its name, the resource's address, with its index or without, its construct path or the beginning of
    one, its tag Name; an IP address or network.
    """
    for candidates in _named(network, text):
        if candidates:
            return _only(text, candidates)
    try:
        asked_addresses = addresses.network(text)
    except ValueError:
        raise NoSuchEndpoint(_unknown(network, text)) from None
    endpoints = [
        Endpoint(key, end.name, asked_addresses)
        for key, end in network.externals.items()
        if asked_addresses <= end.addresses
    ]
    endpoints += [
        Endpoint(node.key, node.name, asked_addresses)
        for node in network.nodes.values()
        if asked_addresses & _addresses(node)
    ]
    if not endpoints:
        raise NoSuchEndpoint(f"{text} is in no subnet of anything here, and not on the internet")
    return _only(text, endpoints)


def names(network: Network) -> list[str]:
    """What can be asked for by name: what is outside first."""
    return [*sorted(each.name for each in network.externals.values()), *(each.name for each in _nodes(network))]


def _named(network: Network, text: str) -> Iterator[list[Endpoint]]:
    """What a text stands for, by each kind of name."""
    nodes = _nodes(network)
    yield [Endpoint(key, end.name) for key, end in sorted(network.externals.items()) if text in (key, end.name)]
    yield [Endpoint(node.key, node.name) for node in nodes if text == node.name]
    yield [Endpoint(node.key, node.name) for node in nodes if text == node.key]
    named = (node for node in nodes if text in (node.resource.address, without_indexes(node.key)))
    yield [Endpoint(node.key, node.name) for node in named]
    yield [Endpoint(node.key, node.name) for node in nodes if _is_at(node.resource, text)]
    yield [Endpoint(node.key, node.name) for node in nodes if node.resource.mapping("tags").get("Name") in (text,)]


def _is_at(resource: Resource, text: str) -> bool:
    """Whether a construct path, with the stack's name or without, is a text or continues it."""
    path = resource.construct_path
    wanted = text.strip("/")
    return path is not None and any(f"{each}/".startswith(f"{wanted}/") for each in (path, path.partition("/")[2]))


def _only(text: str, candidates: Iterable[Endpoint]) -> Endpoint:
    endpoints = list(candidates)
    if len(endpoints) > 1:
        raise NoSuchEndpoint(f"{text} may be any of {', '.join(each.name for each in endpoints)}; name one of them")
    return endpoints[0]


def _unknown(network: Network, text: str) -> str:
    known = names(network)
    near = get_close_matches(text, known, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    return f"nothing here is called {text}; allowed: {', '.join(known)}, or an address.{hint}"


def _nodes(network: Network) -> list[Node]:
    return sorted(network.nodes.values(), key=lambda node: node.name)


def _addresses(node: Node) -> Intervals:
    return Intervals.union(node.addresses_in(subnet) for subnet in node.subnets)
