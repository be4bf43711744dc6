"""The accounts: the one that the provider makes everything in, and those that policies name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from policies.access.model import Account
from policies.access.text import assigned, undetermined, undetermined_field
from policies.library.model import Block, Configuration, Resource
from policies.library.values import Partial, UnknownValue, Value

ELSEWHERE = "another account"
"""The key of the account of a stranger."""

_NUMBER = re.compile(r"(?<!\d)\d{12}(?!\d)")
_NUMBER_IN_ARN = re.compile(r"arn:[\w-]+:[\w-]*:[\w-]*:(\d{12}):")
_PARTITIONS = (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"))


class Accounts:
    """The accounts of a configuration: whose each resource is."""

    def __init__(self, configuration: Configuration, *, may_be_named: bool = False) -> None:
        """``may_be_named``: whether the own account may be one that is named elsewhere, if nothing says which it is."""
        self._configuration = configuration
        self._may_be_named = may_be_named
        self._providers = configuration.providers
        self._ids: dict[str, str] = {}
        self._others: set[str] = set()

    def id_of(self, resource: Resource) -> str:
        """The number of the account that a resource is in, as text.

        Where the provider does not say, it is AWS's to choose; if policies name accounts, it may be one of these.
        """
        provider = self._provider_of(resource)
        if provider not in self._ids:
            self._ids[provider] = self._id_of(provider)
        return self._ids[provider]

    def region(self, resource: Resource) -> str:
        """The region that a resource is in, as text."""
        own = resource.get("region")
        provider = self._providers.get(self._provider_of(resource))
        value = own if isinstance(own, str) and own else provider.get("region") if provider else None
        return value if isinstance(value, str) and value else undetermined_field("region")

    def partition(self, resource: Resource) -> str:
        """`aws`, or what goes with the region."""
        region = self.region(resource)
        return next((partition for prefix, partition in _PARTITIONS if region.startswith(prefix)), "aws")

    def other(self, number: str) -> str:
        """The key of the account with a number that a policy names."""
        if number not in self._ids.values():
            self._others.add(number)
        return number

    @property
    def own(self) -> tuple[str, ...]:
        """The keys of the configuration's own accounts, the provider's without alias first."""
        return tuple(dict.fromkeys(self._ids.values())) or (self._id_of("aws"),)

    def all(self) -> Mapping[str, Account]:
        """Every account that there was talk of, and a stranger's."""
        organization = self._organization()
        found = {key: Account(key, key, "this account", organization=organization) for key in self.own}
        for number in sorted(self._others - found.keys()):
            found[number] = Account(number, number, f"account {number}", organization=undetermined(f"that of {number}"))
        found[ELSEWHERE] = Account(ELSEWHERE, assigned(ELSEWHERE), ELSEWHERE, organization=assigned("its organization"))
        return dict(sorted(found.items()))

    def _organization(self) -> str:
        """The organization of the own accounts: the one that is declared or looked up, of which there is one."""
        found = self._configuration.of_type("aws_organizations_organization", "data.aws_organizations_organization")
        return assigned(f"{found[0].address}.id") if len(found) == 1 else undetermined("organization")

    def _provider_of(self, resource: Resource) -> str:
        name = resource.provider or "aws"
        return name if name in self._providers or "aws" not in self._providers else "aws"

    def _id_of(self, name: str) -> str:
        provider = self._providers.get(name)
        if name != "aws" and _is_alike(provider, self._providers.get("aws")):
            return self._id_of("aws")
        try:
            allowed = provider.texts("allowed_account_ids") if provider else ()
            role = provider.block("assume_role") if provider else None
            assumed = _NUMBER_IN_ARN.match(role.text("role_arn")) if role else None
        except UnknownValue:
            allowed, assumed = (), None
        if len(allowed) == 1:
            return allowed[0]
        if assumed:
            return assumed[1]
        made = self._of_what_is_there(name)
        if made:
            return made
        if len(allowed) > 1 or self._may_be_named or any(_numbers(self._configuration)):
            return undetermined_field("account")
        return assigned("account") if name == "aws" else assigned(f"account of {name}")

    def _of_what_is_there(self, name: str) -> str:
        """The account in the ARN of what is there already, as a plan has it; empty if nothing says."""
        for resource in self._configuration.resources.values():
            arn = resource.get("arn")
            if isinstance(arn, str) and not resource.type.startswith("data.") and self._provider_of(resource) == name:
                found = _NUMBER_IN_ARN.match(arn)
                if found:
                    return found[1]
        return ""


_ABOUT_NOBODY = frozenset({"description", "tags", "tags_all"})
"""Arguments whose texts are for people."""


_CREDENTIALS = (
    "access_key",
    "allowed_account_ids",
    "assume_role",
    "assume_role_with_web_identity",
    "profile",
    "secret_key",
    "shared_config_files",
    "shared_credentials_files",
    "token",
)
"""What decides with whose credentials a provider works. Source: the provider's documentation, "Authentication and
Configuration"."""


def _is_alike(one: Block | None, other: Block | None) -> bool:
    """Whether two configurations of the provider work with the same credentials, and so in one account."""
    return one is not None and all(
        one.get(each) == (other.get(each) if other is not None else None) for each in _CREDENTIALS
    )


def _numbers(configuration: Configuration) -> Iterator[str]:
    """Every account's number in any text that AWS may make something of."""
    for resource in configuration.resources.values():
        for text in _texts(tuple(value for name, value in resource.attributes.items() if name not in _ABOUT_NOBODY)):
            if ":" in text or len(text) == 12:
                yield from _NUMBER.findall(text)


def _texts(value: Value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Partial):
        yield from (part for part in value.parts if isinstance(part, str))
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, tuple):
        for each in value:
            yield from _texts(each)
