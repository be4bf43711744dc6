"""The load balancer that both sides share: an Application Load Balancer, hardened, that speaks HTTPS on both ends."""

from cdktf_cdktf_provider_aws.autoscaling_attachment import AutoscalingAttachment
from cdktf_cdktf_provider_aws.lb import Lb, LbAccessLogs, LbConnectionLogs
from cdktf_cdktf_provider_aws.lb_listener import LbListener, LbListenerDefaultAction
from cdktf_cdktf_provider_aws.lb_target_group import LbTargetGroup, LbTargetGroupHealthCheck
from cdktf_cdktf_provider_aws.route53_record import Route53Record, Route53RecordAlias
from constructs import Construct

from modules.common.context import Context
from modules.common.suppressions import suppress
from modules.network.network import Network
from modules.network.security_group import SecurityGroup
from modules.servers.server_template import ServerTemplate
from modules.storage.bucket import Bucket
from modules.storage.storage import LOAD_BALANCER_LOG_PREFIX

# A server that leaves finishes its requests; none of this system takes a minute.
DEREGISTRATION_DELAY_SECONDS = 60
HEALTH_CHECK_INTERVAL_SECONDS = 15
HEALTH_CHECK_TIMEOUT_SECONDS = 5
HEALTHY_THRESHOLD = 2
UNHEALTHY_THRESHOLD = 3


class LoadBalancer(Construct):
    """One Application Load Balancer and its security group, which lets nothing in until a rule is added.

    `name` tells the load balancers of an environment apart. `internal` ones have private addresses only. Each has one
    subnet per availability zone (Elastic Load Balancing allows no more). Access and connection logs go to
    `access_logs`. Cross-zone load balancing is always on for this type. Stateful protection turns deletion protection
    on.

    Attributes: `arn`, `security_group`.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        context: Context,
        name: str,
        internal: bool,
        network: Network,
        access_logs: Bucket,
    ) -> None:
        super().__init__(scope, id)
        self._names = names = context.names
        self._vpc_id = network.vpc_id
        label = f"{name}-load-balancer"
        self.security_group = SecurityGroup(
            self,
            "security-group",
            names=names,
            name=label,
            description=f"{name.capitalize()} load balancer of {names.prefix}",
            vpc_id=self._vpc_id,
        )
        # Directories of their own, for in one only names tell files of two load balancers, or of two kinds, apart.
        prefix = f"{LOAD_BALANCER_LOG_PREFIX}/{name}"
        load_balancer = Lb(
            self,
            "load-balancer",
            name=names.short_name(name),
            load_balancer_type="application",
            internal=internal,
            ip_address_type="ipv4",
            subnets=list(network.private_subnet_ids_by_zone if internal else network.public_subnet_ids_by_zone),
            security_groups=[self.security_group.security_group_id],
            drop_invalid_header_fields=True,
            desync_mitigation_mode="strictest",
            enable_deletion_protection=context.stateful_protection,
            access_logs=LbAccessLogs(bucket=access_logs.name, prefix=f"{prefix}/access", enabled=True),
            connection_logs=LbConnectionLogs(bucket=access_logs.name, prefix=f"{prefix}/connections", enabled=True),
            tags=names.tags(label),
            depends_on=[access_logs.policy],  # Elastic Load Balancing writes a test file when logs are turned on
        )
        if not context.stateful_protection:
            suppress(
                load_balancer,
                rule="CKV_AWS_150",
                reason="This environment is made to be torn down: nothing in it is protected from deletion",
                expires="2027-10-31",
            )
        self.arn: str = load_balancer.arn
        self._dns_name: str = load_balancer.dns_name
        self._zone_id: str = load_balancer.zone_id

    def add_target_group(self, server: ServerTemplate) -> str:
        """Return the ARN of a new target group with the instances of `server`, over HTTPS on its port.

        It lets the load balancer in at the server, whose instances join as they start. Elastic Load Balancing does not
        verify the certificate of a target; what keeps the path safe is that only security groups of this VPC are on it.
        """
        port = server.port
        target_group = LbTargetGroup(
            self,
            server.name,
            # The port is in the name because a new port makes a new group, and names must differ while both exist.
            name=self._names.short_name(server.name, str(port)),
            target_type="instance",
            vpc_id=self._vpc_id,
            protocol="HTTPS",
            port=port,
            health_check=LbTargetGroupHealthCheck(
                enabled=True,
                protocol="HTTPS",
                port="traffic-port",
                path=server.health_check_path,
                matcher="200",
                interval=HEALTH_CHECK_INTERVAL_SECONDS,
                timeout=HEALTH_CHECK_TIMEOUT_SECONDS,
                healthy_threshold=HEALTHY_THRESHOLD,
                unhealthy_threshold=UNHEALTHY_THRESHOLD,
            ),
            # Servers keep no session (signed-in users carry theirs in a cookie of the load balancer), so each request
            # goes to the server with the fewest open ones, and no stickiness is needed.
            load_balancing_algorithm_type="least_outstanding_requests",
            deregistration_delay=str(DEREGISTRATION_DELAY_SECONDS),
            tags=self._names.tags(server.name),
            lifecycle={"create_before_destroy": True},
        )
        arn: str = target_group.arn
        AutoscalingAttachment(
            self,
            f"{server.name}-attachment",
            autoscaling_group_name=server.autoscaling_group_name,
            lb_target_group_arn=arn,
        )
        server.security_group.accept_from(self.security_group, port=port, description="HTTPS from the load balancer")
        return arn

    def add_https_listener(
        self, id: str, *, port: int, tls_policy: str, certificate_arn: str, target_group_arn: str, hsts: str | None
    ) -> str:
        """Return the ARN of a new HTTPS listener that forwards to `target_group_arn` whatever no rule of it matches.

        `tls_policy` is one of the strict policies of Security Hub ELB.17. `hsts` is the value of the header
        Strict-Transport-Security, None for clients that are no browsers.
        """
        listener = LbListener(
            self,
            id,
            load_balancer_arn=self.arn,
            port=port,
            protocol="HTTPS",
            ssl_policy=tls_policy,
            certificate_arn=certificate_arn,
            default_action=[LbListenerDefaultAction(type="forward", target_group_arn=target_group_arn)],
            routing_http_response_server_enabled=False,
            routing_http_response_strict_transport_security_header_value=hsts,
        )
        arn: str = listener.arn
        return arn

    def add_alias(self, id: str, *, zone_id: str, host: str) -> None:
        """Make `host` in the hosted zone `zone_id` an alias of this load balancer."""
        Route53Record(
            self,
            id,
            zone_id=zone_id,
            name=host,
            type="A",
            alias=Route53RecordAlias(name=self._dns_name, zone_id=self._zone_id, evaluate_target_health=True),
        )
