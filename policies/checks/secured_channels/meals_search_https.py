"""CKV2_MEALS_128: search domains are reached over HTTPS only.

OpenSearch, Elasticsearch and CloudSearch accept HTTP unless told otherwise; of the first two the provider tells so
wherever there are domain_endpoint_options (enforce_https defaults to true). Source: Security Hub Opensearch.8
and ES.8 (which also ask for TLS 1.2: CKV2_MEALS_132).
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub


def evaluate(domain: Resource, configuration: Configuration) -> Findings:
    """A finding for a domain that accepts HTTP."""
    search = domain.type != "aws_cloudsearch_domain"
    name = "domain_endpoint_options" if search else "endpoint_options"
    options = domain.block(name)
    if options is None or not options.flag("enforce_https", default=search):
        yield Finding(found="HTTP is accepted", allowed=f"{name}.enforce_https = true")


RULE = CheckovRule(
    id="CKV2_MEALS_128",
    name="Search domains are reached over HTTPS only",
    severity="high",
    claim="C7",
    controls=security_hub("Opensearch.8", "ES.8") + nist("SC-8"),
    fix="Set enforce_https = true in domain_endpoint_options.",
    good="""\
resource "aws_opensearch_domain" "menu" {
  domain_endpoint_options {
    enforce_https       = true
    tls_security_policy = "Policy-Min-TLS-1-2-PFS-2023-10"
  }
}
""",
    bad="""\
resource "aws_opensearch_domain" "menu" {
  domain_name = "menu"
}
""",
    applies_to=("aws_opensearch_domain", "aws_elasticsearch_domain", "aws_cloudsearch_domain"),
    evaluate=evaluate,
)
