"""CKV2_MEALS_137: classic load balancers negotiate TLS 1.2 with strong ciphers only.

A policy names a predefined one, or says itself which protocols and ciphers are on. Source: Security Hub ELB.8 for the
predefined policy; RFC 8996 (TLS 1.0 and 1.1), RFC 7465 (RC4) and RFC 9325, 4.1, for what is weak.
"""

import re

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub

PREDEFINED = "TLS-1-2-2017-01"
OLD = ("Protocol-SSLv2", "Protocol-SSLv3", "Protocol-TLSv1", "Protocol-TLSv1.1")
WEAK = re.compile(r"RC2|RC4|ARCFOUR|DES|IDEA|SEED|NULL|EXP|MD5|ADH|ANON|PSK|KRB5", re.IGNORECASE)
"""Ciphers without encryption or authentication, with broken ones, or with short keys."""


def evaluate(policy: Resource, configuration: Configuration) -> Findings:
    """Findings for each protocol, cipher or predefined policy that is not good enough."""
    if policy.type == "aws_load_balancer_policy" and policy.text("policy_type_name") != "SSLNegotiationPolicyType":
        return
    for attribute in policy.blocks("policy_attribute" if policy.type == "aws_load_balancer_policy" else "attribute"):
        name, value = attribute.text("name"), attribute.text("value")
        if name == "Reference-Security-Policy":
            if not value.endswith(PREDEFINED):
                yield Finding(found=f"the predefined policy {value}", allowed=f"ELBSecurityPolicy-{PREDEFINED}")
        elif value.lower() == "true" and (name in OLD or WEAK.search(name)):
            yield Finding(found=f"{name} switched on", allowed="Protocol-TLSv1.2 with AES-GCM ciphers")


POLICY = """\
resource "aws_load_balancer_policy" "tls" {
  load_balancer_name = aws_elb.edge.name
  policy_name        = "tls"
  policy_type_name   = "SSLNegotiationPolicyType"

  policy_attribute {
    name  = "Reference-Security-Policy"
    value = "ELBSecurityPolicy-TLS-1-2-2017-01"
  }
}
"""

RULE = CheckovRule(
    id="CKV2_MEALS_137",
    name="Classic load balancers negotiate TLS 1.2 with strong ciphers",
    severity="high",
    claim="C7",
    controls=security_hub("ELB.8") + nist("SC-8", "SC-13"),
    fix='Set Reference-Security-Policy to "ELBSecurityPolicy-TLS-1-2-2017-01".',
    good=POLICY,
    bad=POLICY.replace("Reference-Security-Policy", "Protocol-TLSv1").replace(
        "ELBSecurityPolicy-TLS-1-2-2017-01", "true"
    ),
    applies_to=("aws_load_balancer_policy", "aws_lb_ssl_negotiation_policy"),
    evaluate=evaluate,
)
