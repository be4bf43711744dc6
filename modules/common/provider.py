"""The AWS provider of a stack: its version, its account and the tags of everything; and the one for us-east-1."""

from typing import TypedDict

from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider, AwsProviderDefaultTags

from modules.common.names import Names


class _Arguments(TypedDict):
    region: str
    allowed_account_ids: list[str]
    default_tags: list[AwsProviderDefaultTags]


PROVIDER_SOURCE = "hashicorp/aws"
PROVIDER_VERSION = "~> 6.25"  # the version that the bindings were generated from, and later minor ones


def add_provider(stack: TerraformStack, names: Names) -> None:
    """Add the AWS provider to `stack`.

    `allowed_account_ids` makes Terraform refuse credentials of any other account, so one environment can never be
    applied to another's account. No `required_version` is written: checkov stops at it without a word (it would
    scan nothing and pass).
    """
    AwsProvider(stack, "aws", **_arguments(names))
    stack.add_override("terraform.required_providers.aws.source", PROVIDER_SOURCE)
    stack.add_override("terraform.required_providers.aws.version", PROVIDER_VERSION)


def add_provider_in(stack: TerraformStack, names: Names) -> AwsProvider:
    """Add the provider `aws.<region>` to `stack`, such as `aws.us_east_1`, for what AWS takes from there only.

    `names` are those of the environment in that region.
    """
    alias = names.region.replace("-", "_")
    return AwsProvider(stack, f"aws-{names.region}", alias=alias, **_arguments(names))


def _arguments(names: Names) -> _Arguments:
    return {
        "region": names.region,
        "allowed_account_ids": [names.account_id],
        "default_tags": [AwsProviderDefaultTags(tags=names.default_tags)],
    }
