"""The optional site-to-site VPN: private subnets may call on-premises systems over HTTPS, and nothing calls back in.

Routes are static and stand in the private route table only, one per declared CIDR block; nothing is propagated, so
the other side cannot announce more than was declared. AWS makes the tunnels' pre-shared keys; Terraform keeps them in
its state, which is why the state is encrypted and its readers are few.
"""

from collections.abc import Sequence

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.customer_gateway import CustomerGateway
from cdktf_cdktf_provider_aws.route import Route
from cdktf_cdktf_provider_aws.vpn_connection import (
    VpnConnection,
    VpnConnectionTunnel1LogOptions,
    VpnConnectionTunnel1LogOptionsCloudwatchLogOptions,
    VpnConnectionTunnel2LogOptions,
    VpnConnectionTunnel2LogOptionsCloudwatchLogOptions,
)
from cdktf_cdktf_provider_aws.vpn_connection_route import VpnConnectionRoute
from cdktf_cdktf_provider_aws.vpn_gateway import VpnGateway
from constructs import Construct

from envs.settings.network import Vpn as VpnSettings
from modules.common.context import Context
from modules.common.suppressions import accept_retention
from modules.network.wellknown import cidr_label

# The strongest that AWS offers (AWS Site-to-Site VPN user guide, "Tunnel options"); without these, it accepts SHA-1,
# AES-128 and 1024-bit groups too.
IKE_VERSIONS = ["ikev2"]
ENCRYPTION = ["AES256-GCM-16"]
INTEGRITY = ["SHA2-384", "SHA2-512"]
DH_GROUPS = [20, 21]  # elliptic curves of 384 and 521 bits


class Vpn(Construct):
    """Virtual private gateway, customer gateway, the connection with its two tunnels and their log, and its routes.

    `log_delivery` is the policy that lets AWS write the log.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        context: Context,
        settings: VpnSettings,
        vpc_id: str,
        private_route_table_id: str,
        log_retention_days: int,
        log_delivery: ITerraformDependable,
    ) -> None:
        super().__init__(scope, id)
        names = context.names
        gateway_id = VpnGateway(self, "vpn-gateway", vpc_id=vpc_id, tags=names.tags("vpn")).id
        customer_gateway = CustomerGateway(
            self,
            "customer-gateway",
            type="ipsec.1",
            ip_address=settings.customer_gateway_ip,
            bgp_asn=str(settings.bgp_asn),
            tags=names.tags("on-premises"),
        )
        log_group = CloudwatchLogGroup(
            self,
            "tunnel-logs",
            name=names.log_group("network", "vpn-tunnels"),
            retention_in_days=log_retention_days,
            kms_key_id=context.keys.logs.arn,
        )
        accept_retention(log_group, log_retention_days)
        log_group_arn = log_group.arn
        connection = VpnConnection(
            self,
            "connection",
            type="ipsec.1",
            vpn_gateway_id=gateway_id,
            customer_gateway_id=customer_gateway.id,
            static_routes_only=True,
            tunnel1_ike_versions=IKE_VERSIONS,
            tunnel1_phase1_encryption_algorithms=ENCRYPTION,
            tunnel1_phase1_integrity_algorithms=INTEGRITY,
            tunnel1_phase1_dh_group_numbers=DH_GROUPS,
            tunnel1_phase2_encryption_algorithms=ENCRYPTION,
            tunnel1_phase2_integrity_algorithms=INTEGRITY,
            tunnel1_phase2_dh_group_numbers=DH_GROUPS,
            tunnel1_log_options=VpnConnectionTunnel1LogOptions(
                cloudwatch_log_options=VpnConnectionTunnel1LogOptionsCloudwatchLogOptions(
                    log_enabled=True, log_group_arn=log_group_arn, log_output_format="json"
                )
            ),
            tunnel2_ike_versions=IKE_VERSIONS,
            tunnel2_phase1_encryption_algorithms=ENCRYPTION,
            tunnel2_phase1_integrity_algorithms=INTEGRITY,
            tunnel2_phase1_dh_group_numbers=DH_GROUPS,
            tunnel2_phase2_encryption_algorithms=ENCRYPTION,
            tunnel2_phase2_integrity_algorithms=INTEGRITY,
            tunnel2_phase2_dh_group_numbers=DH_GROUPS,
            tunnel2_log_options=VpnConnectionTunnel2LogOptions(
                cloudwatch_log_options=VpnConnectionTunnel2LogOptionsCloudwatchLogOptions(
                    log_enabled=True, log_group_arn=log_group_arn, log_output_format="json"
                )
            ),
            tags=names.tags("vpn"),
            depends_on=[log_delivery],
        )
        self._add_routes(settings.on_premises_cidrs, connection.id, private_route_table_id, gateway_id)

    def _add_routes(self, cidrs: Sequence[str], connection_id: str, route_table_id: str, gateway_id: str) -> None:
        for cidr in cidrs:
            VpnConnectionRoute(
                self,
                f"connection-to-{cidr_label(cidr)}",
                vpn_connection_id=connection_id,
                destination_cidr_block=cidr,
            )
            Route(
                self,
                f"private-to-{cidr_label(cidr)}",
                route_table_id=route_table_id,
                destination_cidr_block=cidr,
                gateway_id=gateway_id,
            )
