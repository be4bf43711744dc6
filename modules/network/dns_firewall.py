"""Route 53 Resolver DNS Firewall: the VPC resolves declared names only, and every query is logged (claim C6).

Security groups know addresses, not names, and an external system seldom has fixed addresses. The firewall closes that
gap, and with it DNS itself as a way out. It fails closed: while it cannot decide, nothing is resolved.
"""

from collections.abc import Iterable, Sequence

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.route53_resolver_firewall_config import Route53ResolverFirewallConfig
from cdktf_cdktf_provider_aws.route53_resolver_firewall_domain_list import Route53ResolverFirewallDomainList
from cdktf_cdktf_provider_aws.route53_resolver_firewall_rule import Route53ResolverFirewallRule
from cdktf_cdktf_provider_aws.route53_resolver_firewall_rule_group import Route53ResolverFirewallRuleGroup
from cdktf_cdktf_provider_aws.route53_resolver_firewall_rule_group_association import (
    Route53ResolverFirewallRuleGroupAssociation,
)
from cdktf_cdktf_provider_aws.route53_resolver_query_log_config import Route53ResolverQueryLogConfig
from cdktf_cdktf_provider_aws.route53_resolver_query_log_config_association import (
    Route53ResolverQueryLogConfigAssociation,
)
from constructs import Construct

from envs.settings.network import DnsFirewall as DnsFirewallSettings
from modules.common.context import Context
from modules.common.suppressions import accept_retention
from modules.network.aws_services import host_name

EVERY_NAME = "*"
ALLOW_PRIORITY = 100
REST_PRIORITY = 200
ASSOCIATION_PRIORITY = 101  # lower and higher ones are kept for AWS Firewall Manager


def resolvable_names(
    *, region: str, domain_name: str, services: Iterable[str], allowed_domains: Iterable[str]
) -> tuple[str, ...]:
    """Return the names that the VPC may resolve, sorted, each once; `*.` matches any labels before a name.

    They are the environment's own domain with all below it (its `internal` zone too), the names of the instances, AWS
    `services` by their endpoints, S3, DynamoDB, the broker and the cluster, and `allowed_domains`. A wildcard over
    all of AWS would let in other customers' APIs and buckets.
    """
    aws = f"{region}.amazonaws.com"
    instances = "ec2.internal" if region == "us-east-1" else f"{region}.compute.internal"
    # AWS SDKs in their legacy mode call S3 in us-east-1 without naming the region. The S3 endpoint's policy says which
    # buckets may be reached under these names, as under the others.
    legacy = ("s3.amazonaws.com", "*.s3.amazonaws.com") if region == "us-east-1" else ()
    return tuple(
        sorted(
            {
                domain_name,
                f"*.{domain_name}",
                f"*.{instances}",
                f"dynamodb.{aws}",
                f"*.ddb.{aws}",  # DynamoDB's account-based endpoints
                f"*.kafka.{aws}",
                f"*.mq.{aws}",
                f"*.mq.{region}.on.aws",
                f"s3.{aws}",
                f"*.s3.{aws}",
                f"*.s3.dualstack.{aws}",  # repositories of Amazon Linux 2023
                *legacy,
                *(host_name(service, region) for service in services),
                *allowed_domains,
            }
        )
    )


class DnsFirewall(Construct):
    """The rule group of the VPC: allow `names_to_resolve`, then `settings.action` for every other name.

    Every query is logged, whatever was decided; `log_delivery` is the policy that lets AWS write the log.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        context: Context,
        settings: DnsFirewallSettings,
        vpc_id: str,
        names_to_resolve: Sequence[str],
        log_retention_days: int,
        log_delivery: ITerraformDependable,
    ) -> None:
        super().__init__(scope, id)
        self._context = context
        names = context.names
        config = Route53ResolverFirewallConfig(self, "config", resource_id=vpc_id, firewall_fail_open="DISABLED")
        self._group_id: str = Route53ResolverFirewallRuleGroup(
            self, "rule-group", name=names.name("dns-firewall"), tags=names.tags("dns-firewall")
        ).id
        allow = self._rule(
            "allow-declared",
            domains=names_to_resolve,
            action="ALLOW",
            priority=ALLOW_PRIORITY,
            # A declared name may lead to others (CNAME), such as its content delivery network's: they come with it.
            firewall_domain_redirection_action="TRUST_REDIRECTION_DOMAIN",
        )
        rest = self._rule(
            "rest",
            domains=[EVERY_NAME],
            action=settings.action.upper(),
            priority=REST_PRIORITY,
            block_response="NODATA" if settings.action == "block" else None,
        )
        Route53ResolverFirewallRuleGroupAssociation(
            self,
            "association",
            name=names.name("dns-firewall"),
            firewall_rule_group_id=self._group_id,
            priority=ASSOCIATION_PRIORITY,
            vpc_id=vpc_id,
            tags=names.tags("dns-firewall"),
            depends_on=[allow, rest, config],  # never a moment in which half of the rules are in force
        )
        self._log_queries(vpc_id, log_retention_days, log_delivery)

    def _rule(
        self,
        id: str,
        *,
        domains: Sequence[str],
        action: str,
        priority: int,
        block_response: str | None = None,
        firewall_domain_redirection_action: str | None = None,
    ) -> Route53ResolverFirewallRule:
        names = self._context.names
        domain_list = Route53ResolverFirewallDomainList(
            self,
            f"{id}-domains",
            name=names.name("dns", id),
            # The API stores and returns names with their final dot; without it every plan would show a change.
            domains=[f"{domain}." for domain in domains],
            tags=names.tags("dns", id),
        )
        return Route53ResolverFirewallRule(
            self,
            id,
            name=names.name("dns", id),
            firewall_rule_group_id=self._group_id,
            firewall_domain_list_id=domain_list.id,
            action=action,
            priority=priority,
            block_response=block_response,
            firewall_domain_redirection_action=firewall_domain_redirection_action,
        )

    def _log_queries(self, vpc_id: str, retention_days: int, log_delivery: ITerraformDependable) -> None:
        names = self._context.names
        log_group = CloudwatchLogGroup(
            self,
            "query-logs",
            name=names.log_group("network", "dns-queries"),
            retention_in_days=retention_days,
            kms_key_id=self._context.keys.logs.arn,
        )
        accept_retention(log_group, retention_days)
        config = Route53ResolverQueryLogConfig(
            self,
            "query-log-config",
            name=names.name("dns-queries"),
            destination_arn=log_group.arn,
            tags=names.tags("dns-queries"),
            depends_on=[log_delivery],
        )
        Route53ResolverQueryLogConfigAssociation(
            self, "query-log-association", resolver_query_log_config_id=config.id, resource_id=vpc_id
        )
