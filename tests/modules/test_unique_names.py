"""Names that AWS wants to be unique are: a second resource of one name overwrites the first or is refused at apply."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.helpers import Resource, resources

SCOPE = {
    "aws_cloudwatch_log_stream": "log_group_name",
    "aws_iam_role_policy": "role",
    "aws_route53_record": "type",
}
"""Types whose names are unique within something else only, and the argument that says within what."""

RULES = ("aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule")
RULE_IDENTITY = (
    "security_group_id",
    "ip_protocol",
    "from_port",
    "to_port",
    "cidr_ipv4",
    "prefix_list_id",
    "referenced_security_group_id",
)


def identities(resource: Resource) -> list[tuple[str, str, str, str]]:
    """What AWS tells a resource by, once for each argument that names it: type, argument, scope and value."""
    scope = str(resource.body.get(SCOPE.get(resource.type, "")))
    return [
        (resource.type, argument, scope, resource.body[argument])
        for argument in ("broker_name", "bucket", "cluster_name", "domain", "name", "policy_name")
        if argument in resource.body and (argument != "bucket" or resource.type == "aws_s3_bucket")
    ]


@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
def test_no_two_resources_of_a_type_share_a_name(synthesized: Mapping[str, Any], environment: str) -> None:
    counts = Counter(identity for each in resources(synthesized[environment]) for identity in identities(each))
    assert len(counts) > 100
    assert [identity for identity, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
def test_no_two_security_group_rules_are_the_same(synthesized: Mapping[str, Any], environment: str) -> None:
    """EC2 refuses a second rule of the same group, direction, peer and ports (`InvalidPermission.Duplicate`)."""
    counts = Counter(
        (each.type, *(each.body.get(argument) for argument in RULE_IDENTITY))
        for rule_type in RULES
        for each in resources(synthesized[environment], rule_type)
    )
    assert len(counts) > 50
    assert [rule for rule, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
def test_every_inline_policy_has_a_name(synthesized: Mapping[str, Any], environment: str) -> None:
    """Without one Terraform invents a name from the clock."""
    for each in resources(synthesized[environment], "aws_iam_role_policy"):
        assert each.body.get("name"), each.path
