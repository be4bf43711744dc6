"""Lambda, API Gateway and Step Functions."""

from __future__ import annotations

from collections.abc import Mapping

from cli.core.cost.charges.observability import logs_of_its_own
from cli.core.cost.model import Unsaid
from cli.core.cost.reading import Reader, Reading, Uses, by_usage
from policies.library.model import Resource


def _function(reading: Reading, resource: Resource) -> Uses:
    architectures = resource.texts("architectures") or ("x86_64",)
    yield by_usage("AWSLambda", "request", reading.used(resource, "requests"))
    yield by_usage("AWSLambda", f"duration {architectures[0]}", reading.used(resource, "gb_seconds"))
    if not resource.blocks("logging_config"):
        yield from logs_of_its_own(reading, "/aws/lambda/")


def _http_api(reading: Reading, resource: Resource) -> Uses:
    is_open = resource.text("protocol_type") == "WEBSOCKET"
    item = "WebSocket message" if is_open else "HTTP request"
    yield by_usage("AmazonApiGateway", item, reading.used(resource, "requests"))
    if is_open:
        yield Unsaid("how long its clients are connected")


def _rest_api(reading: Reading, resource: Resource) -> Uses:
    yield by_usage("AmazonApiGateway", "REST request", reading.used(resource, "requests"))


def _state_machine(reading: Reading, resource: Resource) -> Uses:
    if resource.text("type", "STANDARD") == "STANDARD":
        yield by_usage("AmazonStates", "standard transition", reading.used(resource, "transitions"))
    else:
        yield Unsaid("how long its express workflows run")


def _event_source(_: Reading, resource: Resource) -> Uses:
    if resource.blocks("provisioned_poller_config"):
        yield Unsaid("how many event pollers it has provisioned")


SERVERLESS: Mapping[str, Reader] = {
    "aws_api_gateway_rest_api": _rest_api,
    "aws_apigatewayv2_api": _http_api,
    "aws_lambda_event_source_mapping": _event_source,
    "aws_lambda_function": _function,
    "aws_sfn_state_machine": _state_machine,
}
