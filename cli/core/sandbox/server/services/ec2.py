"""EC2: options and static routes of VPN connections, and what pipes hang on subnets and security groups."""

from __future__ import annotations

from typing import Any

from moto.ec2.models import ec2_backends

from cli.core.sandbox.server import lingering
from cli.core.sandbox.server.service import AwsError, Call, Parameters, Result, Service


class EC2(Service):
    """Everything else is moto's. What is kept is kept with moto's own connection, which gives it back."""

    name = "ec2"

    def delete_subnet(self, call: Call, given: Parameters) -> Result:
        """Refuse it while network interfaces are in it."""
        if lingering.hangs_on(call, given["SubnetId"]):
            raise AwsError(
                "DependencyViolation",
                f"The subnet '{given['SubnetId']}' has dependencies and cannot be deleted.",
            )
        return None

    def delete_security_group(self, call: Call, given: Parameters) -> Result:
        """Refuse it while network interfaces have it."""
        if lingering.hangs_on(call, given.get("GroupId", "")):
            raise AwsError("DependencyViolation", f"resource {given['GroupId']} has a dependent object")
        return None

    def after_create_vpn_connection(self, call: Call, given: Parameters) -> Result:
        """Keep whether routes are static."""
        for connection in _connections(call).values():
            if connection.options is None and connection.vpn_gateway_id == given.get("VpnGatewayId"):
                connection.options = {"StaticRoutesOnly": given.get("Options", {}).get("StaticRoutesOnly", False)}
                connection.routes = []
        return None

    def create_vpn_connection_route(self, call: Call, given: Parameters) -> Result:
        """Keep a route."""
        route = {"DestinationCidrBlock": given["DestinationCidrBlock"], "Source": "Static", "State": "available"}
        _connections(call)[given["VpnConnectionId"]].routes.append(route)
        return {}

    def delete_vpn_connection_route(self, call: Call, given: Parameters) -> Result:
        """Forget a route."""
        connection = _connections(call)[given["VpnConnectionId"]]
        gone = given["DestinationCidrBlock"]
        connection.routes = [each for each in connection.routes if each["DestinationCidrBlock"] != gone]
        return {}


def _connections(call: Call) -> dict[str, Any]:
    """moto's VPN connections, by id."""
    return ec2_backends[call.account_id][call.region].vpn_connections
