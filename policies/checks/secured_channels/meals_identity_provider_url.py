"""CKV2_MEALS_134: identity providers are asked over HTTPS only.

The endpoints of an OpenID Connect provider, wherever they are told: load balancers that authenticate, IAM, user pools
and authorizers of HTTP APIs. Who can change the answers can sign in as anyone. Source: OpenID Connect Core 1.0, 16.17.
IAM takes no URL without https (IAM API, CreateOpenIDConnectProvider), so one that is not known yet, such as the issuer
of an EKS cluster, has it.
"""

from collections.abc import Iterator

from policies.checkov.adapter import CheckovRule
from policies.library.load_balancers import LISTENER_RULES, LISTENERS, actions
from policies.library.model import Block, Configuration, Resource
from policies.library.rule import Finding, Findings, nist
from policies.library.values import Partial, Unknown

ENDPOINTS = ("issuer", "authorization_endpoint", "token_endpoint", "user_info_endpoint")
PROVIDER_DETAILS = (
    "oidc_issuer",
    "authorize_url",
    "token_url",
    "attributes_url",
    "jwks_uri",
    "MetadataURL",
    "SSORedirectBindingURI",
    "SLORedirectBindingURI",
)


def evaluate(subject: Resource, configuration: Configuration) -> Findings:
    """A finding for each address of an identity provider with http."""
    for name, url in urls(subject):
        if url.lower().startswith("http:"):
            yield Finding(found=f"{name} {url}", allowed="https")


def urls(subject: Resource) -> Iterator[tuple[str, str]]:
    """The addresses of identity providers in a resource, with the names of their arguments. Raises UnknownValue."""
    if subject.type in (*LISTENERS, *LISTENER_RULES):
        for action in actions(subject):
            for block in action.blocks("authenticate_oidc"):
                yield from named(block, ENDPOINTS)
    elif subject.type == "aws_iam_openid_connect_provider":
        if isinstance(url := subject.get("url"), str):
            yield "url", url
    elif subject.type == "aws_apigatewayv2_authorizer":
        for block in subject.blocks("jwt_configuration"):
            yield from named(block, ("issuer",))
    else:
        details = subject.mapping("provider_details")
        for name in PROVIDER_DETAILS:
            value = details.get(name)
            if isinstance(value, Unknown):
                raise value.failure(f"{subject.place}.provider_details.{name}")
            yield name, str(value or "")


def named(block: Block, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The arguments of some names, as far as they decide. Raises UnknownValue."""
    for name in names:
        value = block.get(name)
        if isinstance(value, Partial) and isinstance(value.parts[0], str):
            yield name, value.parts[0]
        else:
            yield name, block.text(name)


RULE = CheckovRule(
    id="CKV2_MEALS_134",
    name="Identity providers are called over HTTPS only",
    severity="high",
    claim="C7",
    controls=nist("SC-8", "IA-8"),
    fix="Use the https addresses of the identity provider.",
    good="""\
resource "aws_iam_openid_connect_provider" "sign_in" {
  url            = "https://accounts.example"
  client_id_list = ["meals"]
}
""",
    bad="""\
resource "aws_cognito_identity_provider" "sign_in" {
  provider_name = "accounts"
  provider_type = "OIDC"
  provider_details = {
    oidc_issuer = "http://accounts.example"
  }
}
""",
    applies_to=(
        *LISTENERS,
        *LISTENER_RULES,
        "aws_iam_openid_connect_provider",
        "aws_cognito_identity_provider",
        "aws_apigatewayv2_authorizer",
    ),
    evaluate=evaluate,
)
