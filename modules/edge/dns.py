"""The names of an environment: what its stack puts into the public hosted zone, and the private one of its VPC."""

from cdktf_cdktf_provider_aws.data_aws_route53_zone import DataAwsRoute53Zone
from cdktf_cdktf_provider_aws.route53_record import Route53Record
from cdktf_cdktf_provider_aws.route53_zone import Route53Zone, Route53ZoneVpc
from constructs import Construct

from envs.settings.edge import INTERNAL_LABEL
from modules.common.names import PUBLIC_ZONE, Names
from modules.network.wellknown import HTTPS_PORT

CAA_TTL_SECONDS = 3600

# AWS Certificate Manager user guide, "Configure a CAA record": ACM issues if any one of the four is named.
ACM_ISSUERS = ("amazon.com", "amazonaws.com", "amazontrust.com", "awstrust.com")


def internal_domain(domain_name: str) -> str:
    """Return the name of the private hosted zone: `internal.<domain_name>`."""
    return f"{INTERNAL_LABEL}.{domain_name}"


def internal_host(domain_name: str, service: str) -> str:
    """Return the name at which servers find a private service: `<service>.internal.<domain_name>`."""
    return f"{service}.{internal_domain(domain_name)}"


def internal_url(domain_name: str, service: str, *, port: int) -> str:
    """Return the URL at which servers find a private service; 443, the port of HTTPS, is left out of it."""
    host = internal_host(domain_name, service)
    return f"https://{host}" if port == HTTPS_PORT else f"https://{host}:{port}"


class Dns(Construct):
    """The public hosted zone `domain_name`, looked up, and the private hosted zone `internal.<domain_name>` of the VPC.

    The bootstrap stack makes the public zone (`modules.edge.public_zone`), because its parent has to delegate to it
    before a certificate can be issued. Here it learns that ACM is the only issuer of certificates (CAA).

    Attributes: `domain_name`, `public_zone_id`, `private_zone_id`.
    """

    def __init__(self, scope: Construct, id: str, *, names: Names, domain_name: str, vpc_id: str) -> None:
        super().__init__(scope, id)
        self.domain_name: str = domain_name
        # An account can have several public zones of one name, such as the one that Route 53 makes for a registered
        # domain; the tag picks the one of the bootstrap stack.
        public = DataAwsRoute53Zone(
            self, PUBLIC_ZONE, name=domain_name, private_zone=False, tags=names.tags(PUBLIC_ZONE)
        )
        self.public_zone_id: str = public.zone_id
        Route53Record(
            self,
            "certificate-authorities",
            zone_id=self.public_zone_id,
            name=domain_name,
            type="CAA",
            ttl=CAA_TTL_SECONDS,
            records=[f'0 issue "{issuer}"' for issuer in ACM_ISSUERS],
        )

        # Queries of private zones have no log of their own (Resolver query logging is about the VPC), and private
        # zones cannot be signed (Route 53 developer guide, "Configuring DNSSEC signing").
        private = Route53Zone(
            self,
            "private-zone",
            name=internal_domain(domain_name),
            comment=f"Names of private services of {names.prefix}, seen by its VPC only",
            vpc=[Route53ZoneVpc(vpc_id=vpc_id)],
            tags=names.tags("private-zone"),
        )
        self.private_zone_id: str = private.zone_id
