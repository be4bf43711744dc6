"""CKV2_MEALS_132: what serves HTTPS serves it with TLS 1.2 or later.

The smallest version that each service can be told, for what is no load balancer (CKV2_MEALS_101, CKV2_MEALS_137): all
of them default to TLS 1.0. CloudFront can only be told with a certificate of one's own. Any policy without TLS 1.1 will
do; Security Hub CloudFront.15, Opensearch.8 and ES.8 ask for the newest ones. Sources: RFC 8996; API Gateway developer
guide, "Security policies".
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Block, Configuration, Resource
from policies.library.rule import Finding, Findings, nist

ENOUGH = ("TLSv1.2_", "TLSv1.3_", "TLS_1_2", "SecurityPolicy_TLS12", "SecurityPolicy_TLS13", "Policy-Min-TLS-1-2-")
"""How the names of the policies begin that refuse TLS 1.1."""
IOT = "aws_iot_domain_configuration"
OLD_IOT = "_1_0_"
"""What the policies of AWS IoT have in their name that allow TLS 1.0; its default does not.

Source: AWS IoT Core developer guide, "Transport security in AWS IoT Core"."""
SETTINGS = {
    "aws_api_gateway_domain_name": ("", "security_policy"),
    "aws_apigatewayv2_domain_name": ("domain_name_configuration", "security_policy"),
    "aws_cloudfront_distribution": ("viewer_certificate", "minimum_protocol_version"),
    "aws_cloudfront_multitenant_distribution": ("viewer_certificate", "minimum_protocol_version"),
    "aws_cloudsearch_domain": ("endpoint_options", "tls_security_policy"),
    "aws_elasticsearch_domain": ("domain_endpoint_options", "tls_security_policy"),
    "aws_iot_domain_configuration": ("tls_config", "security_policy"),
    "aws_opensearch_domain": ("domain_endpoint_options", "tls_security_policy"),
}
"""Resource type -> the block and the argument that say the version."""


def evaluate(subject: Resource, configuration: Configuration) -> Findings:
    """A finding for what accepts TLS 1.1 or older."""
    block_name, name = SETTINGS[subject.type]
    block: Block | None = subject.block(block_name) if block_name else subject
    policy = "" if block is None else block.text(name)
    if (
        block is not None
        and subject.type.startswith("aws_cloudfront_")
        and block.flag("cloudfront_default_certificate")
    ):
        yield Finding(
            found="CloudFront's own certificate, which comes with TLS 1.0", allowed="a certificate of your own"
        )
    elif subject.type == IOT and (not policy or OLD_IOT not in policy):
        return
    elif not policy.startswith(ENOUGH):
        yield Finding(
            found=f"{name} {policy}" if policy else f"no {name}, which allows TLS 1.0",
            allowed="a policy with TLS 1.2 or later",
        )


RULE = CheckovRule(
    id="CKV2_MEALS_132",
    name="HTTPS is served with TLS 1.2 or later",
    severity="medium",
    claim="C7",
    controls=nist("SC-8", "SC-13"),
    fix="Set the security policy: TLSv1.2_2021 or later (CloudFront), TLS_1_2 (API Gateway), "
    "Policy-Min-TLS-1-2-PFS-2023-10 (OpenSearch).",
    good="""\
resource "aws_api_gateway_domain_name" "api" {
  domain_name     = "api.meals.example"
  security_policy = "TLS_1_2"
}
""",
    bad="""\
resource "aws_api_gateway_domain_name" "api" {
  domain_name     = "api.meals.example"
  security_policy = "TLS_1_0"
}
""",
    applies_to=tuple(SETTINGS),
    evaluate=evaluate,
)
