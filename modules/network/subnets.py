"""The subnet replicas: replica k is a public and a private subnet in one availability zone.

A replica's construct ids, addresses and zone depend on its own number only, so another replica never changes an
existing one. Quotas (Amazon VPC user guide, "Amazon VPC quotas"): a VPC holds 200 subnets unless AWS raises it, which
is 100 replicas; the arithmetic goes up to what the VPC's CIDR block holds, 127 for a /16 cut at /24.
"""

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.subnet import Subnet
from constructs import Construct

from envs.settings.network import Network as NetworkSettings
from modules.common.names import Names


class SubnetReplica(Construct):
    """Replica `replica`, counted from 1: `subnet-<2k - 1>`, public, and `subnet-<2k>`, private.

    Neither subnet gives out public addresses by itself. A server in a public subnet gets one because its launch
    template asks for it, so nothing else has one by accident.

    When a replica is taken away, load balancers, endpoints and scaling groups leave its subnets first: AWS deletes no
    subnet that is in use, and without `create_before_destroy` Terraform would try that before it changes the users.
    """

    def __init__(
        self, scope: Construct, id: str, *, names: Names, settings: NetworkSettings, replica: int, vpc_id: str
    ) -> None:
        super().__init__(scope, id)
        self.replica = replica
        self.zone = settings.zone_of(replica)
        cidrs = settings.subnet_cidrs(replica)
        lifecycle = TerraformResourceLifecycle(create_before_destroy=True)
        public = Subnet(
            self,
            "public-subnet",
            vpc_id=vpc_id,
            cidr_block=cidrs.public,
            availability_zone=self.zone,
            map_public_ip_on_launch=False,
            tags={**names.tags(f"subnet-{2 * replica - 1}"), "Tier": "public"},
            lifecycle=lifecycle,
        )
        private = Subnet(
            self,
            "private-subnet",
            vpc_id=vpc_id,
            cidr_block=cidrs.private,
            availability_zone=self.zone,
            map_public_ip_on_launch=False,
            tags={**names.tags(f"subnet-{2 * replica}"), "Tier": "private"},
            lifecycle=lifecycle,
        )
        self.public_subnet_id: str = public.id
        self.private_subnet_id: str = private.id
