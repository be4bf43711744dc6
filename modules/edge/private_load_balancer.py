"""The load balancer before the private servers: how servers find the event store and the purchase gateway.

See docs/adr/0007-load-balancers.md for why there is one.
"""

from collections.abc import Iterable

from constructs import Construct

from envs.settings.edge import Edge as EdgeSettings
from modules.common.names import Names
from modules.edge.certificate import Certificate
from modules.edge.dns import Dns, internal_host
from modules.edge.load_balancer import LoadBalancer
from modules.network.network import Network
from modules.network.security_group import SecurityGroup
from modules.network.wellknown import HTTPS_PORT
from modules.servers.server_template import ServerTemplate
from modules.storage.bucket import Bucket


class PrivateLoadBalancer(Construct):
    """The internal load balancer: the event store on its own port, the purchase gateway on 443, TLS only.

    Each listener is opened to the security groups of its clients and to nobody else, and each server only to this load
    balancer (claims C1 and C2). Its names are `<service>.internal.<domain>` in the private hosted zone. Each listener
    has a certificate for its one name, which ACM validates by a record in the public zone.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        names: Names,
        dns: Dns,
        network: Network,
        settings: EdgeSettings,
        health_check_path: str,
        event_store: ServerTemplate,
        purchase_gateway: ServerTemplate,
        event_store_clients: Iterable[SecurityGroup],
        purchase_gateway_clients: Iterable[SecurityGroup],
        access_logs: Bucket,
        stateful_protection: bool,
    ) -> None:
        super().__init__(scope, id)
        self._names = names
        self._dns = dns
        self._tls_policy = settings.tls_policy
        self._health_check_path = health_check_path
        self._load_balancer = LoadBalancer(
            self,
            "load-balancer",
            names=names,
            name="private",
            internal=True,
            vpc_id=network.vpc_id,
            subnet_ids=network.private_subnet_ids_by_zone,
            access_logs=access_logs,
            protected=stateful_protection,
        )
        self._serve(event_store, port=event_store.port, clients=event_store_clients)
        self._serve(purchase_gateway, port=HTTPS_PORT, clients=purchase_gateway_clients)

    def _serve(self, server: ServerTemplate, *, port: int, clients: Iterable[SecurityGroup]) -> None:
        balancer = self._load_balancer
        host = internal_host(self._dns.domain_name, server.name)
        certificate = Certificate(
            self,
            f"{server.name}-certificate",
            names=self._names,
            name=server.name,
            domain_name=host,
            zone_id=self._dns.public_zone_id,
        )
        target_group_arn = balancer.add_target_group(
            server.name, server=server, health_check_path=self._health_check_path
        )
        balancer.add_https_listener(
            f"{server.name}-listener",
            port=port,
            tls_policy=self._tls_policy,
            certificate_arn=certificate.arn,
            target_group_arn=target_group_arn,
            hsts=None,
        )
        balancer.add_alias(f"{server.name}-alias", zone_id=self._dns.private_zone_id, host=host)
        for client in clients:
            balancer.security_group.accept_from(client, port=port, description=f"HTTPS to the {server.name}")
