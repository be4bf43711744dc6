"""The policies that take part in a request, as groups of grants and as refusals.

Sources: IAM user guide, "Policy evaluation logic" and "Cross-account policy evaluation logic"; KMS developer guide,
"Determining access to KMS keys"; Organizations user guide, "SCP evaluation", "Resource control policies"; VPC guide,
"Control access to VPC endpoints using endpoint policies"; S3 user guide, "Blocking public access to your Amazon S3
storage".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import NamedTuple

from policies.access.answers import Layer
from policies.access.escalation_actions import PASSED_TO
from policies.access.facts import UNSAID, of_access_points, of_position, of_requester, of_sources, of_thing
from policies.access.layers import Applied, Case, GrantGroup, GrantPath
from policies.access.model import (
    ANY_TYPE,
    EVERY_INTERFACE,
    AccessModel,
    Caller,
    Context,
    KeyValues,
    Policy,
    PolicyKind,
    PolicyStatement,
    Position,
    PrincipalKind,
    Requester,
    Thing,
)
from policies.access.principals import Grade, grade
from policies.access.publicness import is_public
from policies.access.sources import SOURCES
from policies.access.statements import BoundStatement, bound, used_variables
from policies.access.text import is_determined, settled
from policies.reachability.network import Assumption

RCP_SERVICES = frozenset({"aoss", "ecr", "kms", "s3", "secretsmanager", "sqs", "sts"})
"""Services whose resources RCPs restrict (Organizations user guide, "Resource control policies")."""

_LAYERS: Mapping[PolicyKind, Layer] = {
    PolicyKind.IDENTITY: Layer.IDENTITY,
    PolicyKind.BOUNDARY: Layer.BOUNDARY,
    PolicyKind.SESSION: Layer.SESSION,
    PolicyKind.SCP: Layer.SCP,
    PolicyKind.RCP: Layer.RCP,
    PolicyKind.ENDPOINT: Layer.ENDPOINT,
}
"""The other kinds are resource policies."""

_WITH_ACCOUNT = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "kms:calleraccount",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceowner",
    }
)
"""Keys that hold whose somebody is, or for whose account a service acts."""
_OF_FEDERATION = ("sts:setsourceidentity", "sts:tagsession")
_WITH_SAML, _WITH_WEB_IDENTITY = "sts:assumerolewithsaml", "sts:assumerolewithwebidentity"
"""What somebody can ask for whom an identity provider knows, before they have a role (STS API reference)."""
_SIGNED_ONLY = frozenset({"dynamodb", "iam", "kms", "secretsmanager", "sts"})
"""Services that take no request of anybody without credentials, whatever policies say (IAM user guide, "AWS Signature
Version 4 for API requests"). A request with a token of an identity provider is of somebody whom that provider knows."""
_WITHOUT_ACCOUNT = (PrincipalKind.SERVICE, PrincipalKind.FEDERATED, PrincipalKind.ANONYMOUS)


class Requests(NamedTuple):
    """Requests to one service about the same resources."""

    service: str
    arns: tuple[str, ...]
    actions: tuple[str, ...]


_Grouped = tuple[str, tuple[str, ...], tuple[str, ...]]
"""A service, types of resources, actions on them."""


class Gathering:
    """Finds the policies of a model that take part in a request, with their variables replaced."""

    def __init__(self, model: AccessModel) -> None:
        self._model = model
        self._contexts = {key: of_requester(each, model.accounts) for key, each in model.principals.items()}
        self._things = {key: of_thing(each, model.accounts) for key, each in model.things.items()}
        own = tuple(dict.fromkeys(model.accounts[each.account].id for each in model.things.values()))
        self._access_points = {
            key: of_access_points(each, model.accounts[each.account].id, own) for key, each in model.things.items()
        }
        self._sources: dict[tuple[str, str, bool], Context] = {}
        asking = (policy for account in model.accounts.values() for level in account.rcps for policy in level)
        self._asks_always = any(map(_asks_for_source, asking))
        self._asks = {key for key, each in model.things.items() if any(map(_asks_for_source, each.policies))}
        self._own = tuple(each.id for each in model.accounts.values() if not is_determined(each.id))
        self._elsewhere: dict[int, PolicyStatement] = {}
        self._perhaps: dict[int, tuple[Position, Position]] = {}
        self._bound: dict[tuple[int, tuple[KeyValues | None, ...]], BoundStatement] = {}
        self._variables: dict[int, tuple[str, ...]] = {}
        self._applied: dict[tuple[int, str], tuple[Applied, ...]] = {}
        self._positions: dict[int, tuple[Position, Context]] = {}
        self._requests: dict[tuple[str, tuple[str, ...]], tuple[Requests, ...]] = {}
        self._grouped_actions: dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[_Grouped, ...]] = {}
        self._groups: dict[tuple[object, ...], GrantGroup] = {}
        self._refused: dict[tuple[object, ...], tuple[Applied, ...]] = {}
        self._all_paths: dict[tuple[str, str, str, str], tuple[GrantPath, ...]] = {}

    def admit(self, requester: Requester, like: Requester) -> None:
        """Lets somebody ask whose requests hold the same as another one's, and who has no policies that nobody had."""
        self._contexts[requester.key] = self._contexts[like.key]

    def statements(self) -> Iterable[BoundStatement]:
        """Every statement of the model, once for each value that its variables can have."""
        model = self._model
        shared: list[Policy] = [policy for thing in model.things.values() for policy in thing.policies]
        shared += [policy for endpoint in model.endpoints.values() for policy in endpoint.policies]
        for account in model.accounts.values():
            shared += [policy for level in (*account.scps, *account.rcps) for policy in level]
        statements = [statement for policy in shared for statement in policy.statements]
        for statement in statements:
            self._bind(statement, {})
            if self._own:
                self._bind(self._of_others(statement), {})
        variable = [statement for statement in statements if self._variables[id(statement)]]
        for requester in model.principals.values():
            own = (*requester.identity, *requester.boundaries, *requester.sessions)
            for statement in (*(each for policy in own for each in policy.statements), *variable):
                self._bind(statement, self._contexts[requester.key])
        return self._bound.values()

    def contexts(self, positions: Iterable[Position]) -> Iterator[Context]:
        """What requests may hold by who makes them, about what, and from where."""
        yield from self._contexts.values()
        yield UNSAID
        yield from self._things.values()
        yield from self._access_points.values()
        yield from map(self._position, positions)

    def cases(self, caller: Caller, thing: Thing, actions: Sequence[str], *, surely: bool) -> Iterator[Case]:
        """The kinds of requests that a caller can make, or surely can, about a thing with some actions."""
        principal = caller.principal
        is_said = principal.kind is PrincipalKind.SERVICE and (self._asks_always or thing.key in self._asks)
        for asked in self.requests(thing, actions):
            requests = asked._replace(actions=_askable(principal, asked.actions))
            for position in caller.positions:
                if _leads_to(position, thing, requests.service):
                    context, place = self._contexts[principal.key], position
                    if is_said:
                        context = self._said(principal, requests.service, surely=surely)
                        place = position if surely else self._assumed(position)
                    yield self._case(principal, place, thing, requests, context)

    def _said(self, service: Requester, called: str, *, surely: bool) -> Context:
        """What a service's requests hold, of which it may not be known whether they say for whom it acts."""
        key = (service.key, called, surely)
        if key not in self._sources:
            self._sources[key] = of_sources(service, called, self._contexts[service.key], surely=surely)
        return self._sources[key]

    def _assumed(self, position: Position) -> Position:
        """A place from which a service calls that may say for whom, or not."""
        found = self._perhaps.get(id(position))
        if found is None:  # the position is kept, as its id is the key
            text = "whether the service says for whom it acts (aws:SourceArn, aws:SourceAccount) is not known"
            perhaps = replace(position, assumption=position.assumption or Assumption(text))
            found = self._perhaps[id(position)] = (position, perhaps)
        return found[1]

    def identity(self, requester: Requester) -> GrantGroup:
        """What somebody's own account lets them do."""
        if requester.is_unrestricted or requester.kind is PrincipalKind.ROOT:
            return GrantGroup(Layer.IDENTITY, open_because=f"{requester.name} has every permission of its account")
        return self._group(Layer.IDENTITY, requester.identity, requester)

    def requests(self, thing: Thing, actions: Sequence[str]) -> tuple[Requests, ...]:
        """Requests about a thing with some actions; actions that are about nothing of it are left out."""
        actions = tuple(actions)
        found = self._requests.get((thing.key, actions))
        if found is None:
            found = self._requests[thing.key, actions] = tuple(self._grouped(thing, actions))
        return found

    def _grouped(self, thing: Thing, actions: tuple[str, ...]) -> Iterator[Requests]:
        for service, types, several in self._by_types(tuple(thing.arns), actions):
            arns = tuple(arn for name in types for arn in thing.arns[name]) if types else ("*",)
            if arns:
                yield Requests(service, arns, several)

    def _by_types(self, known: tuple[str, ...], actions: tuple[str, ...]) -> Iterable[_Grouped]:
        """Some actions by service and by those of the known types of resources that they are about."""
        found = self._grouped_actions.get((known, actions))
        if found is None:
            grouped: dict[tuple[str, tuple[str, ...]], list[str]] = {}
            for action in actions:
                types = self._model.resource_types.get(action.lower(), known)
                fitting = tuple(name for name in known if name in (*types, ANY_TYPE))
                if fitting or not types:
                    grouped.setdefault((action.partition(":")[0].lower(), fitting if types else ()), []).append(action)
            made = tuple((service, types, tuple(several)) for (service, types), several in grouped.items())
            found = self._grouped_actions[known, actions] = made
        return found

    def _case(
        self, requester: Requester, position: Position, thing: Thing, requests: Requests, context: Context
    ) -> Case:
        point = (self._access_points[thing.key],) if position.through is None else ()
        contexts = (context, self._things[thing.key], self._position(position), *point)
        stopped, layer = self._stopped(requester, thing, requests.actions)
        paths: tuple[GrantPath, ...] = ()
        if not stopped:
            endpoint = position.endpoint.key if position.endpoint is not None else ""
            key = (requester.key, thing.key, requests.service, endpoint)
            if key not in self._all_paths:
                self._all_paths[key] = tuple(self._paths(requester, position, thing, requests.service))
            paths = self._all_paths[key]
        return Case(requester, position, thing, requests.actions, requests.arns, contexts, paths, stopped, layer)

    def _position(self, position: Position) -> Context:
        found = self._positions.get(id(position))
        if found is None:  # the position is kept, as its id is the key
            found = self._positions[id(position)] = (position, of_position(position))
        return found[1]

    def _stopped(self, requester: Requester, thing: Thing, actions: Sequence[str]) -> tuple[str, Layer]:
        """Why nothing can let a request through, where no statement says so."""
        if requester.kind is PrincipalKind.ANONYMOUS and not _takes_unsigned(actions):
            return "the service takes no request without credentials", Layer.IDENTITY
        if requester.kind is PrincipalKind.FEDERATED and not _of_provider(requester, actions):
            return "a federated user has no permissions before they assume a role", Layer.IDENTITY
        if (
            requester.acts_for_others
            and requester.service in PASSED_TO
            and all(each.lower().startswith("sts:") for each in actions)
        ):
            return "nobody can pass the role to the service in another account", Layer.RESOURCE
        block = thing.public_access
        is_stranger = requester.kind is not PrincipalKind.SERVICE and requester.account != thing.account
        if block is not None and block.restricts_policies and is_stranger:
            for policy in thing.policies:
                if policy.kind is PolicyKind.RESOURCE and any(map(is_public, policy.statements)):
                    return (
                        "its policy is public, so RestrictPublicBuckets lets in its own account only",
                        Layer.PUBLIC_ACCESS,
                    )
        return "", Layer.RESOURCE

    def _paths(self, requester: Requester, position: Position, thing: Thing, service: str) -> Iterator[GrantPath]:
        resource = [each for policy in _policies(thing, service) for each in self._apply(policy, requester)]
        grants = tuple(each for each in resource if each.statement.allows)
        kinds = {policy.kind for policy in _policies(thing, service)}
        is_required = bool(kinds & {PolicyKind.TRUST, PolicyKind.KEY})
        around = [*self._organization(requester, thing, service)]
        of_organization = [each for group in around for each in group.applied if not each.statement.allows]
        refusals = [each for each in resource if not each.statement.allows]
        identity = self.identity(requester)
        endpoints = _alternatives(position.endpoint.policies if position.endpoint is not None else ())
        for endpoint, boundary in product(endpoints, _alternatives(requester.boundaries)):
            through = [self._group(Layer.ENDPOINT, [policy], requester) for policy in endpoint]
            limits = [self._group(Layer.BOUNDARY, [policy], requester) for policy in boundary]
            limits += [self._group(Layer.SESSION, [policy], requester) for policy in requester.sessions]
            involved = (*endpoint, *boundary, *requester.sessions, *requester.identity)
            refused = (*refusals, *self._refusing(involved, requester), *of_organization)
            for granting in _granted(requester, thing, grants, identity, is_required=is_required):
                yield GrantPath(
                    (*through, *around, *granting.groups, *(limits if granting.is_limited else ())), refused
                )

    def _organization(self, requester: Requester, thing: Thing, service: str) -> Iterator[GrantGroup]:
        accounts = self._model.accounts
        is_linked = requester.kind is PrincipalKind.SERVICE_LINKED_ROLE
        if service in RCP_SERVICES and not is_linked and not accounts[thing.account].is_management:
            for level in accounts[thing.account].rcps:
                yield self._group(Layer.RCP, level, requester)
        if requester.account and not is_linked and not accounts[requester.account].is_management:
            for level in accounts[requester.account].scps:
                yield self._group(Layer.SCP, level, requester)

    def _group(self, layer: Layer, policies: Iterable[Policy], requester: Requester) -> GrantGroup:
        policies = tuple(policies)
        key = (layer, requester.key, *map(id, policies))
        found = self._groups.get(key)
        if found is None:
            applied = (each for policy in policies for each in self._apply(policy, requester))
            found = self._groups[key] = GrantGroup(layer, tuple(applied))
        return found

    def _refusing(self, policies: tuple[Policy, ...], requester: Requester) -> tuple[Applied, ...]:
        """The statements of some policies that may refuse something to somebody."""
        key = (requester.key, *map(id, policies))
        found = self._refused.get(key)
        if found is None:
            applied = (each for policy in policies for each in self._apply(policy, requester))
            found = self._refused[key] = tuple(each for each in applied if not each.statement.allows)
        return found

    def _apply(self, policy: Policy, requester: Requester) -> tuple[Applied, ...]:
        """The statements of a policy that may be about somebody."""
        found = self._applied.get((id(policy), requester.key))
        if found is None:
            context = self._contexts[requester.key]
            layer = _LAYERS.get(policy.kind, Layer.RESOURCE)
            made = []
            is_elsewhere = bool(self._own) and self._is_elsewhere(requester)
            for statement in policy.statements:
                if is_elsewhere:
                    statement = self._of_others(statement)
                grades = [grade(statement, requester, self._model.accounts, surely=surely) for surely in (False, True)]
                if grades[0] is not Grade.NONE:
                    made.append(Applied(layer, policy, self._bind(statement, context), grades[0], grades[1]))
            found = self._applied[id(policy), requester.key] = tuple(made)
        return found

    def _is_elsewhere(self, requester: Requester) -> bool:
        """Whether somebody is of none of the accounts that are known by a number or not known, whichever these are."""
        account = self._model.accounts[requester.account].id if requester.account else ""
        return requester.acts_for_others or (bool(account) and is_determined(account) and not account.isdigit())

    def _of_others(self, statement: PolicyStatement) -> PolicyStatement:
        """A statement as it is about somebody elsewhere: an own account that is not known is not theirs."""
        found = self._elsewhere.get(id(statement))
        if found is None:  # the statement is kept by the model, as its id is the key
            principals = tuple(
                replace(each, value=settled(str(each.value), self._own)) for each in statement.principals
            )
            conditions = tuple(
                replace(each, values=tuple(settled(text, self._own) for text in each.texts()))
                if each.key in _WITH_ACCOUNT
                else each
                for each in statement.conditions
            )
            is_same = principals == statement.principals and conditions == statement.conditions
            made = replace(statement, principals=principals, conditions=conditions)
            found = self._elsewhere[id(statement)] = statement if is_same else made
        return found

    def _bind(self, statement: PolicyStatement, context: Context) -> BoundStatement:
        names = self._variables.get(id(statement))
        if names is None:
            names = self._variables[id(statement)] = used_variables(statement)
        key = (id(statement), tuple(context.get(name) for name in names))
        made = self._bound.get(key)
        if made is None:
            made = self._bound[key] = bound(statement, context)
        return made


