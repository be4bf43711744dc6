"""The VPC itself, its internet gateway, and its defaults emptied so that nothing can lean on them.

A VPC comes with a security group, a network ACL and a main route table that let everything through. Whatever
forgets to name its own falls back on these, so they are taken over and emptied: such a thing has no traffic at all.
"""

from cdktf_cdktf_provider_aws.default_network_acl import DefaultNetworkAcl
from cdktf_cdktf_provider_aws.default_route_table import DefaultRouteTable
from cdktf_cdktf_provider_aws.default_security_group import DefaultSecurityGroup
from cdktf_cdktf_provider_aws.internet_gateway import InternetGateway
from cdktf_cdktf_provider_aws.vpc import Vpc as AwsVpc
from constructs import Construct

from modules.common.names import Names


class Vpc(Construct):
    """The VPC with DNS support and host names (private DNS of interface endpoints needs both), and `igw-1`.

    The default security group has no rules (Security Hub EC2.2), the default network ACL denies all traffic, and the
    main route table holds the local route only.
    """

    def __init__(self, scope: Construct, id: str, *, names: Names, cidr_block: str) -> None:
        super().__init__(scope, id)
        vpc = AwsVpc(
            self,
            "vpc",
            cidr_block=cidr_block,
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags=names.tags("vpc"),
        )
        self.vpc_id: str = vpc.id
        DefaultSecurityGroup(
            self,
            "default-security-group",
            vpc_id=self.vpc_id,
            ingress=[],
            egress=[],
            tags=names.tags("default-unused"),
        )
        DefaultNetworkAcl(
            self,
            "default-network-acl",
            default_network_acl_id=vpc.default_network_acl_id,
            tags=names.tags("default-unused"),
            # A new subnet is in the default ACL until its own association is made; that is no change to undo.
            lifecycle={"ignore_changes": ["subnet_ids"]},
        )
        DefaultRouteTable(
            self,
            "main-route-table",
            default_route_table_id=vpc.default_route_table_id,
            route=[],
            tags=names.tags("main-unused"),
        )
        gateway = InternetGateway(self, "internet-gateway", vpc_id=self.vpc_id, tags=names.tags("igw-1"))
        self.internet_gateway_id: str = gateway.id
