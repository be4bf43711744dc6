"""The AWS provider of a stack: its version, its account and the tags of everything."""

from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider, AwsProviderDefaultTags

from modules.common.names import Names

PROVIDER_SOURCE = "hashicorp/aws"
PROVIDER_VERSION = "~> 6.25"  # the version that the bindings were generated from, and later minor ones


def add_provider(stack: TerraformStack, names: Names) -> None:
    """Add the AWS provider to `stack`.

    `allowed_account_ids` makes Terraform refuse credentials of any other account, so one environment can never be
    applied to another's account. No `required_version` is written: checkov stops at it without a word (it would
    scan nothing and pass).
    """
    AwsProvider(
        stack,
        "aws",
        region=names.region,
        allowed_account_ids=[names.account_id],
        default_tags=[AwsProviderDefaultTags(tags=names.default_tags)],
    )
    stack.add_override("terraform.required_providers.aws.source", PROVIDER_SOURCE)
    stack.add_override("terraform.required_providers.aws.version", PROVIDER_VERSION)
