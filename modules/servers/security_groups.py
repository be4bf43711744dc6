"""The security groups of the servers: made first, because data services name their clients by group."""

from collections.abc import Mapping

from constructs import Construct

from envs.settings.servers import ServerGroup
from modules.common.names import Names
from modules.network.network import Network
from modules.network.security_group import SecurityGroup


class ServerSecurityGroups(Construct):
    """One security group per server template, each closed but for AWS services and the paths of claim C4.

    `port` is the HTTPS port of the public servers: core and ordering servers accept it from each other and from
    themselves (REST calls between modules). Every other path is opened by the part that needs it: the load balancers,
    the broker, the cluster, the event store, the declared external channels. `further` are groups of further servers,
    by name.

    Attributes: `core`, `ordering`, `event_store`, `purchase_gateway`, the tuples `public` and `all`, and `by_name`.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        names: Names,
        network: Network,
        port: int,
        further: Mapping[str, ServerGroup],
    ) -> None:
        super().__init__(scope, id)
        self._names = names
        self._network = network
        self.core = self._group("core-server", "Core servers")
        self.ordering = self._group("ordering-server", "Ordering servers")
        self.event_store = self._group("event-store", "Event store servers")
        self.purchase_gateway = self._group("purchase-gateway", "Purchase gateway servers")
        own = (self.core, self.ordering, self.event_store, self.purchase_gateway)
        added = {name: self._group(name, f"Servers {name}") for name in further}
        self.by_name: Mapping[str, SecurityGroup] = {**{group.label: group for group in own}, **added}
        self.public: tuple[SecurityGroup, ...] = (
            self.core,
            self.ordering,
            *(added[name] for name, group in further.items() if group.subnets == "public"),
        )
        self.all: tuple[SecurityGroup, ...] = tuple(self.by_name.values())
        self._uses = {name: group.uses for name, group in further.items()}

        for server in (self.core, self.ordering):
            for client in (self.core, self.ordering):
                server.accept_from(client, port=port, description="HTTPS between public servers")

    def using(self, use: str, *always: SecurityGroup) -> tuple[SecurityGroup, ...]:
        """The groups `always`, and those of the further servers that name `use` in their settings."""
        return (*always, *(self.by_name[name] for name, uses in self._uses.items() if use in uses))

    def _group(self, name: str, description: str) -> SecurityGroup:
        group = SecurityGroup(
            self,
            name,
            names=self._names,
            name=name,
            description=f"{description} of {self._names.prefix}",
            vpc_id=self._network.vpc_id,
        )
        self._network.connect_to_aws(group)
        return group
