"""Trust in identity providers: whether a role is for named users of one, or for all of them.

A provider such as GitHub's has users whom nobody here knows, so the trust is in everybody until a condition names the
subject: IAM user guide, "Create a role for OpenID Connect federation", "Configuring a role for GitHub OIDC identity
provider"; GitHub Docs, "Configuring OpenID Connect in Amazon Web Services".

What names it differs. A pattern for all repositories of an organization (`repo:org/*`) is accepted, as GitHub lets only
the organization's members run anything there; `repo:*` and `repo:org*` match strangers. Google, Facebook, Amazon and
Cognito are asked for an application's users, so the application's id is enough ("AWS web identity federation condition
keys"). The issuer of an EKS cluster knows service accounts of one cluster, so a pattern for some of them is accepted,
as for other issuers that are one customer's. Any other issuer may have customers whom nobody here knows, so the first
thing that its subject names, the customer, must be fixed: `account:1234:pipeline:*`, not `account:*:pipeline:deploy`.
A SAML provider names the role in what it signs, so the audience is enough ("Creating a role for SAML 2.0 federation").
"""

from __future__ import annotations

import re

from policies.library.documents import Condition, Principal, Statement, any_holds
from policies.library.model import Configuration
from policies.library.narrowing import demands, is_fixed
from policies.library.values import Partial, Reference, Unknown, Value

_SIGN_IN = ("accounts.google.com", "cognito-identity.amazonaws.com", "graph.facebook.com", "www.amazon.com")
_APPLICATIONS = (":aud", ":app_id", ":azp", ":oaud")
"""How the keys end that hold the id of the application that somebody signs in to."""
_SUBJECTS = (":sub", ":email", ":id", ":user_id")
_TENANTS = (
    ":enterprise_id",
    ":namespace_id",
    ":namespace_path",
    ":project_id",
    ":project_path",
    ":repository",
    ":repository_id",
    ":repository_owner",
    ":repository_owner_id",
    ":terraform_organization_id",
    ":terraform_organization_name",
)
"""How the keys end that hold the customer of a provider; a request without such a claim does not match."""
_SAML = ("saml:aud", "saml:iss", "saml:sub", "saml:namequalifier", "saml:doc")
_SHARED = (
    "agent.buildkite.com",
    "app.terraform.io",
    "githubusercontent.com",
    "gitlab.com",
    "oidc.codefresh.io",
    "oidc.vercel.com",
    "scalr.io",
)
"""Providers that anyone has an account with, and whose customers choose the audience."""
_OWN = (
    ".app.spacelift.io",
    "api.bitbucket.org/2.0/workspaces/",
    "oidc.circleci.com/org/",
    "oidc.eks.",
    "oidc.fly.io/",
)
"""What stands in issuers that are one customer's: the customer is in the address."""
_KUBERNETES = "system:serviceaccount:"
"""How the subjects of clusters begin, each of which is its own issuer (Kubernetes, "Service account token issuer")."""
_KINDS = re.compile(r"pulumi:(?:deploy|environments):")
"""What the subjects of a provider begin with, before the customer."""
_WORDS = ("system", "serviceaccount", "org", "project", "user")
"""Parts of subjects that are the same for all of an issuer's users."""
_TENANT_CLAIMS = (
    "account",
    "enterprise_id",
    "job_workflow_ref",
    "namespace_id",
    "namespace_path",
    "organization",
    "owner",
    "project_id",
    "project_path",
    "repo",
    "repository",
    "repository_id",
    "repository_owner",
    "repository_owner_id",
)
"""The claims that the subject of a shared provider may begin with. Its customers choose others, such as the name of a
workflow, so that a stranger's can be followed by whatever is asked for."""
_AWS_AUDIENCE = "sts.amazonaws.com"
"""The audience that every client asks for unless told otherwise."""


def trusts_any_user(statement: Statement, configuration: Configuration) -> bool:
    """Whether a grant is to an identity provider without a condition on who its user is. Raises UnknownValue."""
    if not statement.allows or statement.inverts_principals:
        return False
    providers = [each for each in statement.principals if each.kind == "Federated"]
    return any(not _names_users(statement, each, configuration) for each in providers)


def _names_users(statement: Statement, provider: Principal, configuration: Configuration) -> bool:
    issuer = _issuer(provider.value, configuration)
    if ":saml-provider/" in issuer or issuer.startswith("aws_iam_saml_provider"):
        return any_holds(statement.condition(*_SAML), lambda each: demands(each, is_fixed))
    return any_holds(statement.conditions, lambda each: _names_user(each, issuer))


def _issuer(provider: Value, configuration: Configuration) -> str:
    """What identifies a provider: its URL where it is declared here, its name or ARN, or what is written there."""
    for resource in configuration.resolve(provider):
        url = resource.get("url")
        return url if isinstance(url, str) else resource.type.removeprefix("data.")
    if isinstance(provider, Partial):
        return "".join(part if isinstance(part, str) else "?" for part in provider.parts)
    if isinstance(provider, Reference):
        return provider.type.removeprefix("data.")
    return provider.expression if isinstance(provider, Unknown) else str(provider)


def _names_user(condition: Condition, issuer: str) -> bool:
    """Whether a condition on a claim of a provider's token names users or their application. Raises UnknownValue."""
    key = condition.key
    is_shared = any(each in key or each in issuer for each in _SHARED)
    if key.endswith(_SUBJECTS):
        if is_shared:
            return demands(condition, _is_subject_of_shared)
        is_own = any(each in key or each in issuer for each in _OWN)
        return demands(condition, _is_subject_of_own if is_own else _is_subject)
    if key.endswith(_TENANTS):
        return demands(condition, lambda text: is_fixed(text.split("/")[0]))
    if key.endswith(_APPLICATIONS) and not is_shared:
        if any(each in key for each in _SIGN_IN):
            return demands(condition, is_fixed)
        return demands(condition, lambda text: is_fixed(text) and text != _AWS_AUDIENCE)
    return False


def _is_subject(text: str) -> bool:
    """Whether a pattern of subjects is of one customer, of an issuer that may have many, or of one cluster."""
    if text.startswith(_KUBERNETES):
        return _is_subject_of_own(text)
    claim, _, rest = _KINDS.sub("", text, count=1).partition(":")
    return is_fixed(claim) and _begins_with_tenant(rest) if rest else is_fixed(text)


def _is_subject_of_own(text: str) -> bool:
    """Whether a pattern of subjects leaves some out: `system:serviceaccount:*:*` does not."""
    return any(is_fixed(part) for part in re.split("[:/]", text) if part not in _WORDS)


def _is_subject_of_shared(text: str) -> bool:
    """Whether a pattern of a shared provider's subjects is of one tenant: `repo:org/*`, `organization:acme:*`."""
    claim, _, rest = text.partition(":")
    return claim in _TENANT_CLAIMS and _begins_with_tenant(rest)


def _begins_with_tenant(rest: str) -> bool:
    """Whether what follows the first claim of a subject is no pattern, up to the next claim or part of a name."""
    return is_fixed(re.split("[:/]", rest, maxsplit=1)[0])
