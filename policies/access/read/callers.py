"""Where principals stand when they call AWS: through which endpoints, over the internet, or inside AWS.

A condition on `aws:SourceVpce`, `aws:SourceVpc` or `aws:VpcSourceIp` holds only for who can be there. Code stands where
the network proof says that its interfaces reach; credentials may also be used by whoever has taken them, anywhere else.
What has interfaces of its own in a VPC, as the brokers of a cluster, is reached from where the network proof says.
Code that assumes another role uses it where it stands. Credentials of a user, of a role that people or strangers may
assume, and of whoever else there is, in the own account or another one, may be used at each endpoint: that is assumed,
as nobody knows on which machine they are. So may tokens of an identity provider.
Source: IAM user guide, "AWS global condition context keys" (network properties of a request; `aws:ViaAWSService`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from ipaddress import IPv4Address, summarize_address_range

from policies.access.facts import NO_VPC
from policies.access.model import (
    ABSENT,
    EVERY_INTERFACE,
    AccessModel,
    Caller,
    Endpoint,
    KeyValues,
    PolicyStatement,
    Position,
    PrincipalKind,
    Requester,
    Thing,
)
from policies.access.text import assigned, is_determined, readable
from policies.library.documents import Principal as PrincipalElement
from policies.library.values import Unknown, Value
from policies.reachability import addresses, traffic
from policies.reachability.analysis import Answer, answer
from policies.reachability.explain import assumptions, is_assumed
from policies.reachability.network import Assumption, Network, Node
from policies.reachability.placement import addresses_of

WITHOUT_CODE = frozenset(
    {
        "access-analyzer",
        "apigateway",
        "application-autoscaling",
        "appsync",
        "autoscaling",
        "backup",
        "batchoperations.s3",
        "cloudtrail",
        "config",
        "delivery.logs",
        "dlm",
        "dynamodb.application-autoscaling",
        "elasticloadbalancing",
        "events",
        "export.rds",
        "firehose",
        "guardduty",
        "inspector2",
        "iot",
        "logs",
        "monitoring.rds",
        "ops.apigateway",
        "pipes",
        "s3",
        "scheduler",
        "securitylake",
        "ses",
        "sns",
        "spotfleet",
        "states",
        "streams.metrics.cloudwatch",
        "vpc-flow-logs",
    }
)
"""Services that make only calls of their own as a role that trusts them, and give its credentials to no code. Source:
the guide of each, on the role that it is given. RDS is none: Aurora loads and saves through the network of its cluster
(Aurora user guide, "Enabling network communication from Amazon Aurora to other AWS services")."""

_REGION = re.compile(r"\.[a-z]{2}(?:-[a-z]+)+-\d$")
_FALSE = KeyValues(("false",))
_ANY_ADDRESS = KeyValues(("0.0.0.0/0", "::/0"))
_PUBLIC_ADDRESS = KeyValues(
    (
        *(
            str(each)
            for first, last in (addresses.INTERNET & addresses.ALL_V4).spans
            for each in summarize_address_range(IPv4Address(first), IPv4Address(last))
        ),
        "2000::/3",
    )
)
"""Where requests come from that come through no VPC endpoint: nobody arrives there from a private network."""

INTERNET = Position("the internet", context={**NO_VPC, "aws:sourceip": _PUBLIC_ADDRESS, "aws:viaawsservice": _FALSE})
"""Over the internet, from anywhere."""
ELSEWHERE = Position(
    "a VPC elsewhere",
    context={
        "aws:sourcevpc": KeyValues((f"vpc-{assigned('elsewhere')}",)),
        "aws:sourcevpce": KeyValues((f"vpce-{assigned('elsewhere')}",)),
        "aws:vpcsourceip": _ANY_ADDRESS,
        "aws:sourceip": ABSENT,
        "aws:viaawsservice": _FALSE,
    },
)
"""Through an endpoint that is not declared here."""
FOR_CALLER = Position(
    "inside AWS for the caller",
    context={
        **NO_VPC,
        "aws:sourceip": replace(_PUBLIC_ADDRESS, may_be_absent=True),
        "aws:viaawsservice": KeyValues(("true",)),
    },
)
"""A service that calls another with the permissions of who called it."""
SERVICE = Position("inside AWS", context={**NO_VPC, "aws:viaawsservice": _FALSE}, to=EVERY_INTERFACE)
"""A service under its own name, or as a role that it has assumed."""

_CODE_ELSEWHERE = Assumption("what runs as it is not here, or nobody knows where: it may reach each endpoint")
_HOLDERS = Assumption("whoever holds its credentials may use them where each endpoint is reached")

_CONNECTION = Assumption("another account may have a private connection to it, if its policy lets it make one")

_PRIVATE = ("broker_node_group_info", "connectivity_info", "vpc_connectivity")

_HTTPS = traffic.tcp(443)
_BROKERS = traffic.tcp(9098) | traffic.tcp(9198)
"""Where brokers ask IAM who somebody is. Source: MSK developer guide, "Port information"."""
_WITHOUT_CREDENTIALS = (PrincipalKind.ANONYMOUS, PrincipalKind.FEDERATED)


def callers(model: AccessModel, network: Network, beside: AccessModel | None = None) -> tuple[Caller, ...]:
    """Everybody with every place from which they can call, also those places that policies of a model `beside` name."""
    places = _Places(model, network, beside)
    return tuple(Caller(each, tuple(places.of(each))) for each in model.principals.values())


class _Places:
    """The places of principals in one network."""

    def __init__(self, model: AccessModel, network: Network, beside: AccessModel | None) -> None:
        self._model, self._network = model, network
        self._nodes: dict[str, list[Node]] = {}
        self._of_nodes: dict[str, tuple[Position, ...]] = {}
        by_address: dict[str, list[Node]] = {}
        for node in network.nodes.values():
            by_address.setdefault(node.resource.address, []).append(node)
        for thing in model.things.values():
            for role in thing.runs_as:
                self._nodes.setdefault(role, []).extend(by_address.get(thing.key, ()))
        self._roles = {
            each.arn: each
            for each in model.principals.values()
            if each.kind is PrincipalKind.ROLE and each.resource is not None
        }
        self._assumed_by_code = {role for thing in model.things.values() for role in thing.runs_as}
        self._in_network = [each for each in model.things.values() if each.in_network]
        self._from_outside = [*self._outside(), *(each for thing in self._in_network for each in self._openings(thing))]
        self._undeclared = list(_undeclared(model, beside))

    def of(self, requester: Requester) -> Iterator[Position]:
        """Where somebody can stand."""
        if requester.kind in (PrincipalKind.SERVICE, PrincipalKind.SERVICE_LINKED_ROLE):
            yield SERVICE
            return
        yield from self._at_endpoints(requester)
        if self._is_for_services(requester):
            yield from (SERVICE, FOR_CALLER)
            return
        yield INTERNET
        yield ELSEWHERE
        yield from self._undeclared
        if requester.kind not in _WITHOUT_CREDENTIALS:
            yield FOR_CALLER
        yield from self._from_outside

    def _at_endpoints(self, requester: Requester) -> Iterator[Position]:
        """The endpoints where code has somebody's credentials: its own, of who assumes it, or of who holds them."""
        taken: dict[str, Assumption | None] = {requester.key: None}
        reason: Assumption | None = None
        todo = [requester]
        for each in todo:  # grows
            for node in self._nodes.get(each.key, ()):
                for position in self._of_node(node):
                    yield replace(position, assumption=position.assumption or taken[each.key])
            takers = self._takers(each)
            if self._may_run(each):
                reason = reason or _CODE_ELSEWHERE
            elif takers is None:
                reason = reason or _HOLDERS
            for key, assumption in (takers or {}).items():
                if key not in taken:
                    taken[key] = taken[each.key] or assumption
                    todo.append(self._model.principals[key])
        if reason is not None:
            yield from self._anywhere(reason)

    def _takers(self, requester: Requester) -> Mapping[str, Assumption | None] | None:
        """The roles of the configuration that assume a role, and what that rests on.

        None if the credentials are anybody's: of who is no role, and of a role that people or others may assume, or
        that is not declared here. Who has none has them nowhere.
        """
        if requester.kind is PrincipalKind.ANONYMOUS:
            return {}
        thing = self._model.things.get(requester.key)
        if requester.kind is not PrincipalKind.ROLE or thing is None:
            return None
        statements = [one for policy in thing.policies for one in policy.statements]
        found: dict[str, Assumption | None] = {}
        for statement in (each for each in statements if each.allows):
            if statement.inverts_principals:
                return None
            for element in statement.principals:
                if element.kind == "Service":
                    continue
                taker = self._roles.get(str(element.value))
                if taker is None:
                    return None
                is_certain = self._surely_allows(statement, taker, requester) and all(
                    each.allows for each in statements
                )
                reason = Assumption(f"{taker.name} may assume {requester.name}")
                found[taker.key] = None if is_certain or found.get(taker.key, reason) is None else reason
        return found

    def _surely_allows(self, statement: PolicyStatement, taker: Requester, role: Requester) -> bool:
        """Whether a statement of a role's trust policy lets a role that it names assume it, and nothing may stop it."""
        account = self._model.accounts[taker.account]
        denies = any(not one.allows for policy in taker.identity for one in policy.statements)
        limits = (taker.boundaries, taker.sessions, taker.presence, account.scps, account.rcps, statement.conditions)
        covers = {"sts:assumerole", "sts:*", "*"} & {each.lower() for each in statement.actions}
        return (
            bool(covers)
            and statement.assumption is None
            and not (denies or any(limits) or statement.inverts_actions or taker.account != role.account)
        )

    def _services(self, requester: Requester) -> frozenset[str] | None:
        """The services that a role trusts; None if it trusts anybody else as well."""
        thing = self._model.things.get(requester.key)
        statements = [one for policy in thing.policies for one in policy.statements] if thing is not None else []
        principals = [each for one in statements for each in one.principals]
        if not principals or any(one.inverts_principals for one in statements):
            return None
        return frozenset(map(_prefix, principals)) if all(each.kind == "Service" for each in principals) else None

    def _is_for_services(self, requester: Requester) -> bool:
        """Whether only services that run no code use a role."""
        trusted = self._services(requester)
        return trusted is not None and trusted <= WITHOUT_CODE and requester.key not in self._assumed_by_code

    def _may_run(self, requester: Requester) -> bool:
        """Whether code may have the credentials of a role that nothing in the network runs as."""
        if self._is_for_services(requester):
            return False
        if requester.key in self._model.run_elsewhere:
            return True
        if self._nodes.get(requester.key):
            return False
        thing = self._model.things.get(requester.key)
        return thing is not None and any(
            one.assumption is not None or (each.kind == "Service" and _prefix(each) not in WITHOUT_CODE)
            for policy in thing.policies
            for one in policy.statements
            for each in one.principals
        )

    def _anywhere(self, reason: Assumption) -> Iterator[Position]:
        """Every endpoint and cluster: code that has somebody's credentials, and is not here, may stand where it is
        reached."""
        for endpoint in self._model.endpoints.values():
            yield replace(_at(endpoint, "code that is not here", ["not known"]), assumption=reason)
        for thing in self._in_network:
            yield replace(_to(thing, "code that is not here"), assumption=reason)

    def _of_node(self, node: Node) -> tuple[Position, ...]:
        """Where code in an interface stands: at the endpoints that it reaches."""
        if node.key not in self._of_nodes:
            self._of_nodes[node.key] = tuple(self._reached(node))
        return self._of_nodes[node.key]

    def _reached(self, node: Node) -> Iterator[Position]:
        for endpoint in self._model.endpoints.values():
            found = self._reach(node, endpoint)
            if found:
                position = _at(endpoint, node.name, addresses.describe(addresses_of(node), most=1000).split(", "))
                yield replace(position, assumption=_rests_on(found))
        for thing in self._in_network:
            key = _node_of(thing)
            found = answer(self._network, node.key, key, _BROKERS) if key in self._network.nodes else None
            if found or found is None:
                assumption = _rests_on(found) if found is not None else _CODE_ELSEWHERE
                yield replace(_to(thing, node.name), assumption=assumption)

    def _openings(self, thing: Thing) -> Iterator[Position]:
        """How a cluster is reached by who has no code here: over the internet, from networks behind a VPN or a peering
        connection, by a private connection of another account."""
        key = _node_of(thing)
        for other, external in sorted(self._network.externals.items()):
            if key in self._network.nodes and other not in addresses.SERVICES:
                found = answer(self._network, other, key, _BROKERS)
                if found:
                    yield replace(_to(thing, external.name), assumption=_rests_on(found))
        if thing.resource is not None and _may_have(thing.resource.attributes, _PRIVATE):
            yield replace(_to(thing, "a VPC elsewhere"), assumption=_CONNECTION)

    def _reach(self, node: Node, endpoint: Endpoint) -> Answer | None:
        """How an interface reaches an endpoint; of a gateway, its service."""
        if endpoint.key in self._network.nodes:
            return answer(self._network, node.key, endpoint.key, _HTTPS)
        if endpoint.service not in self._network.externals:
            return None
        routes = (route.target for subnet in node.subnets for route in subnet.table.routes)
        is_routed = any(target.kind == "gateway endpoint" and target.key == endpoint.key for target in routes)
        return answer(self._network, node.key, endpoint.service, _HTTPS) if is_routed else None

    def _outside(self) -> Iterator[Position]:
        """Endpoints that networks behind a VPN or a peering connection reach."""
        for key, external in sorted(self._network.externals.items()):
            if key not in ("internet", *addresses.SERVICES):
                for endpoint in self._model.endpoints.values():
                    if endpoint.key in self._network.nodes and answer(self._network, key, endpoint.key, _HTTPS):
                        known = addresses.describe(external.addresses, most=1000).split(", ")
                        yield _at(endpoint, external.name, known)


