"""CKV2_MEALS_137: classic load balancers negotiate TLS 1.2 with strong ciphers only.

A policy names a predefined one, or says itself which protocols and ciphers are on. A listener without one has AWS's
default, ELBSecurityPolicy-2016-08, which allows TLS 1.0. Sources: Security Hub ELB.8 for the predefined policy; Elastic
Load Balancing, "Predefined SSL security policies for Classic Load Balancers"; RFC 8996 (TLS 1.0 and 1.1), RFC 7465
(RC4) and RFC 9325, 4.1, for what is weak.
"""

import re

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub

NEGOTIATION = "aws_lb_ssl_negotiation_policy"
PREDEFINED = "TLS-1-2-2017-01"
OLD = ("Protocol-SSLv2", "Protocol-SSLv3", "Protocol-TLSv1", "Protocol-TLSv1.1")
WEAK = re.compile(r"RC2|RC4|ARCFOUR|DES|IDEA|SEED|NULL|EXP|MD5|ADH|ANON|PSK|KRB5", re.IGNORECASE)
"""Ciphers without encryption or authentication, with broken ones, or with short keys."""


BALANCER = "aws_elb"
ATTACHMENTS = (("aws_load_balancer_listener_policy", "load_balancer_name"), (NEGOTIATION, "load_balancer"))
"""What gives the listeners of a load balancer a policy, and where it names the load balancer."""


def evaluate(subject: Resource, configuration: Configuration) -> Findings:
    """Findings for what a policy allows that is not good enough, and for a load balancer whose listeners have none."""
    if subject.type != BALANCER:
        yield from of_policy(subject)
        return
    protocols = {listener.text("lb_protocol").upper() for listener in subject.blocks("listener")}
    if protocols & {"HTTPS", "SSL"} and not has_policy(subject, configuration):
        yield Finding(found="AWS's default, ELBSecurityPolicy-2016-08", allowed=f"ELBSecurityPolicy-{PREDEFINED}")


def has_policy(balancer: Resource, configuration: Configuration) -> bool:
    """Whether a listener of a load balancer is given a policy, by reference or by name. Raises UnknownValue."""
    for type_, name in ATTACHMENTS:
        named = [each.get(name) for each in configuration.of_type(type_)]
        if any(isinstance(each, str) and each == balancer.get("name") for each in named):
            return True
        if configuration.referrers(balancer, type_, name):
            return True
    return False


def of_policy(policy: Resource) -> Findings:
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
    applies_to=("aws_load_balancer_policy", NEGOTIATION, BALANCER),
    evaluate=evaluate,
)
