"""Who makes requests: what the configuration declares, what its policies name, and whoever else there is.

Source: IAM user guide, "AWS JSON policy elements: Principal".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from policies.access.model import Context, KeyValues, Origin, Policy, PolicyKind, PrincipalKind, Requester
from policies.access.read.accounts import ELSEWHERE, Accounts
from policies.access.read.asked import is_unique_id, without_path
from policies.access.read.attached import Attached
from policies.access.read.federation import may_be_meant, strangers
from policies.access.read.names import names
from policies.access.read.statements import anything
from policies.access.read.texts import ValueTexts
from policies.access.text import assigned, is_determined, readable, settled, undetermined
from policies.library.documents import Principal as PrincipalElement
from policies.library.model import Configuration, Resource
from policies.library.values import Value
from policies.reachability.network import Assumption
from policies.reachability.read.reading import Reading

ADMINISTRATORS = "administrators"
ROOT = "root user"
OTHERS = "any other principal of the account"
STRANGERS = "any principal of another account"
ANONYMOUS = "anonymous"

_ANY = KeyValues(("*",), may_be_absent=True)
_ANY_NAME: Context = {
    "aws:principaltype": KeyValues(("AssumedRole", "FederatedUser", "User")),
    "aws:username": _ANY,
}
"""Keys of a principal of the own account of which nothing is known."""
_ANY_ORGANIZATION = KeyValues((undetermined("the organization of who asks"),), may_be_absent=True)
"""Some organization, or none: nobody knows whether it is one that a policy names."""
_ANYBODY: Context = {
    **_ANY_NAME,
    "aws:principalorgid": _ANY_ORGANIZATION,
    "aws:principalorgpaths": _ANY_ORGANIZATION,
    "aws:principaltype": KeyValues(("Account", "AssumedRole", "FederatedUser", "User")),
}
"""Keys of a principal of an account of which nothing is known."""
_ACTS_FOR = ("aws:sourceaccount", "aws:sourceowner")
_OF_ORGANIZATION = ("aws:sourceorgid", "aws:sourceorgpaths")
"""Keys that hold for whom a service acts: whose account, in which organization."""
_EVERY_SERVICE = "any service"

_DECLARED = ("aws_iam_role", "aws_iam_user", "aws_iam_service_linked_role", "data.aws_iam_role")
"""Types that are principals."""

_IN_ACCOUNT = re.compile(r"(?:arn:([\w-]+):(?:iam|sts)::(?=[^:]+:))?(\d{12}|(?<=::)[^:]+)(?::(.+))?")
_SERVICE_LINKED = re.compile(r":role/aws-service-role/([^/]+)/")


class Principals:
    """Everybody who may make a request, by key."""

    def __init__(
        self, configuration: Configuration, reading: Reading, texts: ValueTexts, accounts: Accounts, attached: Attached
    ) -> None:
        self._configuration, self._reading, self._texts = configuration, reading, texts
        self._accounts, self._attached = accounts, attached

    def all(self, policies: Iterable[Policy], also: Iterable[PrincipalElement] = ()) -> Mapping[str, Requester]:
        """Everybody, also those whom some policies name, and others that are asked about."""
        declared = tuple(self._declared())
        without_paths = frozenset(without_path(each.arn) for each in declared)
        found = [*declared, *self._elsewhere(), *self._named(policies, also, without_paths)]
        found += self._of_account({each.arn for each in found})
        named = {each.key: replace(each, name=readable(each.name)) for each in found}
        return dict(sorted(named.items()))

    def _declared(self) -> Iterator[Requester]:
        resources = [each for each in self._configuration.of_type(*_DECLARED) if not self._is_declared(each)]
        called = names(resources)
        for each in resources:
            yield self._requester(each, called[each.address])

    def _is_declared(self, resource: Resource) -> bool:
        """Whether what a data source finds is declared here too."""
        return resource.type.startswith("data.") and bool(self._reading.found(resource).certain)

    def _requester(self, resource: Resource, name: str) -> Requester:
        presence = self._reading.presence(resource)
        arn, account = self._texts.arn(resource), self._accounts.id_of(resource)
        if resource.type == "aws_iam_service_linked_role":
            service = self._texts.text(resource.get("aws_service_name"))
            return Requester(
                resource.address,
                name,
                PrincipalKind.SERVICE_LINKED_ROLE,
                arn,
                account,
                service=service,
                identity=(self._attached.of_service(resource, service),),
                resource=resource,
                presence=presence,
            )
        if resource.type.startswith("data."):
            reason = Assumption("what it may do is declared elsewhere: taken for everything", resource)
            identity: tuple[Policy, ...] = (
                anything(PolicyKind.IDENTITY, resource.address, Origin(resource, "name"), reason, resource),
            )
        else:
            identity = self._attached.identity(resource)
        return Requester(
            resource.address,
            name,
            PrincipalKind.USER if resource.type == "aws_iam_user" else PrincipalKind.ROLE,
            arn,
            account,
            identity=identity,
            boundaries=self._attached.boundaries(resource),
            context={**_tags(resource, self._texts), **self._own_name(resource)},
            resource=resource,
            presence=presence,
        )

    def _own_name(self, resource: Resource) -> Context:
        """What says who a role or user is, beside the ARN. Source: IAM user guide, "IAM identifiers", "Unique IDs"."""
        unique = self._texts.attribute(resource, "unique_id")
        if resource.type != "aws_iam_user":
            return {"aws:userid": KeyValues((f"{unique}:*",))}
        name = self._texts.attribute(resource, "name")
        return {"aws:userid": KeyValues((unique,)), "aws:username": KeyValues((name,))}

    def _of_account(self, known: Collection[str]) -> Iterator[Requester]:
        """Whom each of the configuration's own accounts has beside those that are known by their ARN."""
        for number in self._accounts.own:
            several = f" of {number}" if len(self._accounts.own) > 1 else ""
            begin = f"arn:{self._partition}:iam::{number}"
            root = f"{begin}:root"
            name = f"{ROOT}{several}"
            yield Requester(name, name, PrincipalKind.ROOT, root, number, is_unrestricted=True)
            others = tuple(sorted({root, *(each for each in known if each.startswith(begin))}))
            context = {**_ANY_NAME, "aws:principalarn": KeyValues((f"{begin}:*",), but=others)}
            for name, arn, is_unrestricted in (
                (f"{ADMINISTRATORS}{several}", f"{begin}:role/{assigned('administrator')}", True),
                (f"{OTHERS}{several}", f"{begin}:role/{assigned('other')}", False),
            ):
                yield Requester(
                    name, name, PrincipalKind.ROLE, arn, number, is_unrestricted=is_unrestricted, context=context
                )

    def _elsewhere(self) -> Iterator[Requester]:
        number = assigned(ELSEWHERE)
        arn = f"arn:{self._partition}:iam::{number}:role/{assigned('any')}"
        yield Requester(
            STRANGERS,
            STRANGERS,
            PrincipalKind.ROLE,
            arn,
            ELSEWHERE,
            is_unrestricted=True,
            context={
                **_ANYBODY,
                "aws:principalaccount": self._not_own("{}"),
                "kms:calleraccount": self._not_own("{}"),
                "aws:principalarn": self._not_own(f"arn:{self._partition}:iam::{{}}:*"),
            },
        )
        yield Requester(ANONYMOUS, ANONYMOUS, PrincipalKind.ANONYMOUS)

    def _not_own(self, template: str, *further: str, may_be_absent: bool = False) -> KeyValues:
        """Texts with any number of an account but the own ones; one that is written may be own if those are unknown."""
        own = self._accounts.own
        number = "*" if all(map(is_determined, own)) else undetermined(ELSEWHERE)
        but = tuple(template.format(each) for each in own)
        but = tuple(dict.fromkeys((*but, *(settled(each, own) for each in but if not is_determined(each)))))
        return KeyValues((template.format(number), *further), may_be_absent=may_be_absent, but=but)

    def _named(
        self, policies: Iterable[Policy], also: Iterable[PrincipalElement], declared: frozenset[str]
    ) -> Iterator[Requester]:
        """Services, identity providers, and accounts with those principals of theirs that policies name."""
        policies = tuple(policies)
        asked = {(each.kind, str(each.value)) for each in also}
        if any(map(_is_for_everyone, policies)):
            yield from self._service(_EVERY_SERVICE, assigned(_EVERY_SERVICE))
        named = {
            (each.kind, str(each.value))
            for policy in policies
            for statement in policy.statements
            for each in statement.principals
        }
        yield from self._in_accounts([value for kind, value in sorted(named | asked) if kind == "AWS"], declared)
        yield from self._federated([value for kind, value in sorted(named | asked) if kind == "Federated"], policies)
        for kind, value in sorted(named | asked):
            if kind == "Service" and "*" not in value:
                yield from self._service(value, value)
            elif (kind, value) in asked and kind != "Federated":
                yield from self._asked(value)

    def _federated(self, values: Iterable[str], policies: Collection[Policy]) -> Iterator[Requester]:
        """Whom identity providers know; of one that is not known whom it may know, assumed."""
        own = self._accounts.own
        known: set[str] = set()
        unknown: list[str] = []
        for value in values:
            provider = _provider(value)
            assumptions = _unless_determined(settled(value, own))
            yield Requester(
                f"users of {value}",
                f"users of {provider}",
                PrincipalKind.FEDERATED,
                service=value,
                assumptions=assumptions,
            )
            if assumptions:
                unknown.append(value)
            else:
                known.add(provider)
                yield from strangers(value, provider, policies, self._configuration, self._texts)
        for principal, provider in may_be_meant(unknown, self._partition):
            if provider not in known:  # whose strangers may be those of the other one
                yield from strangers(principal, provider, policies, self._configuration, self._texts)

    def _service(self, name: str, service: str) -> Iterator[Requester]:
        """A service that acts for this account, and for another one."""
        own = self._accounts.own
        assumptions = _unless_determined(service)
        named: Context = (
            dict.fromkeys(
                ("aws:principalservicename", "aws:principalservicenameslist"), KeyValues(("*.amazonaws.com",))
            )
            if name == _EVERY_SERVICE
            else {}
        )
        arns = (*(f"arn:*:*:*:{each}:*" for each in own), "arn:*:s3:::*")
        yield Requester(
            name,
            name,
            PrincipalKind.SERVICE,
            service=service,
            context={
                **named,
                **dict.fromkeys(_ACTS_FOR, KeyValues(own, may_be_absent=True)),
                **dict.fromkeys(_OF_ORGANIZATION, _ANY_ORGANIZATION),
                "aws:sourcearn": KeyValues(arns, may_be_absent=True),
            },
            assumptions=assumptions,
        )
        bucket = f"arn:*:s3:::{assigned('a bucket of theirs')}"
        yield Requester(
            f"{name} for {ELSEWHERE}",
            f"{name} for {ELSEWHERE}",
            PrincipalKind.SERVICE,
            service=service,
            acts_for_others=True,
            context={
                **named,
                **dict.fromkeys(_ACTS_FOR, self._not_own("{}", may_be_absent=True)),
                **dict.fromkeys(_OF_ORGANIZATION, _ANY_ORGANIZATION),
                "aws:sourcearn": self._not_own("arn:*:*:*:{}:*", bucket, may_be_absent=True),
            },
            assumptions=assumptions,
        )

    def _in_accounts(self, values: Iterable[str], declared: frozenset[str]) -> Iterator[Requester]:
        """The principals that policies name and that are not declared, and whoever else there is in other accounts.

        `declared` are ARNs without paths. Of one in an own account nothing is known but what policies grant it by name.
        """
        by_account: dict[tuple[str, str], list[str]] = {}
        whole: dict[tuple[str, str], None] = {}
        for value in values:
            found = _IN_ACCOUNT.fullmatch(value)
            if found is None or not (is_determined(found[2]) or found[2] in self._accounts.own):
                continue
            partition, number, rest = found[1] or self._partition, found[2], found[3] or "root"
            others = by_account.setdefault((partition, number), [])
            if rest.startswith("assumed-role/"):
                rest = f"role/{rest.split('/')[1]}"
            arn = f"arn:{partition}:iam::{number}:{rest}"
            is_own = number in self._accounts.own
            if rest == "root" and not is_own:
                whole[partition, number] = None
            elif (
                rest != "root"
                and arn not in others
                and not (is_own and without_path(arn) in declared)
                and is_determined(rest)
            ):
                others.append(arn)
                yield self._known_by_arn(value, arn, number)
        for (partition, number), arns in by_account.items():
            is_others = bool(arns) and number.isdigit() and number not in self._accounts.own
            if is_others or (partition, number) in whole:
                yield self._any_of(partition, number, but=tuple(arns))

    def _known_by_arn(self, name: str, arn: str, number: str) -> Requester:
        """A principal of which the ARN is all that is known."""
        linked = _SERVICE_LINKED.search(arn)
        kind = PrincipalKind.USER if ":user/" in arn else PrincipalKind.ROLE
        is_own = number in self._accounts.own
        return Requester(
            name,
            name,
            PrincipalKind.SERVICE_LINKED_ROLE if linked else kind,
            arn,
            number if is_own else self._accounts.other(number),
            service=linked[1] if linked else "",
            is_unrestricted=not is_own,
        )

    def _any_of(self, partition: str, number: str, but: tuple[str, ...] = ()) -> Requester:
        """Any principal of an account that policies name, or any other one than those that they name."""
        begin = f"arn:{partition}:iam::{number}"
        name = f"any {'other ' if but else ''}principal of account {number}"
        arn = f"{begin}:role/{assigned('other' if but else 'any')}"
        context = {**_ANYBODY, "aws:principalarn": KeyValues((f"{begin}:*",), but=but)}
        key = self._accounts.other(number)
        return Requester(name, name, PrincipalKind.ROLE, arn, key, is_unrestricted=True, context=context)

    def _asked(self, value: str) -> Iterator[Requester]:
        """Who is asked about, is in the own account or nobody knows where, and is not declared."""
        found = _IN_ACCOUNT.fullmatch(value)
        kind = PrincipalKind.USER if value.startswith("AIDA") or ":user/" in value else PrincipalKind.ROLE
        if is_unique_id(value):
            anywhere = {**_ANYBODY, "aws:principalarn": _ANY, "aws:principalaccount": _ANY, "kms:calleraccount": _ANY}
            reason = Assumption(f"nobody knows here whose id {value} is: taken for somebody of another account")
            yield Requester(
                value, value, kind, value, ELSEWHERE, is_unrestricted=True, context=anywhere, assumptions=(reason,)
            )
        elif found and found[2] in self._accounts.own and found[3] not in (None, "root"):
            declared = self._configuration.of_type(*_DECLARED)
            if not any(without_path(self._texts.arn(each)) == without_path(value) for each in declared):
                reason = Assumption(f"what {value} may do is declared elsewhere: taken for everything")
                identity = anything(PolicyKind.IDENTITY, value, Origin(None, value), reason)
                yield Requester(value, value, kind, value, found[2], identity=(identity,), assumptions=(reason,))

    @property
    def _partition(self) -> str:
        first = next(iter(self._configuration.resources.values()), None)
        return self._texts.partition(first) if first else "aws"


def _is_for_everyone(policy: Policy) -> bool:
    """Whether something's own policy lets in whoever its conditions do; services go through no endpoint."""
    return policy.kind is not PolicyKind.ENDPOINT and any(
        each.allows and (each.inverts_principals or any(one.value == "*" for one in each.principals))
        for each in policy.statements
    )


def _unless_determined(value: str) -> tuple[Assumption, ...]:
    """That somebody is there whom a text names of which not every part is known."""
    return () if is_determined(value) else (Assumption(f"{readable(value)} may be anything"),)


def _tags(resource: Resource, texts: ValueTexts) -> Context:
    """The tags of a principal, as keys; a key that may be more than is written stays open."""
    tags: Value = resource.get("tags")
    if not isinstance(tags, Mapping):
        return {}
    return {f"aws:principaltag/{key.lower()}": KeyValues((texts.text(value),)) for key, value in tags.items()}


def _provider(value: str) -> str:
    """An identity provider as people call it."""
    return value.rpartition("-provider/")[2] or value