def _prefix(principal: PrincipalElement) -> str:
    """A service without the region that is in some names."""
    name = str(principal.value).removesuffix(".cn").removesuffix(".amazonaws.com")
    return _REGION.sub("", name)


def _rests_on(found: Answer) -> Assumption | None:
    """What it rests on that an endpoint is reached; None if it surely is."""
    if not is_assumed(found):
        return None
    text = f"{found.source.name} reaches {found.target.name} if what is not known of the network lets it"
    return next(iter(assumptions(found)), Assumption(text))


def _at(endpoint: Endpoint, source: str, networks: list[str]) -> Position:
    context: Mapping[str, KeyValues] = {
        "aws:sourcevpc": KeyValues((endpoint.vpc,)),
        "aws:sourcevpce": KeyValues((endpoint.id,)),
        "aws:sourceip": ABSENT,
        "aws:viaawsservice": _FALSE,
    }
    if all("/" in each for each in networks):
        context = {**context, "aws:vpcsourceip": KeyValues(tuple(networks))}
    return Position(f"{endpoint.name} from {source}", endpoint, context)


def _to(thing: Thing, source: str) -> Position:
    return Position(f"{thing.name} from {source}", context={"aws:viaawsservice": _FALSE}, to=thing.key)


def _node_of(thing: Thing) -> str:
    return thing.resource.address if thing.resource is not None else ""


