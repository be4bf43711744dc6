"""The names of an environment: its public hosted zone and the private one that only the VPC sees."""

from cdktf import TerraformOutput, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.route53_record import Route53Record
from cdktf_cdktf_provider_aws.route53_zone import Route53Zone, Route53ZoneVpc
from constructs import Construct

from envs.settings.edge import Edge as EdgeSettings
from modules.common.context import Context
from modules.common.suppressions import suppress
from modules.edge.query_log import QueryLog
from modules.edge.zone_signing import ZoneSigning
from modules.network.wellknown import HTTPS_PORT

CAA_TTL_SECONDS = 3600

# Route 53 takes the signing key and the query log of a public zone from this region only (Route 53 developer guide,
# "Working with customer managed keys for DNSSEC" and "Public DNS query logging").
ROUTE53_REGION = "us-east-1"

# AWS Certificate Manager user guide, "Configure a CAA record": ACM issues if any one of the four is named.
ACM_ISSUERS = ("amazon.com", "amazonaws.com", "amazontrust.com", "awstrust.com")


def internal_domain(domain_name: str) -> str:
    """Return the name of the private hosted zone: `internal.<domain_name>`."""
    return f"internal.{domain_name}"


def internal_host(domain_name: str, service: str) -> str:
    """Return the name at which servers find a private service: `<service>.internal.<domain_name>`."""
    return f"{service}.{internal_domain(domain_name)}"


def internal_url(domain_name: str, service: str, *, port: int) -> str:
    """Return the URL at which servers find a private service; 443, the port of HTTPS, is left out of it."""
    host = internal_host(domain_name, service)
    return f"https://{host}" if port == HTTPS_PORT else f"https://{host}:{port}"


class Dns(Construct):
    """The public hosted zone `domain_name` and the private hosted zone `internal.<domain_name>` of the VPC.

    The public zone is signed (DNSSEC), logs its queries, and names ACM as the only issuer of certificates (CAA). It
    starts to count when the parent domain delegates to the output `name_servers`; the certificates of the load
    balancers wait for that. Once it does, the parent takes the output `delegation_signer` as DS record.

    Attributes: `domain_name`, `public_zone_id`, `private_zone_id`.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        context: Context,
        domain_name: str,
        vpc_id: str,
        settings: EdgeSettings,
    ) -> None:
        super().__init__(scope, id)
        names = context.names
        self.domain_name: str = domain_name
        public = Route53Zone(
            self,
            "public-zone",
            name=domain_name,
            comment=f"Public names of {names.prefix}",
            tags=names.tags("public-zone"),
            # A new zone gets new name servers, and the domain is gone until its parent learns them.
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if context.stateful_protection else None,
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
        TerraformOutput(
            self,
            "name-servers",
            value=public.name_servers,
            description=f"Name servers that the parent domain delegates {domain_name} to",
        ).override_logical_id("name_servers")
        if names.region == ROUTE53_REGION:
            zone_arn = public.arn
            QueryLog(
                self,
                "query-log",
                context=context,
                zone_id=self.public_zone_id,
                zone_arn=zone_arn,
                retention_days=settings.log_retention_days,
            )
            ZoneSigning(self, "signing", context=context, zone_id=self.public_zone_id, zone_arn=zone_arn)
        else:
            suppress(
                public,
                rule="CKV2_AWS_38",
                reason=f"Route 53 signs with keys in {ROUTE53_REGION} only; this environment keeps to its own region",
            )
            suppress(
                public,
                rule="CKV2_AWS_39",
                reason=f"Route 53 writes query logs, which hold client addresses, to {ROUTE53_REGION} only, "
                "and this environment keeps them in its own region",
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
