"""The two route tables, and the association of every subnet with one of them (claims C1, C3).

Public: the local route and `0.0.0.0/0` to the internet gateway. Private: the local route; the gateway endpoints and
the VPN add theirs. No subnet is left to the main route table.
"""

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.route import Route
from cdktf_cdktf_provider_aws.route_table import RouteTable
from cdktf_cdktf_provider_aws.route_table_association import RouteTableAssociation
from constructs import Construct

from modules.common.names import Names
from modules.network.subnets import SubnetReplica
from modules.network.wellknown import INTERNET


class Routes(Construct):
    """The public and the private route table of all replicas."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        names: Names,
        vpc_id: str,
        internet_gateway_id: str,
        replicas: Sequence[SubnetReplica],
    ) -> None:
        super().__init__(scope, id)
        self.public_route_table_id: str = RouteTable(self, "public", vpc_id=vpc_id, tags=names.tags("public")).id
        self.private_route_table_id: str = RouteTable(self, "private", vpc_id=vpc_id, tags=names.tags("private")).id
        Route(
            self,
            "public-to-internet",
            route_table_id=self.public_route_table_id,
            destination_cidr_block=INTERNET,
            gateway_id=internet_gateway_id,
        )
        for replica in replicas:
            RouteTableAssociation(
                self,
                f"public-subnet-of-replica-{replica.replica}",
                route_table_id=self.public_route_table_id,
                subnet_id=replica.public_subnet_id,
            )
            RouteTableAssociation(
                self,
                f"private-subnet-of-replica-{replica.replica}",
                route_table_id=self.private_route_table_id,
                subnet_id=replica.private_subnet_id,
            )
