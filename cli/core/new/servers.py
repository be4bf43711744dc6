"""One more server: its group in every environment's settings, its part in the claims, a test, a line of documents."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from cli.core.base.progress import ProgressReporter
from cli.core.gate import catalog
from cli.core.new.addition import ACCESS, CLAIMS, Addition, Files, as_word, documented, finish, rendered, texts
from cli.core.new.names import checked, environments, existing, new_name
from cli.core.new.refusals import BadName, DoesNotFit, NameTaken
from cli.core.new.yaml_text import with_entry, with_item
from envs.settings import Settings
from envs.settings.servers import SERVER_SUFFIX, GroupName, PathPrefix, overlapping
from policies.access.claims.models import parse as parse_access
from policies.reachability.claims.load import parse as parse_claims

FIRST_PORT = 9443
"""Port of the first private server; each further one has the next free number."""

CALLERS = {"core-server": "core", "ordering-server": "ordering", "purchase-gateway": "purchase_gateway"}
"""What the claims call the servers that use others; a further server is called by its key."""

_REACHED = {"event-store": "users_of_event_store", "purchase-gateway": "users_of_purchase_gateway"}
_CALLED = {"images": "users_of_images", "notifications": "users_of_notifications"}


@dataclass(frozen=True)
class _Server:
    """A server in the same words in every environment."""

    name: str
    path_prefix: str | None
    uses: tuple[str, ...]
    clients: tuple[str, ...]
    rule_number: int
    port: int

    @property
    def subnets(self) -> str:
        """Where it runs: one with a path is public."""
        return "private" if self.path_prefix is None else "public"

    @property
    def part(self) -> str:
        """Its construct path."""
        return f"servers/{self.subnets}/{self.name}{SERVER_SUFFIX}"

    @property
    def word(self) -> str:
        """What the claims call it."""
        return as_word(self.name)

    @property
    def described(self) -> str:
        """What the document of additions says of it."""
        where = f"public, answers `{self.path_prefix}*`" if self.path_prefix else "private"
        also = f", uses {', '.join(self.uses)}" if self.uses else ""
        return where + also + (f", called by {', '.join(self.clients)}" if self.clients else "")


def new_server(
    files: Files,
    progress: ProgressReporter,
    name: str,
    *,
    path_prefix: str | None,
    uses: Sequence[str],
    clients: Sequence[str],
) -> Addition:
    """Add a server to every environment, with the sizes that `core` has there: public with a path, private without.

    Raises `BadName`, `NameTaken`, and what `finish` raises.
    """
    new_name(GroupName, name)
    if path_prefix is not None:
        path_prefix = checked(PathPrefix, path_prefix.removesuffix("*"), "path")
    settings = environments(files)
    groups = [group for each in settings.values() for group in each.servers.groups.values()]
    server = _Server(
        name=name,
        path_prefix=path_prefix,
        uses=tuple(sorted(uses)),
        clients=tuple(clients),
        rule_number=_next(1, (group.rule_number for group in groups)),
        port=_next(FIRST_PORT, (group.port for group in groups)),
    )
    _add_settings(files, server, settings)
    _add_claims(files, server)
    test = f"tests/own/test_server_{server.word}.py"
    files.create(test, rendered("test_server.py.j2", **asdict(server), subnets=server.subnets))
    documented(files, "server", f"{name}{SERVER_SUFFIX}", server.described)
    first = next(iter(settings.values())).environment
    return Addition(
        finish(files, progress, pages=catalog.documents),  # which show the claims
        (f"infra check && infra test {test}", f"infra artifact put {first} {name}{SERVER_SUFFIX} FILE"),
    )


def _add_settings(files: Files, server: _Server, settings: Mapping[str, Settings]) -> None:
    for file, environment in settings.items():
        if server.name in environment.servers.groups:
            raise NameTaken(f"{file} has the server {server.name} already")
    _check_references(server, settings.values())
    for file, environment in settings.items():
        core = environment.servers.core
        sizes = {"instance_type": core.instance_type, "min_size": core.min_size, "max_size": core.max_size}
        entry = rendered("server.yaml.j2", **asdict(server), subnets=server.subnets, **sizes)
        files.changed[file] = with_entry(files.read(file), ("servers", "groups"), entry)


def _check_references(server: _Server, settings: Collection[Settings]) -> None:
    """Raise `BadName` for a client that is none, and for a path that another server answers."""
    for client in server.clients:
        existing("client", client, among=[each.servers.callers for each in settings])
    path = server.path_prefix
    if path is not None and any(one for each in settings for one in overlapping(path, each.servers.prefixes)):
        prefixes = {(prefix, other) for each in settings for other, prefix in each.servers.prefixes.items()}
        answered = ", ".join(f"{prefix} ({other})" for prefix, other in sorted(prefixes))
        raise BadName(
            f"received the path {path!r}; allowed: one that neither begins with a path that is answered "
            f"already nor is the beginning of one: {answered}"
        )


def _add_claims(files: Files, server: _Server) -> None:
    """Name the server in the claims, beside who uses the same, and its clients. Raises `NameTaken`, `DoesNotFit`."""
    claims = parse_claims(files.read(CLAIMS).encode(), file=CLAIMS)
    access = parse_access(files.read(ACCESS).encode(), file=ACCESS)
    taken = {*claims.names, *claims.ports, *access.callers, *access.others, *access.things, *access.groups}
    if server.word in taken:
        raise NameTaken(f"{CLAIMS} or {ACCESS} calls something {server.word} already; take another name")
    group = {"type": "aws_autoscaling_group", "path": f"{server.part}/scaling-group/group"}
    _claim(files, (CLAIMS, "parts"), server.word, {**group, "subnets": server.subnets, "optional": True})
    role = {"type": "aws_iam_role", "path": f"{server.part}/instance-profile/role", "optional": True}
    _claim(files, (ACCESS, "callers"), server.word, role)
    for file, users in ((CLAIMS, _REACHED), (ACCESS, _CALLED)):
        for use in server.uses:
            group_of_users = {**users, "stream": "users_of_stream"}.get(use)
            if group_of_users:
                files.changed[file] = with_item(files.read(file), ("groups", group_of_users), server.word)
    callers = {client: CALLERS.get(client, as_word(client.removesuffix(SERVER_SUFFIX))) for client in server.clients}
    for client, caller in callers.items():
        if caller not in claims.parts:
            raise DoesNotFit(f"{CLAIMS} has no part {caller} for the client {client}; name it there first")
    if callers:
        _claim_clients(files, server, sorted(callers.values()))


def _claim(files: Files, section: tuple[str, str], key: str, place: Mapping[str, object]) -> None:
    file, name = section
    files.changed[file] = with_entry(files.read(file), (name,), f"{key}: {texts(place)}\n")


def _claim_clients(files: Files, server: _Server, callers: Sequence[str]) -> None:
    """Claim that the callers, and nobody else, reach a private server: through the load balancer, on its port."""
    word, health = server.word, f"{server.word}_health"
    path = f"edge/private-load-balancer/load-balancer/{server.name}{SERVER_SUFFIX}"
    target = {"type": "aws_lb_target_group", "path": path, "optional": True}
    _claim(files, (CLAIMS, "ports"), word, {**target, "attribute": "port"})
    _claim(files, (CLAIMS, "ports"), health, {**target, "attribute": "health_check.port", "is": {"traffic-port": word}})
    balancer = "internal_load_balancer"
    rows: tuple[tuple[str, Mapping[str, object]], ...] = (
        ("CKV2_MEALS_305", {"from": callers, "to": balancer, "on": word}),
        ("CKV2_MEALS_307", {"from": balancer, "to": word, "on": [word, health]}),
        ("CKV2_MEALS_307", {"from": callers, "to": word, "through": balancer, "on": word}),
    )
    for rule, row in rows:
        files.changed[CLAIMS] = with_item(files.read(CLAIMS), ("claims", rule, "must"), texts(row))


def _next(first: int, taken: Iterable[int | None]) -> int:
    """The first free number."""
    numbers = set(taken)
    return next(number for number in range(first, first + len(numbers) + 1) if number not in numbers)
