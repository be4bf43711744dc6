"""Strangers whom identity providers know that everybody can use: of whom trust policies ask too little.

Sources: IAM user guide, "Available keys for AWS OIDC federation" and "Create a role for OpenID Connect federation";
GitHub, GitLab and HCP Terraform, on the subjects of their tokens; Cognito developer guide, "Identity pools
authentication flow" and "Role trust and permissions".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from policies.access.globs import glob, meet
from policies.access.model import Context, KeyValues, Policy, PrincipalKind, Requester
from policies.access.read.texts import ValueTexts
from policies.access.text import assigned, undetermined, undetermined_field, widened
from policies.library.model import Configuration, Resource
from policies.library.values import Value

ANYONE_WITH = "anyone with "
"""How the keys of these strangers begin."""

_COGNITO = "cognito-identity.amazonaws.com"
_OWNERS: Mapping[str, Mapping[str, re.Pattern[str]]] = {
    "accounts.google.com": {"sub": re.compile(r"[^*?]+\Z")},
    "app.terraform.io": {"sub": re.compile(r"organization:[^:*?]+:")},
    "gitlab.com": {"sub": re.compile(r"project_path:[^/:*?]+/")},
    "graph.facebook.com": {"id": re.compile(r"[^*?]+\Z")},
    "token.actions.githubusercontent.com": {
        "repository": re.compile(r"[^/*?]+/"),
        "repository_owner": re.compile(r"[^*?]+\Z"),
        "sub": re.compile(r"repo:[^/:*?]+/"),
    },
    "www.amazon.com": {"user_id": re.compile(r"[^*?]+\Z")},
}
"""By provider the claims that say whose a token is, and what begins them there: who is named so far is no stranger."""
PROVIDERS = frozenset({"accounts.google.com", _COGNITO, "graph.facebook.com", "www.amazon.com"})
"""Providers that a Principal element names as they are, not by the ARN of what is declared for them."""


def strangers(
    principal: str, provider: str, policies: Iterable[Policy], configuration: Configuration, texts: ValueTexts
) -> Iterator[Requester]:
    """Whom a provider knows though nothing names them; nobody of one that not everybody can use."""
    if provider == _COGNITO:
        guests = f"{ANYONE_WITH}no login, through {provider}"
        yield _stranger(guests, principal, _guests(configuration, texts))
        members = tuple(_open_to_sign_up(configuration, texts))
        if members:
            context = {f"{_COGNITO}:aud": KeyValues(members), f"{_COGNITO}:amr": KeyValues(("authenticated",))}
            yield _stranger(f"{ANYONE_WITH}a login that anybody can have, through {provider}", principal, context)
        theirs = KeyValues((assigned("an identity pool of theirs"),))
        yield _stranger(f"{ANYONE_WITH}an identity pool of their own", principal, {f"{_COGNITO}:aud": theirs})
    elif provider in _OWNERS:
        owners = _OWNERS[provider]
        context = {
            f"{provider}:{claim}": KeyValues(("*",), but=_named(f"{provider}:{claim}", owner, policies))
            for claim, owner in owners.items()
        }
        yield _stranger(f"{ANYONE_WITH}an account of {provider}", principal, context)


def may_be_meant(values: Iterable[str], partition: str) -> Iterator[tuple[str, str]]:
    """The providers that everybody can use and that some texts may turn out to be, each as such texts name it."""
    patterns = [glob(widened(each)) for each in values]
    for provider in (_COGNITO, *_OWNERS):
        is_itself = provider in PROVIDERS
        account = undetermined_field("the account of the identity provider")
        principal = provider if is_itself else f"arn:{partition}:iam::{account}:oidc-provider/{provider}"
        if any(meet(each, glob(widened(principal))) for each in patterns):
            yield principal, provider


def owners_named(policies: Iterable[Policy]) -> frozenset[tuple[str, str]]:
    """Whose tokens some policies name, by the keys of their claims."""
    several = tuple(policies)
    return frozenset(
        (f"{provider}:{claim}", owner)
        for provider, claims in _OWNERS.items()
        for claim, pattern in claims.items()
        for owner in _named(f"{provider}:{claim}", pattern, several)
    )


def _stranger(name: str, principal: str, context: Context) -> Requester:
    return Requester(name, name, PrincipalKind.FEDERATED, service=principal, context=context)


def _named(key: str, owner: re.Pattern[str], policies: Iterable[Policy]) -> tuple[str, ...]:
    """The values of a claim that tokens of those have whom grants name."""
    found = {
        f"{match[0]}*" if match.end() < len(text) else text
        for policy in policies
        for statement in policy.statements
        if statement.allows
        for condition in statement.conditions
        if condition.key == key and "not" not in condition.operator
        for text in condition.texts()
        if (match := owner.match(text))
    }
    return tuple(sorted(found))


def _guests(configuration: Configuration, texts: ValueTexts) -> Context:
    """What the tokens of identity pools hold of who has not logged in; pools that are not declared may give some."""
    pools = configuration.of_type("aws_cognito_identity_pool")
    closed = [each for each in pools if each.get("allow_unauthenticated_identities") in (False, "false", None)]
    is_open = (each for each in pools if each.get("allow_unauthenticated_identities") in (True, "true"))
    ids = (*(texts.attribute(each, "id") for each in is_open), undetermined("an identity pool that lets guests in"))
    return {
        f"{_COGNITO}:aud": KeyValues(ids, but=tuple(texts.attribute(each, "id") for each in closed)),
        f"{_COGNITO}:amr": KeyValues(("unauthenticated",)),
    }


def _open_to_sign_up(configuration: Configuration, texts: ValueTexts) -> Iterator[str]:
    """The identity pools that let in who signs up by themselves: through a user pool, or a provider of everybody.

    Source: Cognito developer guide, "Signing up and confirming user accounts" (allow_admin_create_user_only).
    """
    for pool in configuration.of_type("aws_cognito_identity_pool"):
        users = [
            each for value in pool.values("cognito_identity_providers") for each in _user_pools(value, configuration)
        ]
        if pool.has("supported_login_providers") or any(map(_takes_sign_up, users)):
            yield texts.attribute(pool, "id")


def _user_pools(value: Value, configuration: Configuration) -> Iterator[Resource]:
    """The user pools that a provider of an identity pool names, itself or by a client."""
    several = value.values() if isinstance(value, Mapping) else (value,)
    for each in several:
        for found in configuration.resolve(each):
            if found.type == "aws_cognito_user_pool_client":
                yield from _user_pools(found.get("user_pool_id"), configuration)
            elif found.type == "aws_cognito_user_pool":
                yield found


def _takes_sign_up(pool: Resource) -> bool:
    """Whether people may sign up; where it is not known they may."""
    blocks = pool.values("admin_create_user_config")
    only_admins = [each.get("allow_admin_create_user_only") for each in blocks if isinstance(each, Mapping)]
    return not any(each in (True, "true") for each in only_admins)
