"""Two environments can share an account: none of their names collide, and together they stay within its quotas."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.helpers import Document, resources

ENVIRONMENTS = ("dev", "staging", "prod")

NAMES = ("name", "bucket", "policy_name", "broker_name", "cluster_name")
"""Arguments that hold a resource's own name, the first that there is."""

NAMED_WITHIN_ANOTHER = {
    "aws_cloudwatch_log_stream",
    "aws_glue_catalog_table",
    "aws_iam_role_policy",
    "aws_route53_record",
}
"""Types whose names are unique within a group, a database, a role or a zone only."""

RESOURCE_POLICIES_PER_REGION = 10  # CloudWatch Logs quotas: resource policies


def own_names(document: Document) -> set[tuple[str, str]]:
    """Type and name of each resource; names that Terraform learns from another resource are left out."""
    found = set()
    for each in resources(document):
        name = next((each.body[key] for key in NAMES if key in each.body), "${}")
        if "${" not in name and each.type not in NAMED_WITHIN_ANOTHER:
            found.add((each.type, name))
    return found


def test_no_name_is_used_by_two_environments(synthesized: Mapping[str, Any]) -> None:
    users = defaultdict(list)
    for environment in ENVIRONMENTS:
        for key in own_names(synthesized[environment]):
            users[key].append(environment)
    assert {key: environments for key, environments in users.items() if len(environments) > 1} == {}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_two_environments_fit_into_the_quota_of_log_policies(synthesized: Mapping[str, Any], environment: str) -> None:
    policies = resources(synthesized[environment], "aws_cloudwatch_log_resource_policy")
    assert len(policies) <= RESOURCE_POLICIES_PER_REGION // 2
