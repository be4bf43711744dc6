"""API Gateway: what it leads to in VPCs, for the internet or, of private APIs, for interface endpoints.

Sources: API Gateway developer guide, "Private integrations" for HTTP and REST APIs ("VPC links V2", whose interfaces
and security groups stand in the VPC; "VPC links V1", which lead to Network Load Balancers over AWS PrivateLink), and
"Private REST APIs".
"""

from __future__ import annotations

from collections.abc import Iterator

from policies.library.model import Resource
from policies.library.values import Unknown, Value
from policies.reachability import addresses
from policies.reachability.read.balancers import meets_groups
from policies.reachability.read.peers import last_label
from policies.reachability.read.reading import could_be_anything, leaves
from policies.reachability.read.service_nodes import HTTPS, ServiceNodes, taken

_LINK, _OLD_LINK = "aws_apigatewayv2_vpc_link", "aws_api_gateway_vpc_link"
_INTEGRATION = "aws_api_gateway_integration"
_API = "aws_api_gateway_rest_api"
_ENDPOINT = "aws_vpc_endpoint"
_SERVICE = "execute-api"
_PRIVATE = "PRIVATE"


def read_api_gateways(services: ServiceNodes) -> None:
    """Add the integrations of API Gateway with what is in VPCs, and its links."""
    configuration = services.reading.configuration
    for each in configuration.of_type("aws_apigatewayv2_integration"):
        if each.has("connection_id"):
            services.stand(each, HTTPS)
            _lead_through_link(services, each, each.get("integration_uri"))
    for each in configuration.of_type(_INTEGRATION):
        if each.has("integration_target"):
            _stand(services, each, [each])
            _lead_through_link(services, each, each.get("integration_target"))
    for link in configuration.of_type(_OLD_LINK):
        _stand(services, link, _users(services, link))
        for leaf in leaves(link.get("target_arns")):
            for node in services.targets(leaf, link):
                senders = addresses.ALL if meets_groups(node, services.reading) else None
                services.lead(link.address, HTTPS, node.key, taken(node), link, senders=senders)


def _users(services: ServiceNodes, link: Resource) -> list[Resource]:
    """The integrations that lead to a link, or may."""
    return [
        each
        for each in services.reading.configuration.of_type(_INTEGRATION)
        if link in services.reading.owners(each, "connection_id", (_OLD_LINK,))
    ]


def _lead_through_link(services: ServiceNodes, integration: Resource, target: Value) -> None:
    """Lead an integration on from the interfaces of its link; from any address, where that one is declared elsewhere.

    One that is not known may be in any group.
    """
    links = [
        each.resource.address
        for leaf in leaves(integration.get("connection_id"))
        for each in services.reading.choices(leaf, (_LINK,), integration)
        if each.resource.address in services.known
    ]
    for link in links:
        services.lead(integration.address, HTTPS, link, HTTPS, integration)
    for node in services.targets(target, integration):
        for link in links:
            services.lead(link, HTTPS, node.key, taken(node), integration)
        if not links:
            value = integration.get("connection_id")
            is_known = not could_be_anything(value) and not services.reading.modules_of(value)
            services.lead(
                integration.address,
                HTTPS,
                node.key,
                taken(node),
                integration,
                senders=addresses.ALL if is_known else None,
                is_private_link=False,
            )


def _stand(services: ServiceNodes, resource: Resource, users: list[Resource]) -> None:
    """A node for what some integrations lead to: of the internet, unless all of them are of private APIs."""
    kinds = [_kinds(services, each) for each in users]
    if services.reading.configuration.gaps:
        kinds.append(frozenset({"", _PRIVATE}))  # of integrations in modules that are not here
    services.stand(resource, HTTPS, is_public=not users or any(each - {_PRIVATE} for each in kinds))
    if any(_PRIVATE in each for each in kinds):
        for endpoint in _endpoints(services):
            services.lead(endpoint, HTTPS, resource.address, HTTPS, services.known[endpoint].resource)


def _kinds(services: ServiceNodes, integration: Resource) -> frozenset[str]:
    """The kinds of endpoints that the API of an integration has; both where that is not known."""
    reading, found = services.reading, set[str]()
    if reading.modules_of(integration.get("rest_api_id")):
        return frozenset({"", _PRIVATE})
    for api in reading.owners(integration, "rest_api_id", (_API,)):
        types = [
            leaf
            for block in reading.blocks(api, "endpoint_configuration", api, "read as far as known")
            for leaf in leaves(block.get("types"))
        ]
        types += [each for each in api.values("endpoint_configuration") if isinstance(each, Unknown)]
        found |= {kind for leaf in types for kind in (("", _PRIVATE) if isinstance(leaf, Unknown) else (str(leaf),))}
    return frozenset(found or {""})


def _endpoints(services: ServiceNodes) -> Iterator[str]:
    """The interface endpoints through which private APIs are called, and modules that may have one."""
    yield from (gap.where for gap in services.reading.configuration.gaps if gap.where in services.known)
    for endpoint in services.reading.configuration.of_type(_ENDPOINT):
        value = endpoint.get("service_name")
        for data in services.reading.named(value, ("data.aws_vpc_endpoint_service",)):
            value = data.get("service") or data.get("service_name")
        is_meant = last_label(value) == _SERVICE or (not last_label(value) and could_be_anything(value))
        if is_meant and endpoint.address in services.known:
            yield endpoint.address
