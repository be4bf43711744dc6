"""CKV2_MEALS_133: user pools send people back to HTTPS addresses only.

The address carries the authorization code. Plain http is refused, also for localhost, which Amazon Cognito lets pass
for tests; addresses of mobile apps (`meals://signed-in`) never leave the device. Source: Amazon Cognito developer
guide, "Application-specific settings with app clients".
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist

NAMES = ("callback_urls", "logout_urls", "default_redirect_uri")


def evaluate(client: Resource, configuration: Configuration) -> Findings:
    """A finding for each address with http."""
    for name in NAMES:
        for url in client.texts(name):
            if url.lower().startswith("http:"):
                yield Finding(found=f"{name} with {url}", allowed="https")


RULE = CheckovRule(
    id="CKV2_MEALS_133",
    name="User pools redirect to HTTPS URLs only",
    severity="high",
    claim="C7",
    controls=nist("SC-8", "SC-23"),
    fix="Use https in callback_urls, logout_urls and default_redirect_uri.",
    good="""\
resource "aws_cognito_user_pool_client" "web" {
  callback_urls = ["https://meals.example/oauth2/idpresponse"]
}
""",
    bad="""\
resource "aws_cognito_user_pool_client" "web" {
  callback_urls = ["http://meals.example/oauth2/idpresponse"]
}
""",
    applies_to=("aws_cognito_user_pool_client",),
    evaluate=evaluate,
)
