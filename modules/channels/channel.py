"""What a channel is, and which security-group rules the declared ones come down to: pure.

A channel is the one way between the VPC and an external system. Its contract:

- It is HTTPS on port 443, whoever calls; nothing else is a channel (claims C6, C7).
- `inbound`: the system calls the load balancer, like any client. It opens nothing.
- `outbound`: servers in public subnets call the system. Its `domains` are what the DNS firewall lets them resolve; its
  `cidrs`, where the system publishes any, are all that their security groups let them reach.
- `aws-api`: the system calls AWS services with a role of its own. It has no path into the VPC and opens nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from envs.settings.channels import Channel
from modules.network.wellknown import INTERNET, cidr_label

DESCRIPTION_LIMIT = 255  # EC2 API: AuthorizeSecurityGroupEgress, IpRange.Description


@dataclass(frozen=True, slots=True)
class Egress:
    """Connections to `port` of the IPv4 block `cidr`, which the channels called `names` need."""

    cidr: str
    port: int
    names: tuple[str, ...]

    @property
    def label(self) -> str:
        """The rule's part of a construct id, such as `203-0-113-0-24-443`."""
        return f"{cidr_label(self.cidr)}-{self.port}"

    @property
    def description(self) -> str:
        """The names, within the 255 characters that AWS allows; what does not fit is counted.

        Letters, digits, hyphens, commas, spaces: all are in the set that AWS allows.
        """
        text = ", ".join(self.names)
        shown = len(self.names)
        while len(text) > DESCRIPTION_LIMIT:
            shown -= 1
            text = ", ".join((*self.names[:shown], f"and {len(self.names) - shown} more"))
        return text


def egress(channels: Sequence[Channel]) -> tuple[Egress, ...]:
    """Return what public servers may open for the outbound `channels`, sorted, no block and port twice.

    AWS refuses a second rule for the same block and port, so channels that share one share the rule; those without
    blocks share `0.0.0.0/0`.
    """
    names: dict[tuple[str, int], set[str]] = {}
    for channel in channels:
        if channel.direction == "outbound":
            for cidr in channel.cidrs or (INTERNET,):
                names.setdefault((cidr, channel.port), set()).add(channel.name)
    return tuple(Egress(cidr, port, tuple(sorted(names[cidr, port]))) for cidr, port in sorted(names))