def _may_have(value: Value, path: tuple[str, ...]) -> bool:
    """Whether there is a block at a path of names, or may be."""
    if isinstance(value, tuple):
        return any(_may_have(each, path) for each in value)
    if isinstance(value, Mapping) and path:
        return _may_have(value.get(path[0]), path[1:])
    return isinstance(value, Unknown | Mapping)


def _undeclared(model: AccessModel, beside: AccessModel | None) -> Iterator[Position]:
    """The networks that policies name and that are not declared here: who can stand there is not known."""
    models = [each for each in (model, beside) if each is not None]
    named = {
        key: sorted({text for each in models for text in networks_named(each, key)} - model.networks)
        for key in NETWORK_KEYS
    }
    unknown = list(dict.fromkeys(each for several in named.values() for each in several))
    if unknown:
        several = ", ".join(map(readable, unknown))
        context = {
            key: KeyValues((*ELSEWHERE.context[key].values, *values))  # each is somebody's that nobody knows
            for key, values in named.items()
        }
        assumption = Assumption(f"{several}: not declared here, so whoever asks may stand there")
        yield Position(f"{several}, not declared here", None, {**ELSEWHERE.context, **context}, assumption)


NETWORK_KEYS = ("aws:sourcevpc", "aws:sourcevpce")
"""Keys of conditions that name networks."""


def networks_named(model: AccessModel, key: str) -> set[str]:
    """The texts with which conditions of any policy compare a key of a network."""
    return {
        text
        for policy in model.policies()
        for statement in policy.statements
        for condition in statement.conditions
        if condition.key == key and condition.operator != "null"
        for text in condition.texts()
        if is_determined(text)
    }
