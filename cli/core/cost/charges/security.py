"""KMS, Secrets Manager, WAF, Cognito and private certificate authorities."""

from __future__ import annotations

from collections.abc import Mapping

from cli.core.cost.charges.observability import delivered_logs
from cli.core.cost.model import Unsaid
from cli.core.cost.reading import Reader, Reading, Uses, by_usage, monthly
from policies.library.model import Resource

_PAID_RULES = {
    "AWSManagedRulesBotControlRuleSet": "Bot Control",
    "AWSManagedRulesACFPRuleSet": "account creation fraud prevention",
    "AWSManagedRulesAntiDDoSRuleSet": "DDoS prevention",
    "AWSManagedRulesATPRuleSet": "account takeover prevention",
}
"""Groups of AWS's rules that cost more than the rule that refers to them (AWS WAF pricing)."""


_ONE_KEY = ("SYMMETRIC_DEFAULT", "HMAC")
"""Specs of keys that are no pair of keys; requests to the others have prices of their own (AWS KMS pricing)."""


def _key(reading: Reading, resource: Resource) -> Uses:
    yield monthly("awskms", "key")
    spec = resource.text("customer_master_key_spec", "SYMMETRIC_DEFAULT")
    item = "request" if spec.startswith(_ONE_KEY) else f"{'RSA_2048' if spec == 'RSA_2048' else 'asymmetric'} request"
    yield by_usage("awskms", item, reading.used(resource, "requests"))


def _secret(reading: Reading, resource: Resource) -> Uses:
    yield monthly("AWSSecretsManager", "secret", 1 + len(resource.blocks("replica")))
    yield by_usage("AWSSecretsManager", "request", reading.used(resource, "requests"))


def _web_acl(reading: Reading, resource: Resource) -> Uses:
    yield monthly("awswaf", "web ACL")
    rules = resource.blocks("rule")
    if rules:
        yield monthly("awswaf", "rule", len(rules))
    groups = [
        group
        for rule in rules
        for statement in rule.blocks("statement")
        for group in statement.blocks("managed_rule_group_statement")
    ]
    for group in groups:
        if group.text("vendor_name") != "AWS":
            yield Unsaid(f"what {group.text('vendor_name')} takes for its rules {group.text('name')}")
        elif group.text("name") in _PAID_RULES:
            yield monthly("awswaf", _PAID_RULES[group.text("name")])
            yield Unsaid(f"the table has no price of requests that {_PAID_RULES[group.text('name')]} analyses")
    yield by_usage("awswaf", "request", reading.used(resource, "requests"))


def _web_acl_logs(reading: Reading, resource: Resource) -> Uses:
    yield from delivered_logs(reading, resource, "log_destination_configs")


def _user_pool(reading: Reading, resource: Resource) -> Uses:
    tier = resource.text("user_pool_tier") or "ESSENTIALS"
    yield by_usage("AmazonCognito", f"{tier.capitalize()} active user", reading.used(resource, "active_users"))
    modes = [each.text("advanced_security_mode") for each in resource.blocks("user_pool_add_ons")]
    if tier != "PLUS" and any(mode not in ("", "OFF") for mode in modes):
        yield Unsaid(f"what threat protection costs beside the tier {tier}")


def _client(_: Reading, resource: Resource) -> Uses:
    """A client is free, unless it is a machine that gets tokens of its own (Amazon Cognito pricing)."""
    if "client_credentials" in resource.texts("allowed_oauth_flows"):
        yield Unsaid("the table has no price of clients of machines, and of their tokens")


def _authority(_: Reading, resource: Resource) -> Uses:
    is_short = resource.text("usage_mode") == "SHORT_LIVED_CERTIFICATE"
    yield monthly("AWSCertificateManager", "short-lived private authority" if is_short else "private authority")


def _certificate(_: Reading, resource: Resource) -> Uses:
    """Public certificates for integrated services are free (AWS Certificate Manager pricing)."""
    if resource.has("certificate_authority_arn"):
        yield Unsaid("the table has no price of certificates of a private authority")
    if any(each.text("export") == "ENABLED" for each in resource.blocks("options")):
        yield Unsaid("the table has no price of certificates that can be exported")


SECURITY: Mapping[str, Reader] = {
    "aws_acm_certificate": _certificate,
    "aws_acmpca_certificate_authority": _authority,
    "aws_cognito_user_pool": _user_pool,
    "aws_cognito_user_pool_client": _client,
    "aws_kms_external_key": _key,
    "aws_kms_key": _key,
    "aws_kms_replica_key": _key,
    "aws_secretsmanager_secret": _secret,
    "aws_wafv2_web_acl": _web_acl,
    "aws_wafv2_web_acl_logging_configuration": _web_acl_logs,
}
