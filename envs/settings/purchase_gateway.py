"""The purchase gateway."""

from __future__ import annotations

from pydantic import Field

from envs.settings.base import Part
from envs.settings.servers import ServerTemplate
from envs.settings.types import SlugName


class PurchaseGatewayServer(ServerTemplate):
    """The purchase-gateway server of the private scaling group."""

    modules: tuple[SlugName, ...] = Field(
        default=("purchase-gateway",),
        min_length=1,
        description="Modules of the application that run on the server.",
    )


class PurchaseGateway(Part):
    """The purchase gateway: servers in the private subnets that talk through the broker."""

    server: PurchaseGatewayServer = Field(default=PurchaseGatewayServer(), description="The purchase-gateway server.")
