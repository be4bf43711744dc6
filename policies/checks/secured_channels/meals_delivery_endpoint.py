"""CKV2_MEALS_136: what AWS calls or delivers to outside is called over HTTPS.

Firehose HTTP and Splunk endpoints, EventBridge API destinations and the token endpoints of their connections, HTTP
integrations of API Gateway, and AppSync HTTP data sources. Sources: Amazon Data Firehose developer guide, HTTP endpoint
destinations; Security Hub APIGateway.10.
"""

from collections.abc import Iterator

from policies.checkov.adapter import CheckovRule
from policies.library.model import Block, Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub
from policies.library.values import Partial, Reference, Unknown

ENDPOINTS = {
    "aws_kinesis_firehose_delivery_stream": (
        ("http_endpoint_configuration", "url"),
        ("splunk_configuration", "hec_endpoint"),
    ),
    "aws_cloudwatch_event_api_destination": (("invocation_endpoint",),),
    "aws_cloudwatch_event_connection": (("auth_parameters", "oauth", "authorization_endpoint"),),
    "aws_api_gateway_integration": (("uri",),),
    "aws_apigatewayv2_integration": (("integration_uri",),),
    "aws_appsync_datasource": (("http_config", "endpoint"),),
}
"""Resource type -> the paths of its endpoints: the blocks on the way, then the argument."""
LISTENERS = ("aws_lb_listener", "aws_alb_listener")
INTEGRATIONS = ("aws_api_gateway_integration", "aws_apigatewayv2_integration")


def evaluate(subject: Resource, configuration: Configuration) -> Findings:
    """A finding for each endpoint with http."""
    if subject.type in INTEGRATIONS and not is_http(subject):
        return
    for *names, argument in ENDPOINTS[subject.type]:
        for block in blocks(subject, names):
            for listener in configuration.resolve(block.get(argument)):  # what a VPC link leads to
                if listener.type in LISTENERS and listener.text("protocol").upper() == "HTTP":
                    yield Finding(found=f"{argument} {listener.address}, {listener.text('protocol')}", allowed="HTTPS")
            start = beginning(block, argument)
            if start.lower().startswith("http:"):
                yield Finding(found=f"{argument} {start}", allowed="an https endpoint")


def is_http(integration: Resource) -> bool:
    """Whether an integration calls a URL: not a Lambda function, an AWS service or a mock. Raises UnknownValue."""
    name = "type" if integration.type == "aws_api_gateway_integration" else "integration_type"
    return integration.text(name).upper() in ("HTTP", "HTTP_PROXY")


def blocks(block: Block, names: list[str]) -> Iterator[Block]:
    """The blocks at a path of names, each level of which may have several."""
    if not names:
        yield block
        return
    for nested in block.blocks(names[0]):
        yield from blocks(nested, names[1:])


def beginning(block: Block, argument: str) -> str:
    """How a URL begins, whose host may be unknown. Raises UnknownValue if even the scheme is."""
    value = block.get(argument)
    if isinstance(value, Reference) and value.attribute == "arn":
        return "arn:"
    if isinstance(value, Partial) and isinstance(value.parts[0], str):
        return value.parts[0]
    if isinstance(value, Unknown):
        raise value.failure(f"{block.place}.{argument}")
    return block.text(argument)


RULE = CheckovRule(
    id="CKV2_MEALS_136",
    name="External endpoints are called over HTTPS",
    severity="high",
    claim="C7",
    controls=security_hub("APIGateway.10") + nist("SC-8"),
    fix="Give an endpoint that begins with https.",
    good="""\
resource "aws_kinesis_firehose_delivery_stream" "metrics" {
  http_endpoint_configuration {
    url = "https://intake.example/v1/input"
  }
}
""",
    bad="""\
resource "aws_cloudwatch_event_api_destination" "payments" {
  invocation_endpoint = "http://payments.example/events"
}
""",
    applies_to=tuple(ENDPOINTS),
    evaluate=evaluate,
)
