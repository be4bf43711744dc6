"""The load balancer before the private servers: how servers find the event store and the purchase gateway.

See docs/adr/0007-load-balancers.md for why there is one.
"""

from collections.abc import Iterable

from constructs import Construct

from envs.settings.edge import Edge as EdgeSettings
from modules.common.context import Context
from modules.edge.certificate import Certificate
from modules.edge.dns import Dns, internal_host
from modules.edge.load_balancer import LoadBalancer
from modules.network.network import Network
from modules.network.security_group import SecurityGroup
from modules.servers.server_template import ServerTemplate
from modules.storage.bucket import Bucket


class PrivateLoadBalancer(Construct):
    """The internal load balancer, TLS only. It has a listener for each server that `serve` adds."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        context: Context,
        dns: Dns,
        network: Network,
        settings: EdgeSettings,
        access_logs: Bucket,
    ) -> None:
        super().__init__(scope, id)
        self._names = context.names
        self._dns = dns
        self._tls_policy = settings.tls_policy
        self._load_balancer = LoadBalancer(
            self,
            "load-balancer",
            context=context,
            name="private",
            internal=True,
            network=network,
            access_logs=access_logs,
        )

    def serve(self, server: ServerTemplate, *, port: int, clients: Iterable[SecurityGroup]) -> None:
        """Let `clients` call `server` on `port`, at the name `<server>.internal.<domain>` of the private hosted zone.

        The listener takes connections from the security groups of `clients` and from nobody else, and the server only
        from this load balancer (claims C1 and C2). The listener has a certificate for its one name, which ACM validates
        by a record in the public zone.
        """
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
        balancer.add_https_listener(
            f"{server.name}-listener",
            port=port,
            tls_policy=self._tls_policy,
            certificate_arn=certificate.arn,
            target_group_arn=balancer.add_target_group(server),
            hsts=None,
        )
        balancer.add_alias(f"{server.name}-alias", zone_id=self._dns.private_zone_id, host=host)
        for client in clients:
            balancer.security_group.accept_from(client, port=port, description=f"HTTPS to the {server.name}")
