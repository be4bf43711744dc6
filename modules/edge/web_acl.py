"""The web firewall before the public load balancer: AWS WAF with AWS's managed rules and a rate limit."""

from typing import Any

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.wafv2_web_acl import (
    Wafv2WebAcl,
    Wafv2WebAclDefaultAction,
    Wafv2WebAclDefaultActionAllow,
    Wafv2WebAclVisibilityConfig,
)
from cdktf_cdktf_provider_aws.wafv2_web_acl_association import Wafv2WebAclAssociation
from cdktf_cdktf_provider_aws.wafv2_web_acl_logging_configuration import (
    Wafv2WebAclLoggingConfiguration,
    Wafv2WebAclLoggingConfigurationRedactedFields,
    Wafv2WebAclLoggingConfigurationRedactedFieldsSingleHeader,
)
from constructs import Construct

from envs.settings.edge import Edge as EdgeSettings
from modules.common.context import Context
from modules.network.log_delivery import WEB_ACL_LOG_PREFIX

RATE_WINDOW_SECONDS = 300

# Group -> override action (`none`: what the group decides), in order of evaluation, cheap ones first. Together 1,175
# web ACL capacity units, and 2 for the rate limit, of the 1,500 included (AWS WAF developer guide, "AWS Managed
# Rules rule groups list"). Anonymous addresses are counted and logged, not blocked: front ends behind a VPN and the
# back ends of ghost kitchens at hosting providers are customers.
MANAGED_RULE_GROUPS = {
    "AWSManagedRulesAmazonIpReputationList": "none",
    "AWSManagedRulesAnonymousIpList": "count",
    "AWSManagedRulesKnownBadInputsRuleSet": "none",  # Log4j (CVE-2021-44228) among them
    "AWSManagedRulesCommonRuleSet": "none",
    "AWSManagedRulesSQLiRuleSet": "none",
}

REDACTED_HEADERS = ("authorization", "cookie")


def rules(rate_limit_per_5_minutes: int) -> list[dict[str, Any]]:
    """Return the `rule` blocks of the web ACL: the rate limit of one source address, then the managed groups."""
    rate_limit = {
        "name": "rate-limit",
        "priority": 0,
        "action": {"block": {}},
        "statement": {
            "rate_based_statement": {
                "limit": rate_limit_per_5_minutes,
                "aggregate_key_type": "IP",
                "evaluation_window_sec": RATE_WINDOW_SECONDS,
            }
        },
        "visibility_config": _visibility("rate-limit"),
    }
    managed = [
        {
            "name": group,
            "priority": priority,
            "override_action": {override: {}},
            "statement": {"managed_rule_group_statement": {"name": group, "vendor_name": "AWS"}},
            "visibility_config": _visibility(group),
        }
        for priority, (group, override) in enumerate(MANAGED_RULE_GROUPS.items(), start=1)
    ]
    return [rate_limit, *managed]


def _visibility(metric_name: str) -> dict[str, Any]:
    return {"cloudwatch_metrics_enabled": True, "metric_name": metric_name, "sampled_requests_enabled": True}


class WebAcl(Construct):
    """The web ACL of the load balancer `load_balancer_arn` and its log, without the users' credentials.

    A request that no rule blocks goes through. If AWS WAF itself does not answer, requests are refused (the load
    balancer's `waf.fail_open.enabled` stays off). `log_delivery` is the policy that lets AWS write the log.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        context: Context,
        settings: EdgeSettings,
        load_balancer_arn: str,
        log_delivery: ITerraformDependable,
    ) -> None:
        super().__init__(scope, id)
        names = context.names
        name = names.name("public")
        acl = Wafv2WebAcl(
            self,
            "web-acl",
            name=name,
            description=f"Requests to the public load balancer of {names.prefix}",
            scope="REGIONAL",
            default_action=Wafv2WebAclDefaultAction(allow=Wafv2WebAclDefaultActionAllow()),
            visibility_config=Wafv2WebAclVisibilityConfig(
                cloudwatch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=True
            ),
            tags=names.tags("public"),
        )
        # The bindings have no structs for statements, which nest without end; so the rules are written past them.
        acl.add_override("rule", rules(settings.waf.rate_limit_per_5_minutes))
        acl_arn = acl.arn
        Wafv2WebAclAssociation(self, "association", resource_arn=load_balancer_arn, web_acl_arn=acl_arn)

        log_group = CloudwatchLogGroup(
            self,
            "log-group",
            name=f"{WEB_ACL_LOG_PREFIX}{name}",
            retention_in_days=settings.log_retention_days,
            kms_key_id=context.keys.logs.arn,
        )
        log_group_arn = log_group.arn
        Wafv2WebAclLoggingConfiguration(
            self,
            "logging",
            resource_arn=acl_arn,
            log_destination_configs=[log_group_arn],
            redacted_fields=[
                Wafv2WebAclLoggingConfigurationRedactedFields(
                    single_header=Wafv2WebAclLoggingConfigurationRedactedFieldsSingleHeader(name=header)
                )
                for header in REDACTED_HEADERS
            ],
            depends_on=[log_delivery],
        )
