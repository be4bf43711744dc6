"""The network ACLs of the public and the private subnets: the second line behind the security groups.

Network ACLs keep no state (Amazon VPC user guide, "Control subnet traffic with network access control lists"): the
reply to a connection needs a rule of its own, to the ephemeral port that the client took. A Linux server takes
32768-60999 (Amazon Linux 2023, `net.ipv4.ip_local_port_range`); a load balancer takes 1024-65535, and so does the
internet. Everything that listens in the VPC does so below 32768 or above 60999, so the rules that let replies in from
outside the VPC open none of it. Traffic within one subnet, DNS, NTP and instance metadata never meet an ACL.

A network ACL holds 20 rules per direction (Amazon VPC quotas); the longest list here has six.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from cdktf_cdktf_provider_aws.network_acl import NetworkAcl
from cdktf_cdktf_provider_aws.network_acl_association import NetworkAclAssociation
from cdktf_cdktf_provider_aws.network_acl_rule import NetworkAclRule
from constructs import Construct

from modules.common.names import Names
from modules.common.suppressions import suppress
from modules.network.subnets import SubnetReplica
from modules.network.wellknown import HTTP_PORT, HTTPS_PORT, INTERNET

RDP_PORT = 3389
UNPRIVILEGED_PORTS = (1024, 65535)
LINUX_EPHEMERAL_PORTS = (32768, 60999)


class Rule(NamedTuple):
    """Let TCP traffic through between the subnets and `cidr_block`, to the ports `from_port` to `to_port`.

    `id` is the construct's and `number` the place in the order of evaluation; both are fixed once applied.
    """

    id: str
    number: int
    cidr_block: str
    from_port: int
    to_port: int


def ports_without(first: int, last: int, excluded: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the ranges that cover `first` to `last`, both included, but none of the ports `excluded`."""
    start = first
    for port in sorted(set(excluded)):
        if start <= port <= last:
            if start < port:
                yield start, port - 1
            start = port + 1
    if start <= last:
        yield start, last


def public_ingress(vpc_cidr: str, server_port: int) -> Iterator[Rule]:
    """What enters public subnets: requests to the load balancer, traffic of the VPC, and replies from the internet.

    The load balancer itself calls out (to the user pool's sign-in), from any port above 1023, so the replies need
    that whole range. The port that the servers listen on is left out of it, so that the internet cannot reach them
    even if a security group is opened by mistake (claim C4); RDP is too, which nothing here speaks (Security Hub
    EC2.21).
    """
    yield Rule("in-https-from-internet", 100, INTERNET, HTTPS_PORT, HTTPS_PORT)
    yield Rule("in-http-to-redirect", 110, INTERNET, HTTP_PORT, HTTP_PORT)
    yield Rule("in-from-vpc", 120, vpc_cidr, *UNPRIVILEGED_PORTS)
    ranges = ports_without(*UNPRIVILEGED_PORTS, excluded=(server_port, RDP_PORT))
    for index, (first, last) in enumerate(ranges, start=1):
        yield Rule(f"in-replies-from-internet-{index}", 120 + 10 * index, INTERNET, first, last)


def public_egress() -> Iterator[Rule]:
    """What leaves public subnets: HTTPS, and above port 1023 the VPC's services and replies to the internet.

    No narrower form: the clients of the load balancer choose their ports. What a server may open is the business of
    its security group (claim C6).
    """
    yield Rule("out-https", 100, INTERNET, HTTPS_PORT, HTTPS_PORT)
    yield Rule("out-above-1023", 110, INTERNET, *UNPRIVILEGED_PORTS)


def private_ingress(vpc_cidr: str) -> Iterator[Rule]:
    """What enters private subnets: traffic of the VPC, and replies to HTTPS calls that private servers made.

    Those replies come from S3 and DynamoDB through the gateway endpoints, which keep AWS's public addresses (network
    ACLs take no prefix lists), and from the on-premises networks where there is a VPN.
    """
    yield Rule("in-https-from-vpc", 100, vpc_cidr, HTTPS_PORT, HTTPS_PORT)
    yield Rule("in-from-vpc", 110, vpc_cidr, *UNPRIVILEGED_PORTS)
    yield Rule("in-replies-to-https", 120, INTERNET, *LINUX_EPHEMERAL_PORTS)


def private_egress(vpc_cidr: str) -> Iterator[Rule]:
    """What leaves private subnets: HTTPS (gateway endpoints keep AWS's public addresses), and traffic of the VPC."""
    yield Rule("out-https", 100, INTERNET, HTTPS_PORT, HTTPS_PORT)
    yield Rule("out-to-vpc", 110, vpc_cidr, *UNPRIVILEGED_PORTS)


class Nacls(Construct):
    """The public and the private network ACL, one resource per rule, and the association of every subnet."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        names: Names,
        vpc_id: str,
        vpc_cidr: str,
        server_port: int,
        replicas: Sequence[SubnetReplica],
    ) -> None:
        super().__init__(scope, id)
        public = _Nacl(
            self,
            "public",
            names=names,
            vpc_id=vpc_id,
            ingress=public_ingress(vpc_cidr, server_port),
            egress=public_egress(),
        )
        private = _Nacl(
            self,
            "private",
            names=names,
            vpc_id=vpc_id,
            ingress=private_ingress(vpc_cidr),
            egress=private_egress(vpc_cidr),
        )
        for replica in replicas:
            public.associate(f"replica-{replica.replica}", replica.public_subnet_id)
            private.associate(f"replica-{replica.replica}", replica.private_subnet_id)


class _Nacl(Construct):
    """One network ACL, which denies whatever no rule lets through."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        names: Names,
        vpc_id: str,
        ingress: Iterable[Rule],
        egress: Iterable[Rule],
    ) -> None:
        super().__init__(scope, id)
        acl = NetworkAcl(self, "acl", vpc_id=vpc_id, tags=names.tags(id))
        suppress(
            acl,
            rule="CKV2_AWS_1",
            reason="Attached by one aws_network_acl_association per subnet, so that a replica only adds; "
            "the rule looks at subnet_ids only.",
            expires="2027-09-30",
        )
        self._network_acl_id: str = acl.id
        for is_egress, rules in ((False, ingress), (True, egress)):
            for rule in rules:
                NetworkAclRule(
                    self,
                    rule.id,
                    network_acl_id=self._network_acl_id,
                    egress=is_egress,
                    rule_number=rule.number,
                    rule_action="allow",
                    protocol="tcp",
                    cidr_block=rule.cidr_block,
                    from_port=rule.from_port,
                    to_port=rule.to_port,
                )

    def associate(self, id: str, subnet_id: str) -> None:
        """Make this the network ACL of a subnet, in place of the VPC's default one."""
        NetworkAclAssociation(self, id, network_acl_id=self._network_acl_id, subnet_id=subnet_id)
