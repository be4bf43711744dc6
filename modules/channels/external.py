"""The paths out of the VPC to the declared external systems, and no other (claim C6)."""

from collections.abc import Sequence

from constructs import Construct

from envs.settings.channels import Channel
from modules.channels.channel import egress
from modules.network.security_group import SecurityGroup


def outbound_domains(channels: Sequence[Channel]) -> tuple[str, ...]:
    """Return the domain names of the outbound channels, sorted, each once: what servers may resolve for them."""
    return tuple(
        sorted({domain for channel in channels if channel.direction == "outbound" for domain in channel.domains})
    )


class ExternalChannels(Construct):
    """Lets the security groups `clients` open connections to the outbound channels, and to nothing else outside.

    Without an outbound channel there is no rule at all, and so no way to the internet.
    """

    def __init__(
        self, scope: Construct, id: str, *, channels: Sequence[Channel], clients: Sequence[SecurityGroup]
    ) -> None:
        super().__init__(scope, id)
        for client in clients:
            for destination in egress(channels):
                client.connect_to_cidr(
                    destination.cidr,
                    scope=self,
                    id=f"{client.label}-to-{destination.label}",
                    port=destination.port,
                    description=destination.description,
                )
