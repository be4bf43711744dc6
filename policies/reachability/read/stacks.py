"""What templates of other tools make: stacks of CloudFormation, products, resources of Cloud Control.

Their templates are not read. Each may hold what a module whose source is not here may hold, and counts as one that is
given what the resource says: parameters, the template's own references. One of which the template is known and makes
nothing with a network, such as a subscription, is none. Source: CloudFormation user guide, "Stacks".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from policies.library.gaps import Gap, GapKind
from policies.library.model import Configuration

STACK_SETS = ("aws_cloudformation_stack_set",)
TYPES = (
    "aws_cloudcontrolapi_resource",
    "aws_cloudformation_stack",
    "aws_cloudformation_stack_instances",
    "aws_cloudformation_stack_set_instance",
    "aws_serverlessapplicationrepository_cloudformation_stack",
    "aws_servicecatalog_provisioned_product",
)
"""Types of resources that stand for what is written in no attribute of Terraform's."""

_MADE = re.compile(r"\b(AWS|Custom|Alexa)::(\w+)|\bTransform\b|\bFn::Transform\b")
_WITHOUT_NETWORK = frozenset(
    {
        *("Budgets", "CloudTrail", "CloudWatch", "Config", "DynamoDB", "IAM", "KMS", "Logs", "S3", "SecretsManager"),
        *("SNS", "SQS", "SSM"),
        *("AccountId", "NoValue", "Partition", "Region", "StackId", "StackName", "URLSuffix"),  # pseudo parameters
    }
)
"""Services of CloudFormation's resource types that have no interfaces and open no way."""


def with_stacks(configuration: Configuration) -> Configuration:
    """A configuration in which each such resource is a module that is not here."""
    return replace(configuration, gaps=(*configuration.gaps, *_gaps(configuration)))


def _gaps(configuration: Configuration) -> Iterator[Gap]:
    for stack in configuration.of_type(*TYPES):
        sets = [each for each in configuration.resolve(stack.get("stack_set_name")) if each.type in STACK_SETS]
        templates = [each.get("template_body") for each in (stack, *sets) if each.has("template_body")]
        if templates and all(isinstance(each, str) and _is_without_network(each) for each in templates):
            continue
        arguments = {f"{each.address}.{name}": each.get(name) for each in (stack, *sets) for name in each.attributes}
        yield Gap(GapKind.MODULE, stack.address, f"{stack.address}: its template is not read", arguments=arguments)


def _is_without_network(template: str) -> bool:
    """Whether all that a template makes has no network."""
    made = list(_MADE.finditer(template))
    return bool(made) and all(each[1] == "AWS" and each[2] in _WITHOUT_NETWORK for each in made)
