"""CKV2_MEALS_236: APIs know their callers: methods and routes have authorization, GraphQL APIs more than a key.

A preflight request (OPTIONS) has no credentials, and of a WebSocket API only $connect can ask for any. A method with an
API key has a usage plan for those who know it; a private REST API is reached through VPC endpoints, and the policy of a
REST API says who may call it, which CKV2_MEALS_119 judges. Sources: Security Hub APIGateway.8, AppSync.5; API Gateway
developer guide, "Control and manage access to REST APIs".
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub

METHOD = "aws_api_gateway_method"
ROUTE = "aws_apigatewayv2_route"
GRAPHQL = "aws_appsync_graphql_api"


def evaluate(subject: Resource, configuration: Configuration) -> Findings:
    """A finding for what anyone may call."""
    if subject.type == GRAPHQL:
        if subject.text("authentication_type") == "API_KEY":
            yield Finding(found="authentication_type API_KEY", allowed="AWS_IAM, a user pool, OpenID Connect or Lambda")
        return
    name = "authorization" if subject.type == METHOD else "authorization_type"
    if subject.text(name, default="NONE") != "NONE" or subject.flag("api_key_required"):
        return
    if not (is_exempt_method(subject, configuration) if subject.type == METHOD else is_exempt(subject, configuration)):
        yield Finding(found=f"{name} NONE", allowed="AWS_IAM, or an authorizer")


def is_exempt_method(method: Resource, configuration: Configuration) -> bool:
    """Whether a method is for preflight requests, or of an API that limits its callers itself. Raises UnknownValue."""
    return (
        method.text("http_method") == "OPTIONS"
        or is_private(method, configuration)
        or has_policy(method, configuration)
    )


def is_exempt(route: Resource, configuration: Configuration) -> bool:
    """Whether a route is for preflight requests, or comes after a WebSocket's connection. Raises UnknownValue."""
    return route.text("route_key").startswith("OPTIONS ") or is_of_websocket(route, configuration)


def is_private(method: Resource, configuration: Configuration) -> bool:
    """Whether a method's API is reached through VPC endpoints only. Raises UnknownValue."""
    apis = configuration.resolve(method.get("rest_api_id"))
    endpoints = [each for api in apis for each in api.blocks("endpoint_configuration")]
    return bool(endpoints) and all(each.texts("types") == ("PRIVATE",) for each in endpoints)


def has_policy(method: Resource, configuration: Configuration) -> bool:
    """Whether a method's API has a policy of its own."""
    return any(
        api.has("policy") or configuration.referring(api, "aws_api_gateway_rest_api_policy", "rest_api_id")
        for api in configuration.resolve(method.get("rest_api_id"))
    )


def is_of_websocket(route: Resource, configuration: Configuration) -> bool:
    """Whether a route is one of a WebSocket API that comes after the connection. Raises UnknownValue."""
    apis = configuration.resolve(route.get("api_id"))
    return any(api.text("protocol_type") == "WEBSOCKET" for api in apis) and route.text("route_key") != "$connect"


RULE = CheckovRule(
    id="CKV2_MEALS_236",
    name="APIs know their callers",
    severity="medium",
    claim="C1",
    controls=security_hub("APIGateway.8", "AppSync.5") + nist("AC-3", "IA-9"),
    fix="Set the authorization of the method or route, with an authorizer.",
    good="""\
resource "aws_apigatewayv2_route" "orders" {
  api_id             = aws_apigatewayv2_api.orders.id
  route_key          = "POST /orders"
  authorization_type = "AWS_IAM"
}
""",
    bad="""\
resource "aws_apigatewayv2_route" "orders" {
  api_id    = aws_apigatewayv2_api.orders.id
  route_key = "POST /orders"
}
""",
    applies_to=(METHOD, ROUTE, GRAPHQL),
    evaluate=evaluate,
)
