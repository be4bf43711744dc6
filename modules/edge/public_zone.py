"""The public hosted zone of an environment, which the bootstrap stack makes, and the delegations in it."""

from collections.abc import Iterable

from cdktf import TerraformOutput, TerraformResourceLifecycle, TerraformStack
from cdktf_cdktf_provider_aws.route53_record import Route53Record
from cdktf_cdktf_provider_aws.route53_zone import Route53Zone
from constructs import Construct

from envs.settings import Settings
from envs.settings.edge import Delegation
from envs.settings.regions import global_region
from modules.common.names import PUBLIC_ZONE, Names
from modules.common.provider import add_provider_in
from modules.edge.query_log import QueryLog
from modules.edge.zone_signing import ZoneSigning

# Resolvers learn of a corrected delegation within the hour.
DELEGATION_TTL_SECONDS = 3600


class PublicZone(Construct):
    """The public hosted zone `domain_name`: signed (DNSSEC), with a log of its queries, and never destroyed.

    It is here and not in the environment's stack for two reasons. A certificate is issued only once the parent domain
    delegates to the zone, so its name servers must be known before the first apply. And a new zone has new name
    servers and another key: destroying the environment must not cost the domain.

    The outputs `name_servers` and `delegation_signer` are what the parent domain takes as NS and DS records. The zone
    is a parent itself: `edge.delegations` become the NS and DS records of its children. Route 53 signs and logs from
    us-east-1 only, so the keys and the log are there, whatever the environment's region.

    Attributes: `arn`, and `key_arns` of its keys.
    """

    def __init__(self, scope: Construct, id: str, *, names: Names, settings: Settings) -> None:
        super().__init__(scope, id)
        zone = Route53Zone(
            self,
            PUBLIC_ZONE,
            name=settings.domain_name,
            comment=f"Public names of {names.prefix}",
            tags=names.tags(PUBLIC_ZONE),
            # A new zone gets new name servers, and the domain is gone until its parent learns them.
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True),
        )
        zone_id, zone_arn = zone.zone_id, zone.arn
        self.arn: str = zone_arn
        TerraformOutput(
            self,
            "name-servers",
            value=zone.name_servers,
            description=f"Name servers that the parent domain delegates {settings.domain_name} to",
        ).override_logical_id("name_servers")
        self._delegate(zone_id, settings.edge.delegations)
        route53 = names.in_region(global_region(names.region))
        provider = None if route53 == names else add_provider_in(TerraformStack.of(self), route53)
        query_log = QueryLog(
            self,
            "query-log",
            names=route53,
            zone_id=zone_id,
            zone_arn=zone_arn,
            retention_days=settings.edge.log_retention_days,
            deletion_window_days=settings.keys.deletion_window_days,
            provider=provider,
        )
        signing = ZoneSigning(self, "signing", names=route53, zone_id=zone_id, zone_arn=zone_arn, provider=provider)
        self.key_arns: tuple[str, ...] = (query_log.key_arn, signing.key_arn)

    def _delegate(self, zone_id: str, delegations: Iterable[Delegation]) -> None:
        """Make the NS records of the children and, of those that are signed, the DS records."""
        for delegation in delegations:
            records = {"ns": list(delegation.name_servers), "ds": [str(record) for record in delegation.ds_records]}
            for type_, values in records.items():
                if values:
                    Route53Record(
                        self,
                        f"{delegation.name}-{type_}",
                        zone_id=zone_id,
                        name=delegation.name,
                        type=type_.upper(),
                        ttl=DELEGATION_TTL_SECONDS,
                        records=values,
                    )