def _askable(requester: Requester, actions: tuple[str, ...]) -> tuple[str, ...]:
    """Those of some actions that somebody can ask for; all of them if they can for none."""
    return (_of_provider(requester, actions) if requester.kind is PrincipalKind.FEDERATED else ()) or actions


def _of_provider(requester: Requester, actions: Sequence[str]) -> tuple[str, ...]:
    """Those of some actions that users of an identity provider can ask for, by its kind if that is known."""
    taken = {*_OF_FEDERATION, _WITH_SAML, _WITH_WEB_IDENTITY}
    if ":saml-provider/" in requester.service:
        taken.discard(_WITH_WEB_IDENTITY)
    elif ":oidc-provider/" in requester.service or is_determined(requester.service):
        taken.discard(_WITH_SAML)
    return tuple(each for each in actions if each.lower() in taken)


def _leads_to(position: Position, thing: Thing, service: str) -> bool:
    """Whether requests to a service about a thing are made from a place."""
    if position.to != EVERY_INTERFACE and position.to != (thing.key if thing.in_network else ""):
        return False
    return position.endpoint is None or position.endpoint.service == service


def _asks_for_source(policy: Policy) -> bool:
    """Whether a policy asks for whom a service acts."""
    return any(each.key in SOURCES for statement in policy.statements for each in statement.conditions)


