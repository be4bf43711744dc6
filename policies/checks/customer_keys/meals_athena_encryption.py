"""CKV2_MEALS_152: Athena encrypts query results with a customer-managed key, and clients cannot choose otherwise."""

from policies.checkov.adapter import CheckovRule
from policies.library.keys import ALLOWED, without_customer_key
from policies.library.model import Block, Configuration, Resource
from policies.library.rule import Finding, Findings, nist

KMS = frozenset({"SSE_KMS", "CSE_KMS"})


def evaluate(resource: Resource, configuration: Configuration) -> Findings:
    """Findings for a workgroup or database whose results are encrypted otherwise, or as clients like."""
    if resource.type == "aws_athena_database":
        yield from _of_results(resource, "kms_key", configuration)
        return
    settings = resource.block("configuration")
    if settings is None:
        yield Finding(
            found="no configuration: each client decides how results are encrypted",
            allowed=f"encryption with {ALLOWED}",
        )
        return
    if not settings.flag("enforce_workgroup_configuration", default=True):
        yield Finding(found="clients may override the workgroup", allowed="enforce_workgroup_configuration = true")
    managed = settings.block("managed_query_results_configuration")
    if managed is not None and managed.flag("enabled"):
        for encryption in managed.blocks("encryption_configuration") or (Block({}, managed.place),):
            yield from without_customer_key(encryption, "kms_key", configuration)
    else:
        yield from _of_results(settings.block("result_configuration"), "kms_key_arn", configuration)


def _of_results(results: Block | None, key: str, configuration: Configuration) -> Findings:
    encryption = results.block("encryption_configuration") if results is not None else None
    option = encryption.text("encryption_option") if encryption is not None else ""
    if encryption is None or option not in KMS:
        yield Finding(found=f"results with {option or 'no encryption of their own'}", allowed=f"SSE_KMS with {ALLOWED}")
    else:
        yield from without_customer_key(encryption, key, configuration)


RULE = CheckovRule(
    id="CKV2_MEALS_152",
    name="Athena encrypts query results with a customer-managed key",
    severity="medium",
    claim="C7",
    controls=nist("SC-28", "SC-28(1)"),
    fix=(
        'Set encryption_option = "SSE_KMS" and kms_key_arn in result_configuration, and '
        "enforce_workgroup_configuration = true."
    ),
    good="""\
resource "aws_athena_workgroup" "reporting" {
  name = "reporting"

  configuration {
    enforce_workgroup_configuration = true

    result_configuration {
      output_location = "s3://results/"

      encryption_configuration {
        encryption_option = "SSE_KMS"
        kms_key_arn       = aws_kms_key.storage.arn
      }
    }
  }
}
""",
    bad="""\
resource "aws_athena_workgroup" "reporting" {
  name = "reporting"
}
""",
    applies_to=("aws_athena_workgroup", "aws_athena_database"),
    evaluate=evaluate,
)
