"""What others have added to a resource: shown when no resource of the state explains it, and only then."""

from __future__ import annotations

from typing import Any

import pytest

from cli.core.plans.drift import changed_since
from cli.core.plans.foreign import foreign
from cli.core.plans.model import Kind
from cli.core.plans.reader import read_plan

OPEN = {"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}
GROUP = {"id": "sg-1", "ingress": [], "egress": []}
ACL = {"id": "acl-1", "ingress": [], "egress": []}
ENTRY = {"rule_no": 50, "action": "allow", "protocol": "-1", "from_port": 0, "to_port": 0, "cidr_block": "0.0.0.0/0"}
ROUTE = {"cidr_block": "0.0.0.0/0", "ipv6_cidr_block": "", "gateway_id": "igw-1", "nat_gateway_id": ""}
ROLE = {"id": "r", "name": "r", "managed_policy_arns": [], "inline_policy": []}
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
BUCKET = {"id": "b", "arn": "arn:aws:s3:::b", "grant": [{"id": "owner", "permissions": ["FULL_CONTROL"], "uri": ""}]}
EVERYBODY = {"id": "", "permissions": ["READ"], "uri": "http://acs.amazonaws.com/groups/global/AllUsers"}
RULE = {
    "security_group_id": "sg-1",
    "ip_protocol": "tcp",
    "from_port": 22,
    "to_port": 22,
    "cidr_ipv4": "0.0.0.0/0",
    "cidr_ipv6": None,
    "prefix_list_id": None,
    "referenced_security_group_id": None,
}
OLD_RULE = {**OPEN, "security_group_id": "sg-1", "type": "ingress", "self": False}

State = tuple[str, dict[str, Any]]


def plan(*resources: State) -> dict[str, Any]:
    """A plan whose refreshed state has these resources."""
    listed = [
        {"address": f"{type_}.{at}", "mode": "managed", "type": type_, "values": values}
        for at, (type_, values) in enumerate(resources)
    ]
    return {"prior_state": {"values": {"root_module": {"resources": listed}}}}


def texts(*resources: State, written: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """What is foreign on the first resource, in words by attribute."""
    (first, _), *_ = resources
    found: dict[str, list[str]] = {}
    for attribute in foreign(plan(*resources), {f"{first}.0": frozenset(written)}).get(f"{first}.0", ()):
        found.setdefault(attribute.path, []).append(attribute.after.text)
    return found


@pytest.mark.parametrize(
    ("parent", "child", "says"),
    [
        (
            ("aws_security_group", {**GROUP, "ingress": [OPEN]}),
            ("aws_vpc_security_group_ingress_rule", RULE),
            {"ingress": ["tcp 22 from 0.0.0.0/0"]},
        ),
        (
            ("aws_security_group", {**GROUP, "ingress": [OPEN]}),
            ("aws_security_group_rule", OLD_RULE),
            {"ingress": ["tcp 22 from 0.0.0.0/0"]},
        ),
        (
            (
                "aws_security_group",
                {**GROUP, "egress": [{"from_port": 0, "to_port": 0, "protocol": "-1", "self": True}]},
            ),
            (
                "aws_vpc_security_group_egress_rule",
                {"security_group_id": "sg-1", "ip_protocol": "-1", "referenced_security_group_id": "sg-1"},
            ),
            {"egress": ["everything to sg-1"]},
        ),
        (
            ("aws_network_acl", {**ACL, "egress": [ENTRY]}),
            (
                "aws_network_acl_rule",
                {
                    "network_acl_id": "acl-1",
                    "egress": True,
                    "rule_number": 50,
                    "rule_action": "allow",
                    "protocol": "all",
                    "from_port": None,
                    "to_port": None,
                    "cidr_block": "0.0.0.0/0",
                },
            ),
            {"egress": ["50: allow everything 0.0.0.0/0"]},
        ),
        (
            ("aws_route_table", {"id": "rtb-1", "route": [ROUTE]}),
            (
                "aws_route",
                {"route_table_id": "rtb-1", "destination_cidr_block": "0.0.0.0/0", "gateway_id": "igw-1"},
            ),
            {"route": ["0.0.0.0/0 -> igw-1"]},
        ),
        (
            ("aws_iam_role", {**ROLE, "managed_policy_arns": [ADMIN]}),
            ("aws_iam_role_policy_attachment", {"role": "r", "policy_arn": ADMIN}),
            {"managed_policy_arns": [ADMIN]},
        ),
        (
            ("aws_iam_role", {**ROLE, "inline_policy": [{"name": "door", "policy": "{}"}]}),
            ("aws_iam_role_policy", {"role": "r", "name": "door"}),
            {"inline_policy": ["door: {}"]},
        ),
        (
            ("aws_s3_bucket", {**BUCKET, "grant": [*BUCKET["grant"], EVERYBODY]}),
            ("aws_s3_bucket_acl", {"bucket": "b"}),
            {"grant": ["READ to http://acs.amazonaws.com/groups/global/AllUsers"]},
        ),
        (
            ("aws_s3_bucket", {**BUCKET, "policy": "{}"}),
            ("aws_s3_bucket_policy", {"bucket": "b"}),
            {"policy": ["{}"]},
        ),
        (
            ("aws_s3_bucket", {**BUCKET, "website": [{"index_document": "i"}]}),
            ("aws_s3_bucket_website_configuration", {"bucket": "b"}),
            {"website": ["is a website"]},
        ),
        (
            (
                "aws_s3_bucket",
                {
                    **BUCKET,
                    "replication_configuration": [{"rules": [{"destination": [{"bucket": "arn:aws:s3:::eve"}]}]}],
                },
            ),
            ("aws_s3_bucket_replication_configuration", {"bucket": "b"}),
            {"replication_configuration": ["new objects to arn:aws:s3:::eve"]},
        ),
        (
            ("aws_dynamodb_table", {"id": "t", "arn": "arn:t", "replica": [{"region_name": "eu-west-1"}]}),
            ("aws_dynamodb_table_replica", {"global_table_arn": "arn:t"}),
            {"replica": ["in eu-west-1"]},
        ),
        (
            ("aws_sqs_queue", {"id": "https://q", "arn": "arn:q", "policy": "{}"}),
            ("aws_sqs_queue_policy", {"queue_url": "https://q"}),
            {"policy": ["{}"]},
        ),
    ],
)
def test_what_no_child_makes_is_foreign(parent: State, child: State, says: dict[str, list[str]]) -> None:
    assert texts(parent) == says
    assert texts(parent, child) == {}
    stranger = (child[0], {name: "another" if isinstance(value, str) else value for name, value in child[1].items()})
    if "rule" not in child[0]:  # of which a protocol is not another text
        assert texts(parent, stranger) == says, "the child of another parent explains nothing"
    (name,) = says
    assert texts(parent, written=(name,)) == {}, "what is written is compared by terraform"


def test_each_rule_and_each_peer_needs_a_child_of_its_own() -> None:
    block = {**OPEN, "cidr_blocks": ["0.0.0.0/0", "10.0.0.0/8"], "security_groups": ["sg-2"]}
    group = ("aws_security_group", {**GROUP, "ingress": [block, {**OPEN, "to_port": 80}]})
    found = texts(group, ("aws_vpc_security_group_ingress_rule", RULE))
    assert found == {"ingress": ["tcp 22 from 10.0.0.0/8", "tcp 22 from sg-2", "tcp 22-80 from 0.0.0.0/0"]}


def test_a_rule_of_the_other_direction_explains_nothing() -> None:
    group = ("aws_security_group", {**GROUP, "egress": [OPEN]})
    assert texts(group, ("aws_vpc_security_group_ingress_rule", RULE)) == {"egress": ["tcp 22 to 0.0.0.0/0"]}


def test_the_owner_s_own_grant_is_not_foreign_and_another_account_s_is() -> None:
    other = {"id": "other", "permissions": ["READ"], "uri": ""}
    assert texts(("aws_s3_bucket", BUCKET)) == {}
    both = texts(("aws_s3_bucket", {**BUCKET, "grant": [*BUCKET["grant"], other]}))
    assert both == {"grant": ["FULL_CONTROL to owner", "READ to other"]}


def test_it_comes_first_in_the_drift_also_without_a_difference() -> None:
    content = plan(("aws_iam_role", {**ROLE, "managed_policy_arns": [ADMIN]}))
    table = {"name": "t", "read_capacity": 1}
    content["resource_drift"] = [
        {
            "address": "aws_dynamodb_table.t",
            "type": "aws_dynamodb_table",
            "mode": "managed",
            "change": {"actions": ["update"], "before": table, "after": {**table, "read_capacity": 2}},
        }
    ]
    document = {"resource": {"aws_dynamodb_table": {"t": {"read_capacity": 1}}}}
    first, second = read_plan(content, document, environment="dev", stack="dev").drift
    assert (first.address, first.kind, first.attributes[0].path) == (
        "aws_iam_role.0",
        Kind.UPDATE,
        "managed_policy_arns",
    )
    assert second.address == "aws_dynamodb_table.t"


def test_between_plan_and_apply_only_what_is_new_counts() -> None:
    door = plan(("aws_iam_role", {**ROLE, "managed_policy_arns": [ADMIN]}))
    closed = plan(("aws_iam_role", ROLE))
    assert [change.address for change in changed_since(closed, door, {})] == ["aws_iam_role.0"]
    assert changed_since(door, door, {}) == ()
    assert changed_since(door, closed, {}) == ()


def test_what_the_plan_imports_explains_what_its_parent_reads_back() -> None:
    """The state has it only when the plan is applied."""
    role = {**ROLE, "inline_policy": [{"name": "door", "policy": "{}"}]}
    policy = ("aws_iam_role_policy", {"role": "r", "name": "door"})
    before = plan(("aws_iam_role", role), policy)
    importing = {"actions": ["no-op"], "importing": {"id": "r:door"}}
    before["resource_changes"] = [{"address": "aws_iam_role_policy.1", "change": importing}]
    assert changed_since(before, plan(("aws_iam_role", role)), {}) == ()
    other = {**ROLE, "inline_policy": [{"name": "door", "policy": "{}"}, {"name": "other", "policy": "{}"}]}
    assert [change.address for change in changed_since(before, plan(("aws_iam_role", other)), {})] == ["aws_iam_role.0"]
