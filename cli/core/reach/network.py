"""The network of a stack, a folder or a plan, and the names by which its ends are asked for."""

from __future__ import annotations

import json
import os
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from cli.core.base.addresses import without_indexes
from cli.core.base.errors import ExitCode, InfraError
from policies.library.model import Configuration, Resource
from policies.library.terraform.load import load_directory
from policies.library.terraform.plan import load_plan
from policies.reachability import addresses
from policies.reachability.classes import Classes
from policies.reachability.intervals import Intervals
from policies.reachability.network import Network, Node
from policies.reachability.placement import addresses_of
from policies.reachability.read import read


class NotReadable(InfraError):
    """A path holds no Terraform, or Terraform that cannot be read."""


class NoTerraform(NotReadable, exit_code=ExitCode.USAGE):
    """There is nothing at a path, or no Terraform."""


class NoSuchEndpoint(InfraError):
    """A name fits nothing in the network, or several ends."""


def network_at(path: Path) -> Network:
    """The network that a directory with HCL or Terraform JSON, or a plan as JSON, describes. Raises NotReadable.

    A directory is one root module, with the modules that it calls; a file of one stands for its directory, and a
    directory without Terraform for the one directory below that has some.
    """
    return read(configuration_at(path))


def configuration_at(path: Path) -> Configuration:
    """The configuration that a directory or a plan describes, as `network_at` takes them. Raises NotReadable."""
    if not path.exists():
        raise NoTerraform(f"{path}: there is no such file or directory")
    if path.is_file() and path.name.endswith(_SUFFIXES):
        path = path.parent
    if path.is_file():
        try:
            plan = json.loads(path.read_bytes())
        except (ValueError, RecursionError) as error:
            raise NotReadable(f"{path}: is not JSON ({error}); allowed: {_ALLOWED}") from None
        if not isinstance(plan, dict) or "planned_values" not in plan:
            raise NotReadable(f"{path}: is not a plan; allowed: {_ALLOWED}")
        return load_plan(plan, str(path))
    configuration, unreadable = load_directory(_with_terraform(path))
    if unreadable:
        raise NotReadable("\n".join(f"{file}: {reason}" for file, reason in sorted(unreadable.items())))
    return configuration


def _with_terraform(path: Path) -> Path:
    """The directory itself, or the only one below it that holds Terraform. Raises NotReadable for none or several."""
    found: list[Path] = []
    for directory, names, files in os.walk(path):
        if any(name.endswith(_SUFFIXES) for name in files):
            found.append(Path(directory))
            if found == [path]:
                return path
        names[:] = sorted(name for name in names if not name.startswith("."))
    if not found:
        raise NoTerraform(f"{path}: holds no Terraform; allowed: {_ALLOWED}")
    if len(found) > 1:
        more = f" and {len(found) - _MOST} more" if len(found) > _MOST else ""
        below = f"{', '.join(map(str, found[:_MOST]))}{more}"
        raise NotReadable(f"{path}: holds no Terraform itself; name the root module below it that is meant: {below}")
    return found[0]


_SUFFIXES = (".tf", ".tf.json", ".tofu", ".tofu.json")

_MOST = 30
"""The most names that a message lists."""

_ALLOWED = "a directory with *.tf or *.tf.json files, or a plan, written by terraform show -json PLANFILE > plan.json"


@dataclass(frozen=True)
class Endpoint:
    """Something in the network or outside, or some of its addresses."""

    key: str
    name: str
    addresses: Intervals = addresses.ALL
    """Which of its addresses: all, unless an address was asked about."""
    alike: tuple[str, ...] = ()
    """The keys of others that nothing in the network tells from it."""


@dataclass(frozen=True)
class Endpoints:
    """One side of a question: an end, or all that have an address in a network."""

    name: str
    """As it was asked for; of an end that was named, its name."""
    ends: tuple[Endpoint, ...]
    """At least one; what is outside first, and of ends that are alike one."""


def endpoints(network: Network, text: str) -> Endpoints:
    """What a text stands for. Raises NoSuchEndpoint, also for a name of several.

    In this order: an end's name, the resource's address, with its index or without, its construct path or the beginning
    of one, its tag Name, what may be a part of an end that is not known in all; `*` for everything; an IP address or
    network, for whatever has, or may have, an address in it.
    """
    for candidates in _named(network, text):
        if candidates:
            found = _only(text, candidates)
            return Endpoints(found.name, (found,))
    holding = [Endpoint(node.key, node.name) for node in _nodes(network) if _may_hold(node, text)]
    if holding:
        return Endpoints(text, (_only(text, holding),))
    try:
        # A network of all that is public has the addresses of S3 and DynamoDB, which are not known, for certain.
        asked = addresses.ALL if text == "*" else addresses.denied(text)
    except ValueError:
        raise NoSuchEndpoint(_unknown(network, text)) from None
    found_ends = tuple(_having(network, asked))
    if not found_ends:
        around = [vpc.name for vpc in network.vpcs.values() if asked <= vpc.addresses]
        place = f"it is in {', '.join(around)}, where nothing has it" if around else "nor on the internet"
        raise NoSuchEndpoint(f"{text} is no address of anything that is declared here; {place}. {_allowed(network)}")
    return Endpoints(text, found_ends)


def _having(network: Network, asked: Intervals) -> Iterator[Endpoint]:
    """All that has some of the addresses; of nodes that are alike, and whose addresses are all asked about, one."""
    for key, external in sorted(network.externals.items()):
        if asked & external.addresses:
            yield Endpoint(key, external.name, asked)
    classes = Classes(network)
    alike: dict[Hashable, list[Node]] = {}
    for node in _nodes(network):
        own = addresses_of(node)
        if own <= asked:
            kind = (classes.of(node, "source"), classes.of(node, "target"), *(each.key for each in node.subnets))
            alike.setdefault(kind, []).append(node)
        elif own & asked:
            alike[node.key] = [node]
    for first, *others in alike.values():
        yield Endpoint(first.key, first.name, asked, tuple(each.key for each in others))


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


def _may_hold(node: Node, text: str) -> bool:
    """Whether an end that is not known in all stands for what a text names.

    A module whose source is not here stands for all in it, and a resource of which it is not known how many there are
    for each of them.
    """
    if node.kind == "module":
        return text == node.key.rpartition(".")[2] or text.startswith((f"{node.key}.", f"{node.key}["))
    return bool(node.resource.number_unknown) and without_indexes(text) == without_indexes(node.key)


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
    near = get_close_matches(text, names(network), n=3)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    return f"nothing here is called {text}.{hint} {_allowed(network, near)}"


def _allowed(network: Network, first: Sequence[str] = ()) -> str:
    """What can be asked for: some names first, and not more than people read."""
    known = list(dict.fromkeys([*first, *names(network)]))
    more = f" and {len(known) - _MOST} more" if len(known) > _MOST else ""
    return f"Allowed: {', '.join(known[:_MOST])}{more}; an address or a network, such as 0.0.0.0/0; * for everything"


def _nodes(network: Network) -> list[Node]:
    return sorted(network.nodes.values(), key=lambda node: node.name)
