"""The security groups of the servers: made first, because data services name their clients by group."""

from constructs import Construct

from modules.common.names import Names
from modules.network.network import Network
from modules.network.security_group import SecurityGroup


class ServerSecurityGroups(Construct):
    """One security group per server template, each closed but for AWS services and the paths of claim C4.

    `port` is the HTTPS port of the public servers: core and ordering servers accept it from each other and from
    themselves (REST calls between modules). Every other path is opened by the part that needs it: the load balancers,
    the broker, the cluster, the event store, the declared external channels.

    Attributes: `core`, `ordering`, `event_store`, `purchase_gateway`, and the tuples `public`, `private` and `all`.
    """

    def __init__(self, scope: Construct, id: str, *, names: Names, network: Network, port: int) -> None:
        super().__init__(scope, id)
        self._names = names
        self._network = network
        self.core = self._group("core-server", "Core servers")
        self.ordering = self._group("ordering-server", "Ordering servers")
        self.event_store = self._group("event-store", "Event store servers")
        self.purchase_gateway = self._group("purchase-gateway", "Purchase gateway servers")
        self.public: tuple[SecurityGroup, ...] = (self.core, self.ordering)
        self.private: tuple[SecurityGroup, ...] = (self.event_store, self.purchase_gateway)
        self.all: tuple[SecurityGroup, ...] = self.public + self.private

        for server in self.public:
            for client in self.public:
                server.accept_from(client, port=port, description="HTTPS between public servers")

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
