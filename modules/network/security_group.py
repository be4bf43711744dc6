"""Security groups that start closed, and the rules that open a path between two of them.

A path is opened by one call, `accept_from`, which makes both halves: the ingress rule of the server and the egress
rule of the client. A group is only ever referred to by another group, never by CIDR, where AWS allows it. One
resource per rule: adding a rule never touches another.
"""

from cdktf_cdktf_provider_aws.security_group import SecurityGroup as AwsSecurityGroup
from cdktf_cdktf_provider_aws.vpc_security_group_egress_rule import VpcSecurityGroupEgressRule
from cdktf_cdktf_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule
from constructs import Construct

from modules.common.names import Names


class SecurityGroup(Construct):
    """One security group without any rule: nothing comes in and nothing goes out until a path is opened."""

    def __init__(self, scope: Construct, id: str, *, names: Names, name: str, description: str, vpc_id: str) -> None:
        super().__init__(scope, id)
        self.label = name
        group = AwsSecurityGroup(
            self,
            "group",
            name=names.name(name),
            description=description,
            vpc_id=vpc_id,
            tags=names.tags(name),
        )
        self.security_group_id: str = group.id

    def accept_from(self, client: "SecurityGroup", *, port: int, description: str) -> None:
        """Let `client` open TCP connections to `port` of this group: its egress and this group's ingress.

        `client` may be this group itself (members of a cluster that talk to each other).
        """
        VpcSecurityGroupIngressRule(
            self,
            f"from-{client.label}-{port}",
            security_group_id=self.security_group_id,
            referenced_security_group_id=client.security_group_id,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            description=f"{description}: from {client.label}",
        )
        VpcSecurityGroupEgressRule(
            client,
            f"to-{self.label}-{port}",
            security_group_id=client.security_group_id,
            referenced_security_group_id=self.security_group_id,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            description=f"{description}: to {self.label}",
        )

    def accept_from_cidr(
        self, cidr: str, *, id: str, port: int, description: str, last_port: int | None = None
    ) -> VpcSecurityGroupIngressRule:
        """Let the IPv4 block `cidr` open TCP connections to `port`, or to the ports from it to `last_port`.

        For what no group stands for: clients of the public load balancer, addresses of AWS PrivateLink.
        """
        return VpcSecurityGroupIngressRule(
            self,
            id,
            security_group_id=self.security_group_id,
            cidr_ipv4=cidr,
            ip_protocol="tcp",
            from_port=port,
            to_port=last_port or port,
            description=description,
        )

    def connect_to_cidr(
        self, cidr: str, *, id: str, port: int, description: str, scope: Construct | None = None
    ) -> None:
        """Let this group open TCP connections to `port` of the IPv4 block `cidr`. The rule is made in `scope`, or here.

        For what no group and no prefix list stands for: on-premises networks, external systems, the user pool.
        """
        VpcSecurityGroupEgressRule(
            scope or self,
            id,
            security_group_id=self.security_group_id,
            cidr_ipv4=cidr,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            description=description,
        )

    def connect_to_prefix_list(self, prefix_list_id: str, *, id: str, port: int, description: str) -> None:
        """Let this group open TCP connections to `port` of a prefix list (gateway endpoints)."""
        VpcSecurityGroupEgressRule(
            self,
            id,
            security_group_id=self.security_group_id,
            prefix_list_id=prefix_list_id,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            description=description,
        )
