"""CKV2_MEALS_163: API Gateway shows its HTTP backends a certificate, so that they can tell its calls from others'.

Judged where a stage's API calls HTTP backends, or where its integrations are not declared here: AWS services and Lambda
are called with IAM. Source: Security Hub APIGateway.2.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub

_HTTP = ("HTTP", "HTTP_PROXY")


def evaluate(stage: Resource, configuration: Configuration) -> Findings:
    """A finding for a stage without a client certificate."""
    if not stage.has("client_certificate_id") and may_call_http(stage, configuration):
        yield Finding(found="no client_certificate_id", allowed="an aws_api_gateway_client_certificate")


def may_call_http(stage: Resource, configuration: Configuration) -> bool:
    """Whether an integration of a stage's API is HTTP, or none is declared here. Raises UnknownValue."""
    integrations = [
        each
        for api in configuration.resolve(stage.get("rest_api_id"))
        for each in configuration.referrers(api, "aws_api_gateway_integration", "rest_api_id")
    ]
    return not integrations or any(each.text("type") in _HTTP for each in integrations)


STAGE = """\
resource "aws_api_gateway_stage" "live" {
  rest_api_id           = aws_api_gateway_rest_api.orders.id
  stage_name            = "live"
  client_certificate_id = aws_api_gateway_client_certificate.live.id
}
"""

RULE = CheckovRule(
    id="CKV2_MEALS_163",
    name="API Gateway shows its HTTP backends a certificate",
    severity="low",
    claim="C7",
    controls=security_hub("APIGateway.2") + nist("SC-8", "IA-9"),
    fix="Set client_certificate_id, and have the backend ask for that certificate.",
    good=STAGE,
    bad=STAGE.replace("  client_certificate_id = aws_api_gateway_client_certificate.live.id\n", ""),
    applies_to=("aws_api_gateway_stage",),
    evaluate=evaluate,
)
