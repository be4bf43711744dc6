"""The network of one environment: everything that decides which packet may go where, composed."""

from collections.abc import Sequence

from constructs import Construct

from envs.settings.network import Network as NetworkSettings
from modules.common.context import Context
from modules.common.names import Names
from modules.network.dns_firewall import DnsFirewall, resolvable_names
from modules.network.endpoints import PIPES_DATA, GatewayEndpoints, InterfaceEndpoints
from modules.network.flow_logs import FlowLogs
from modules.network.log_delivery import LogDelivery
from modules.network.nacls import Nacls
from modules.network.routes import Routes
from modules.network.security_group import SecurityGroup
from modules.network.subnets import SubnetReplica
from modules.network.vpc import Vpc
from modules.network.vpn import Vpn
from modules.network.wellknown import HTTPS_PORT, cidr_label

_NETWORK_OF = "network of "
"""Begins the type of the metadata by which an app knows its networks."""


class Network(Construct):
    """The VPC with its subnet replicas, routes, network ACLs, endpoints, flow logs, DNS firewall and optional VPN.

    `server_port` is the port that servers in public subnets listen on, `domain_name` the environment's own domain, and
    `allowed_domains` are the names of outbound channels, which the VPC may resolve.

    Attributes: `public_subnet_ids` and `private_subnet_ids` hold all subnets, index = replica - 1. The `_by_zone` ones
    hold the first replica's subnet of each availability zone, in the order of the zones, for what takes only one
    subnet per zone (load balancers, interface endpoints). Whatever AWS's log delivery writes a log for, in any part of
    the environment, depends on `log_delivery`.

    Raises ValueError for a second network under one `Names`, in whichever stack of the app.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        context: Context,
        settings: NetworkSettings,
        server_port: int,
        domain_name: str,
        allowed_domains: Sequence[str],
    ) -> None:
        super().__init__(scope, id)
        names = context.names
        _claim(self, names)
        self.cidr_block: str = settings.vpc_cidr
        vpc = Vpc(self, "vpc", names=names, cidr_block=self.cidr_block)
        self.vpc_id: str = vpc.vpc_id
        replicas = [
            SubnetReplica(
                self, f"replica-{replica}", names=names, settings=settings, replica=replica, vpc_id=self.vpc_id
            )
            for replica in settings.replica_numbers
        ]
        self.public_subnet_ids: tuple[str, ...] = tuple(replica.public_subnet_id for replica in replicas)
        self.private_subnet_ids: tuple[str, ...] = tuple(replica.private_subnet_id for replica in replicas)
        in_zones = len(settings.zones_in_use)  # replicas take the zones in turn: the first ones have one each
        self.public_subnet_ids_by_zone: tuple[str, ...] = self.public_subnet_ids[:in_zones]
        self.private_subnet_ids_by_zone: tuple[str, ...] = self.private_subnet_ids[:in_zones]

        routes = Routes(
            self,
            "routes",
            names=names,
            vpc_id=self.vpc_id,
            internet_gateway_id=vpc.internet_gateway_id,
            replicas=replicas,
        )
        Nacls(
            self,
            "nacls",
            names=names,
            vpc_id=self.vpc_id,
            vpc_cidr=self.cidr_block,
            server_port=server_port,
            replicas=replicas,
        )
        self._gateways = GatewayEndpoints(
            self,
            "gateway-endpoints",
            names=names,
            vpc_id=self.vpc_id,
            route_table_ids={
                "private": routes.private_route_table_id,
                "public": routes.public_route_table_id,
            },
        )
        self.s3_endpoint_id: str = self._gateways.s3_endpoint_id
        self.dynamodb_endpoint_id: str = self._gateways.dynamodb_endpoint_id
        services = sorted({*settings.interface_endpoints, PIPES_DATA})
        self._interfaces = InterfaceEndpoints(
            self,
            "interface-endpoints",
            names=names,
            services=services,
            vpc_id=self.vpc_id,
            subnet_ids=self.private_subnet_ids_by_zone,
        )
        FlowLogs(
            self, "flow-logs", context=context, vpc_id=self.vpc_id, retention_days=settings.flow_log_retention_days
        )
        self.log_delivery = LogDelivery(self, "log-delivery", names=names).policy
        DnsFirewall(
            self,
            "dns-firewall",
            context=context,
            settings=settings.dns_firewall,
            vpc_id=self.vpc_id,
            names_to_resolve=resolvable_names(
                region=names.region,
                domain_name=domain_name,
                services=services,
                allowed_domains=(*allowed_domains, *settings.dns_firewall.allowed_domains),
            ),
            log_retention_days=settings.flow_log_retention_days,
            log_delivery=self.log_delivery,
        )
        self._on_premises_cidrs: tuple[str, ...] = ()
        if settings.vpn:
            self._on_premises_cidrs = settings.vpn.on_premises_cidrs
            Vpn(
                self,
                "vpn",
                context=context,
                settings=settings.vpn,
                vpc_id=self.vpc_id,
                private_route_table_id=routes.private_route_table_id,
                log_retention_days=settings.flow_log_retention_days,
                log_delivery=self.log_delivery,
            )

    def connect_to_aws(self, client: SecurityGroup) -> None:
        """Let `client` call AWS services over HTTPS: the interface endpoints, S3 and DynamoDB. Nothing else."""
        self.connect_to_interface_endpoints(client)
        client.connect_to_prefix_list(self._gateways.s3_prefix_list_id, id="to-s3", port=HTTPS_PORT, description="S3")
        client.connect_to_prefix_list(
            self._gateways.dynamodb_prefix_list_id, id="to-dynamodb", port=HTTPS_PORT, description="DynamoDB"
        )

    def connect_to_interface_endpoints(self, client: SecurityGroup) -> None:
        """Let `client` call the AWS services that have interface endpoints, over HTTPS: not S3, not DynamoDB."""
        self._interfaces.accept_from(client)

    def connect_to_on_premises(self, client: SecurityGroup) -> None:
        """Let `client` call the on-premises networks over HTTPS; nothing where there is no VPN."""
        for cidr in self._on_premises_cidrs:
            client.connect_to_cidr(
                cidr, id=f"to-on-premises-{cidr_label(cidr)}", port=HTTPS_PORT, description="On-premises network"
            )


def _claim(network: Network, names: Names) -> None:
    """Note in the app that there is a network under these names. Raises ValueError where there is one already.

    Its log groups and roles are called after the names alone, so AWS would refuse those of a second one in the apply.
    """
    key = f"{_NETWORK_OF}{names.account_id}/{names.region}/{names.prefix}"
    app = network.node.root.node
    first = next((entry.data for entry in app.metadata if entry.type == key), None)
    if first is not None:
        raise ValueError(
            f"{network.node.path}: there is a Network of {names.prefix} already, {first}; allowed: one for each Names, "
            "whose name its log groups and roles have. Give this one Names of its own, with another environment"
        )
    app.add_metadata(key, network.node.path)