def _takes_unsigned(actions: Sequence[str]) -> bool:
    """Whether a service takes any of some actions from who has no credentials."""
    return any(each.partition(":")[0].lower() not in _SIGNED_ONLY for each in actions)


def _policies(thing: Thing, service: str) -> Iterator[Policy]:
    """The policies of a thing that take part in requests to a service."""
    ignores_acls = thing.public_access is not None and thing.public_access.ignores_acls
    for policy in thing.policies:
        if policy.kind is PolicyKind.ACL and ignores_acls:
            continue
        if (policy.kind is PolicyKind.TRUST) is (service == "sts"):
            yield policy


def _alternatives(policies: Sequence[Policy]) -> Sequence[tuple[Policy, ...]]:
    """Each of some policies of which nobody knows which it is, or no policy."""
    return [(policy,) for policy in policies] or [()]


@dataclass(frozen=True)
class _Granting:
    groups: tuple[GrantGroup, ...]
    is_limited: bool
    """Whether boundary and session policies limit it."""


def _granted(
    requester: Requester, thing: Thing, grants: tuple[Applied, ...], identity: GrantGroup, *, is_required: bool
) -> Iterator[_Granting]:
    """What must grant a request, in each way in which one can be granted."""
    direct = GrantGroup(Layer.RESOURCE, grants, lowest=Grade.DIRECT)
    if requester.kind in _WITHOUT_ACCOUNT:
        yield _Granting((direct,), is_limited=False)
    elif requester.account != thing.account:
        yield _Granting((GrantGroup(Layer.RESOURCE, grants), identity), is_limited=True)
    else:
        yield _Granting((direct,), is_limited=False)
        yield _Granting((GrantGroup(Layer.RESOURCE, grants, lowest=Grade.ROLE, highest=Grade.ROLE),), is_limited=True)
        delegated = (GrantGroup(Layer.RESOURCE, grants, highest=Grade.ACCOUNT),) if is_required else ()
        yield _Granting((*delegated, identity), is_limited=True)
