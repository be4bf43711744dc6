"""What widens access, and what does not."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.core.plans.access import access
from cli.core.plans.model import Access, Widening
from cli.core.plans.names import Names
from cli.core.plans.references import References

HOLDERS = "holders of iam policy aws_iam_policy.x"
OWN = "111111111111"
OTHER = "222222222222"


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


READ = {"Sid": "A", "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::b/*"]}
WRITE = {**READ, "Sid": "B", "Action": ["s3:PutObject"]}
TLS = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": "*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
WORLD = {
    "security_group_id": "sg-1",
    "cidr_ipv4": "0.0.0.0/0",
    "ip_protocol": "tcp",
    "from_port": 443,
    "to_port": 443,
}
CIDR = {"security_group_id": "sg-1", "type": "ingress", "cidr_blocks": ["10.0.0.0/8"], "protocol": "-1", "from_port": 0}


def change(address: str, before: Any, after: Any, unknown: Any = None) -> dict[str, Any]:
    """A resource change as terraform writes it."""
    actions = ["no-op"] if before == after and not unknown else ["update"]
    actions = ["create"] if before is None else ["delete"] if after is None else actions
    values = {"actions": actions, "before": before, "after": after, "after_unknown": unknown or {}}
    return {"address": address, "type": address.partition(".")[0], "mode": "managed", "change": values}


def all_found(*changes: dict[str, Any], **written: Any) -> list[Access]:
    """How a plan widens access; ``written`` is the Terraform of some resources, by address with `__` for the dot."""
    document: dict[str, Any] = {"provider": {"aws": [{"allowed_account_ids": [OWN], "region": "us-east-1"}]}}
    for each in changes:
        type_, _, name = each["address"].partition(".")
        if each["change"]["after"] is None:
            continue  # what goes is not in the Terraform any more
        body = written.get(each["address"].replace(".", "__"), each["change"]["after"] or {})
        document.setdefault("resource", {}).setdefault(type_, {})[name] = body
    plan = {"resource_changes": changes}
    names = Names(changes, document, {})
    return list(access(changes, document, {}, references=References(plan, document), names=names))


def found(type_: str, before: Any, after: Any, unknown: Any = None, written: Any = None) -> list[tuple[Widening, str]]:
    """How one change widens access."""
    address = f"{type_}.x"
    more = {} if written is None else {address.replace(".", "__"): written}
    return [(each.how, each.text) for each in all_found(change(address, before, after, unknown), **more)]


@pytest.mark.parametrize(
    ("type_", "before", "after", "texts"),
    [
        (
            "aws_iam_policy",
            None,
            {"policy": policy(READ)},
            [f"Allow {HOLDERS} to read objects of bucket b"],
        ),
        (
            "aws_iam_policy",
            {"policy": policy(READ)},
            {"policy": policy(READ, WRITE)},
            [f"Allow {HOLDERS} to write objects to bucket b"],
        ),
        ("aws_iam_policy", {"policy": policy(READ, WRITE)}, {"policy": policy(READ)}, []),
        (
            "aws_iam_policy",
            {"policy": policy(READ)},
            {"policy": policy({**READ, "Sid": "Z", "Action": "s3:GetObject"})},
            [],
        ),
        ("aws_iam_policy", {"policy": policy(READ)}, None, []),
        (
            "aws_s3_bucket_policy",
            {"bucket": "b", "policy": policy(TLS)},
            {"bucket": "b", "policy": policy()},
            ["no longer: Deny everyone to do everything with b, without TLS"],
        ),
        (
            "aws_s3_bucket_policy",
            {"bucket": "b", "policy": policy(TLS)},
            None,
            ["no longer: Deny everyone to do everything with b, without TLS"],
        ),
        ("aws_vpc_security_group_ingress_rule", None, WORLD, ["from the internet (0.0.0.0/0): tcp 443 (sg-1)"]),
        (
            "aws_vpc_security_group_egress_rule",
            WORLD,
            {**WORLD, "to_port": 8443},
            ["to the internet (0.0.0.0/0): tcp 443-8443 (sg-1)"],
        ),
        ("aws_vpc_security_group_ingress_rule", WORLD, {**WORLD, "description": "new"}, []),
        ("aws_vpc_security_group_ingress_rule", WORLD, None, []),
        ("aws_security_group_rule", None, CIDR, ["from 10.0.0.0/8: all traffic (sg-1)"]),
        (
            "aws_security_group",
            {"ingress": []},
            {"ingress": [{"cidr_blocks": ["0.0.0.0/0"], "protocol": "tcp", "from_port": 22, "to_port": 22}]},
            ["from the internet (0.0.0.0/0): tcp 22"],
        ),
        (
            "aws_security_group",
            {"egress": [{"cidr_blocks": ["10.0.1.0/24"], "protocol": "tcp", "from_port": 0, "to_port": 65535}]},
            {
                "egress": [
                    {
                        "cidr_blocks": ["10.0.1.0/24", "10.0.2.0/24"],
                        "security_groups": ["sg-2"],
                        "self": True,
                        "protocol": "tcp",
                        "from_port": 0,
                        "to_port": 65535,
                    }
                ]
            },
            ["to 10.0.2.0/24: every tcp port", "to itself: every tcp port", "to sg-2: every tcp port"],
        ),
        ("aws_mq_broker", {"publicly_accessible": False}, {"publicly_accessible": True}, ["is publicly accessible"]),
        ("aws_mq_broker", {"publicly_accessible": True}, {"publicly_accessible": True, "x": 1}, []),
        ("aws_lb", None, {"internal": False}, ["is reachable from the internet"]),
        (
            "aws_s3_bucket_public_access_block",
            {"bucket": "b", "block_public_acls": True},
            None,
            ["public access to the bucket is no longer blocked"],
        ),
        ("aws_iam_role_policy_attachment", None, {"role": "r", "policy_arn": "arn:p"}, ["r gets arn:p"]),
        (
            "aws_network_acl_rule",
            None,
            {
                "rule_action": "allow",
                "egress": False,
                "cidr_block": "0.0.0.0/0",
                "protocol": "6",
                "from_port": 1,
                "to_port": 2,
            },
            ["network ACL allows from the internet (0.0.0.0/0): tcp 1-2"],
        ),
        ("aws_network_acl_rule", None, {"rule_action": "deny", "cidr_block": "0.0.0.0/0"}, []),
        (
            "aws_route",
            None,
            {"destination_cidr_block": "0.0.0.0/0", "gateway_id": "igw-1"},
            ["route to the internet (0.0.0.0/0) through igw-1"],
        ),
        (
            "aws_network_acl",
            {"ingress": []},
            {"ingress": [{"action": "allow", "cidr_block": "10.0.0.0/8", "protocol": "-1"}]},
            ["network ACL allows from 10.0.0.0/8: all traffic"],
        ),
        (
            "aws_route_table",
            {"route": [{"cidr_block": "10.1.0.0/16", "gateway_id": "vgw-1"}]},
            {"route": [{"cidr_block": "10.1.0.0/16", "gateway_id": "igw-1"}]},
            ["route to 10.1.0.0/16 through igw-1"],
        ),
        ("aws_sns_topic", None, {"name": "t"}, []),
    ],
)
def test_access(type_: str, before: Any, after: Any, texts: list[str]) -> None:
    assert found(type_, before, after) == [(Widening.WIDENS, text) for text in texts]


def test_a_policy_that_is_not_known_yet_is_read_from_the_terraform() -> None:
    written = {"policy": policy({**READ, "Resource": ["${aws_s3_bucket.b.arn}/*"]}, TLS)}
    assert found("aws_iam_policy", None, {}, {"policy": True}, written) == [
        (Widening.WIDENS, f"Allow {HOLDERS} to read objects of aws_s3_bucket.b.arn/*")
    ]
    assert found("aws_iam_policy", None, {}, {"policy": True}, {"policy": "${data.x.json}"}) == [
        (Widening.MAY_WIDEN, "policy is not known before the apply")
    ]
    assert found("aws_iam_role", None, {}, {"inline_policy": True}, {"name": "r"}) == []


def test_what_is_known_at_apply_stands_as_it_is_written() -> None:
    rule = {"protocol": "tcp", "from_port": 443, "to_port": 443, "security_groups": [None], "cidr_blocks": []}
    unknown = {"ingress": [{"security_groups": [True]}]}
    written = {"ingress": [{**rule, "security_groups": ["${aws_security_group.lb.id}"]}]}
    assert found("aws_security_group", None, {"ingress": [rule]}, unknown, written) == [
        (Widening.WIDENS, "from aws_security_group.lb.id: tcp 443")
    ]


def test_the_internet_comes_first_in_any_spelling() -> None:
    statement = {**READ, "Principal": {"AWS": "*"}}
    narrowed = {**statement, "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}}
    created = [
        ("aws_s3_bucket_policy", {"policy": policy(narrowed)}),
        ("aws_vpc_security_group_ingress_rule", {**WORLD, "cidr_ipv4": "10.0.0.0/8"}),
        ("aws_vpc_security_group_ingress_rule", {**WORLD, "cidr_ipv4": "0.0.0.0/1"}),
        ("aws_s3_bucket_policy", {"policy": policy(statement)}),
        ("aws_lb", {"internal": False}),
    ]
    changes = [change(f"{type_}.{at}", None, after) for at, (type_, after) in enumerate(created)]
    addresses = [each.address.rpartition(".")[2] for each in all_found(*changes)]
    assert addresses == ["4", "3", "2", "0", "1"]


def condition(operator: str, key: str, *values: str) -> dict[str, Any]:
    return {**READ, "Condition": {operator: {key: list(values)}}}


NARROWINGS = [
    ({**READ, "Action": "s3:*"}, READ),
    ({**READ, "Action": ["s3:Get*", "s3:PutObject"]}, READ),
    ({**READ, "Resource": "*"}, READ),
    ({**READ, "Resource": "arn:aws:s3:::b/*"}, {**READ, "Resource": ["arn:aws:s3:::b/in/*", "arn:aws:s3:::b/out/*"]}),
    ({**READ, "NotAction": ["iam:*"], "Action": None}, READ),
    (READ, condition("Bool", "aws:SecureTransport", "true")),
    (condition("StringLike", "aws:PrincipalArn", "arn:x:*"), condition("StringEquals", "aws:PrincipalArn", "arn:x:a")),
    (condition("StringEquals", "aws:SourceVpce", "a", "b"), condition("StringEquals", "aws:SourceVpce", "b")),
    (condition("StringNotEquals", "aws:SourceVpce", "a"), condition("StringNotEquals", "aws:SourceVpce", "a", "b")),
    (condition("IpAddress", "aws:SourceIp", "10.0.0.0/8"), condition("IpAddress", "aws:SourceIp", "10.1.0.0/16")),
    ({**READ, "Principal": "*"}, {**READ, "Principal": {"AWS": "arn:aws:iam::111111111111:role/a"}}),
    ({**READ, "Principal": {"AWS": OWN}}, {**READ, "Principal": {"AWS": f"arn:aws:iam::{OWN}:root"}}),
]


@pytest.mark.parametrize(("wide", "narrow"), NARROWINGS)
def test_narrowing_a_statement_widens_nothing_and_the_reverse_does(wide: Any, narrow: Any) -> None:
    wide, narrow = ({key: each for key, each in side.items() if each is not None} for side in (wide, narrow))
    assert found("aws_s3_bucket_policy", {"policy": policy(wide)}, {"policy": policy(narrow)}) == []
    is_equal = wide.get("Principal", {}) == {"AWS": OWN}  # an account is its root
    assert bool(found("aws_s3_bucket_policy", {"policy": policy(narrow)}, {"policy": policy(wide)})) is not is_equal


def test_a_sensitive_policy_is_not_told() -> None:
    update = change(
        "aws_iam_role_policy.p", {"role": "r", "policy": policy(READ)}, {"role": "r", "policy": policy(WRITE)}
    )
    update["change"] |= {"before_sensitive": {"policy": True}, "after_sensitive": {"policy": True}}
    assert [(each.how, each.text) for each in all_found(update)] == [
        (Widening.MAY_WIDEN, "policy is not known before the apply")
    ]


def test_of_a_statement_only_what_is_new_is_named() -> None:
    after = {**READ, "Action": ["s3:GetObject", "s3:PutObject"], "Resource": ["arn:aws:s3:::b/*"]}
    assert found(
        "aws_iam_role_policy", {"role": "r", "policy": policy(READ)}, {"role": "r", "policy": policy(after)}
    ) == [(Widening.WIDENS, "Allow r to write objects to bucket b")]


def test_narrowing_a_rule_widens_nothing() -> None:
    def rule(**more: Any) -> dict[str, Any]:
        return {"security_group_id": "sg-1", "ip_protocol": "tcp", "from_port": 0, "to_port": 9000, **more}

    wide, narrow = rule(cidr_ipv4="10.0.0.0/8"), rule(cidr_ipv4="10.1.0.0/16", from_port=443, to_port=443)
    assert found("aws_vpc_security_group_ingress_rule", wide, narrow) == []
    assert found("aws_vpc_security_group_ingress_rule", narrow, wide) == [
        (Widening.WIDENS, "from 10.0.0.0/8: tcp 0-9000 (sg-1)")
    ]


def test_a_rule_that_moves_to_another_resource_widens_nothing() -> None:
    group = {"id": "sg-1", "ingress": []}
    inline = {"ingress": [{"cidr_blocks": ["0.0.0.0/0"], "protocol": "tcp", "from_port": 443, "to_port": 443}]}
    old = change("aws_vpc_security_group_ingress_rule.old", WORLD, None)
    assert all_found(old, change("aws_vpc_security_group_ingress_rule.new", None, WORLD)) == []
    assert all_found(old, change("aws_security_group.g", group, {**group, **inline})) == []
    assert (
        all_found(
            change("aws_security_group.g", {**group, **inline}, group),
            change("aws_vpc_security_group_ingress_rule.new", None, WORLD, {"security_group_id": True}),
            aws_vpc_security_group_ingress_rule__new={"security_group_id": "${aws_security_group.g.id}"},
        )
        == []
    )


def test_what_a_replaced_resource_is_called_next_widens_nothing() -> None:
    arn = "arn:aws:kms:us-east-1:111111111111:key/1234"
    statement = {"Effect": "Allow", "Action": "kms:Decrypt"}
    key = change("aws_kms_key.k", {"arn": arn}, {"description": "new"}, {"arn": True})
    old = {"role": "r", "policy": policy({**statement, "Resource": arn})}
    written = {"role": "r", "policy": policy({**statement, "Resource": "${aws_kms_key.k.arn}"})}
    role = change("aws_iam_role_policy.p", old, {"role": "r"}, {"policy": True})
    assert all_found(key, role, aws_iam_role_policy__p=written) == []
    wider = {"role": "r", "policy": policy({**statement, "Action": "kms:*", "Resource": "${aws_kms_key.k.arn}"})}
    assert [each.text for each in all_found(key, role, aws_iam_role_policy__p=wider)] == [
        "Allow r to do everything with key aws_kms_key.k"
    ]


def test_references_that_are_known_are_read() -> None:
    bucket = change("aws_s3_bucket.b", {"arn": "arn:aws:s3:::b"}, {"arn": "arn:aws:s3:::b"})
    written = {"role": "r", "policy": policy({**READ, "Resource": "${aws_s3_bucket.b.arn}/*"})}
    role = change("aws_iam_role_policy.p", {"role": "r", "policy": policy(READ)}, {"role": "r"}, {"policy": True})
    assert all_found(bucket, role, aws_iam_role_policy__p=written) == []


def test_what_depends_on_what_is_not_known_may_widen() -> None:
    written = {"role": "r", "policy": policy({**READ, "Resource": "${data.aws_s3_bucket.b.arn}/*"})}
    (one,) = all_found(
        change("aws_iam_role_policy.p", None, {"role": "r"}, {"policy": True}), aws_iam_role_policy__p=written
    )
    assert one.how is Widening.MAY_WIDEN


def entry(number: int, action: str, cidr: str, port: int = 22) -> dict[str, Any]:
    values = {"rule_number": number, "rule_action": action, "cidr_block": cidr, "protocol": "tcp", "egress": False}
    return {**values, "network_acl_id": "acl-1", "from_port": port, "to_port": port}


def test_the_order_of_a_network_acl_counts() -> None:
    allow = change("aws_network_acl_rule.allow", entry(100, "allow", "0.0.0.0/0"), entry(100, "allow", "0.0.0.0/0"))
    deny = entry(50, "deny", "198.51.100.0/24")
    text = "network ACL allows from the internet (0.0.0.0/0): tcp 22 (acl-1)"
    gone = change("aws_network_acl_rule.deny", deny, None)
    assert [each.text for each in all_found(allow, gone)] == [text]
    later = change("aws_network_acl_rule.deny", deny, {**deny, "rule_number": 150})
    assert [each.text for each in all_found(allow, later)] == [text]
    wider = change("aws_network_acl_rule.deny", deny, {**deny, "cidr_block": "198.51.0.0/16"})
    assert all_found(allow, wider) == []
    elsewhere = change("aws_network_acl_rule.deny", {**deny, "to_port": 21, "from_port": 21}, None)
    assert all_found(allow, elsewhere) == []


def test_a_refusal_that_goes_with_what_it_protects_widens_nothing() -> None:
    bucket = change("aws_s3_bucket.b", {"id": "b", "bucket": "b"}, None)
    refusal = change("aws_s3_bucket_policy.p", {"bucket": "b", "policy": policy(TLS)}, None)
    assert all_found(bucket, refusal) == []
    stays = change("aws_s3_bucket.b", {"id": "b", "bucket": "b"}, {"id": "b", "bucket": "b"})
    assert [each.text for each in all_found(stays, refusal)] == [
        "no longer: Deny everyone to do everything with bucket b, without TLS"
    ]


def test_a_refusal_that_is_read_back_does_not_stay_when_it_goes() -> None:
    values = {"id": "b", "bucket": "b", "policy": policy(TLS)}
    bucket = change("aws_s3_bucket.b", values, values)
    refusal = change("aws_s3_bucket_policy.p", {"bucket": "b", "policy": policy(TLS)}, None)
    assert len(all_found(bucket, refusal, aws_s3_bucket__b={"bucket": "b"})) == 1


def test_a_refusal_with_more_exceptions_widens() -> None:
    def refusal(*endpoints: str) -> dict[str, Any]:
        spared = {"StringNotEquals": {"aws:SourceVpce": list(endpoints)}}
        return {"bucket": "b", "policy": policy({**TLS, "Condition": spared})}

    assert found("aws_s3_bucket_policy", refusal("vpce-a1"), refusal("vpce-a1", "vpce-b2")) == [
        (Widening.WIDENS, "no longer: Deny everyone to do everything with b, but not through vpce-a1")
    ]
    assert found("aws_s3_bucket_policy", refusal("vpce-a1", "vpce-b2"), refusal("vpce-a1")) == []


@pytest.mark.parametrize(
    ("type_", "values", "text"),
    [
        (
            "aws_kms_grant",
            {"grantee_principal": f"arn:aws:iam::{OTHER}:role/a", "operations": ["Decrypt"], "key_id": "k"},
            f"role a of account {OTHER} may Decrypt with k",
        ),
        ("aws_ram_principal_association", {"principal": OTHER, "resource_share_arn": "s"}, f"s is shared with {OTHER}"),
        ("aws_lambda_function_url", {"authorization_type": "NONE"}, "anyone may call it without credentials"),
        ("aws_s3_bucket_acl", {"acl": "public-read"}, "objects are public by the bucket's ACL"),
        ("aws_ami_launch_permission", {"group": "all", "image_id": "ami-1"}, "somethingallsomething may start"),
    ],
)
def test_sharing(type_: str, values: dict[str, Any], text: str) -> None:
    ((how, said),) = found(type_, None, values)
    assert how is Widening.WIDENS
    assert said.startswith(text)


def test_a_boundary_or_a_barrier_that_goes_widens() -> None:
    role = {"name": "r", "permissions_boundary": "arn:aws:iam::111111111111:policy/p"}
    text = "permissions are no longer bound by policy p"
    assert found("aws_iam_role", role, {"name": "r", "permissions_boundary": ""}) == [(Widening.WIDENS, text)]
    assert found("aws_iam_role", role, role | {"description": "x"}) == []
    assert found("aws_iam_role", role, None) == []
    association = {"web_acl_arn": "w", "resource_arn": "arn:aws:elb:x:1:l"}
    gone = change("aws_wafv2_web_acl_association.a", association, None)
    assert [each.text for each in all_found(gone)] == ["w no longer filters requests to elb l of account 1 in x"]
    balancer = change("aws_lb.l", {"arn": "arn:aws:elb:x:1:l", "internal": False}, None)
    assert all_found(gone, balancer) == []
    account = {"account_id": OWN, "block_public_acls": True}
    assert len(found("aws_s3_account_public_access_block", account, None)) == 1


def test_policies_of_a_role_that_become_attachments_widen_nothing() -> None:
    arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    before = {"id": "r", "name": "r", "managed_policy_arns": [arn]}
    role = change("aws_iam_role.r", before, {**before, "managed_policy_arns": []})
    attachment = change("aws_iam_role_policy_attachment.a", None, {"role": "r", "policy_arn": arn})
    assert all_found(role, attachment) == []
    assert len(all_found(change("aws_iam_role.r", {**before, "managed_policy_arns": []}, before))) == 1


def test_the_api_of_a_cluster() -> None:
    def cluster(*cidrs: str) -> dict[str, Any]:
        return {"vpc_config": [{"endpoint_public_access": True, "public_access_cidrs": list(cidrs)}]}

    assert found("aws_eks_cluster", cluster("198.51.0.0/16"), cluster("198.51.100.0/24")) == []
    assert found("aws_eks_cluster", cluster("198.51.100.0/24"), cluster("0.0.0.0/0")) == [
        (Widening.WIDENS, "its API is open to the internet (0.0.0.0/0)")
    ]


def test_fewer_operations_of_a_grant_widen_nothing() -> None:
    grant = {"grantee_principal": "a", "operations": ["Decrypt", "Encrypt"], "key_id": "k"}
    assert found("aws_kms_grant", grant, {**grant, "operations": ["Encrypt"]}) == []
    assert len(found("aws_kms_grant", {**grant, "operations": ["Encrypt"]}, grant)) == 1


def test_what_only_what_is_new_may_do_is_told_apart() -> None:
    role = change("aws_iam_role.r", None, {"name": "r"})
    bucket = change("aws_s3_bucket.b", None, {"bucket": "images"})
    queue = f"arn:aws:sqs:us-east-1:{OWN}:orders"

    def grants(resource: str, *more: dict[str, Any], **changed: Any) -> list[bool]:
        written = {"role": "r", "policy": policy({**READ, "Resource": resource, **changed})}
        return [each.is_new for each in all_found(role, change("aws_iam_role_policy.p", None, written), *more)]

    assert grants("arn:aws:s3:::images/*", bucket) == [True]
    assert grants("arn:aws:s3:::images/*") == [False]  # a bucket that nobody knows
    assert grants(queue, change("aws_sqs_queue.q", None, {"name": "orders"})) == [True]
    assert grants(queue, change("aws_sqs_queue.q", {"name": "orders"}, {"name": "orders"})) == [False]
    assert grants(f"arn:aws:secretsmanager:us-east-1:{OWN}:secret:admin-??????") == [False]
    assert grants(f"arn:aws:iam::{OWN}:role/admin", Action="iam:PassRole") == [False]
    assert grants("*", bucket) == [False]
    assert grants(f"arn:aws:sqs:us-east-1:{OTHER}:orders", change("aws_sqs_queue.q", None, {"name": "orders"})) == [
        False
    ]
    elsewhere = {"StringEquals": {"aws:SourceAccount": OTHER}}
    assert grants("arn:aws:s3:::images/*", bucket, Condition=elsewhere) == [False]
    present = change("aws_iam_role.r", {"name": "r"}, {"name": "r"})
    policies = change("aws_iam_role_policy.p", None, {"role": "r", "policy": policy(READ)})
    assert [each.is_new for each in all_found(present, policies, bucket)] == [False]
    assert [each.is_new for each in all_found(change("aws_lb.l", None, {"internal": False}))] == [False]


ACTIONS = st.lists(st.sampled_from(["s3:GetObject", "s3:Get*", "s3:PutObject", "s3:*", "*"]), min_size=1, max_size=3)
RESOURCES = st.lists(st.sampled_from(["arn:a", "arn:b", "arn:*", "*"]), min_size=1, max_size=3)
STATEMENTS = st.lists(st.tuples(ACTIONS, RESOURCES), max_size=3)


def allowed(statements: list[tuple[list[str], list[str]]]) -> set[tuple[str, str]]:
    """What statements allow, by trying."""
    return {
        (action, resource)
        for action in ("s3:GetObject", "s3:GetObjectAcl", "s3:PutObject", "s3:DeleteObject", "iam:PassRole")
        for resource in ("arn:a", "arn:b", "arn:c", "c")
        for actions, resources in statements
        if any(fnmatchcase(action, each) for each in actions) and any(fnmatchcase(resource, each) for each in resources)
    }


@given(STATEMENTS, STATEMENTS)
def test_what_is_wider_by_trying_is_found(before: Any, after: Any) -> None:
    def written(statements: Any) -> dict[str, Any]:
        listed = ({"Effect": "Allow", "Action": actions, "Resource": where} for actions, where in statements)
        return {"role": "r", "policy": policy(*listed)}

    is_wider = not allowed(after) <= allowed(before)
    listed = found("aws_iam_role_policy", written(before), written(after))
    assert not is_wider or listed != []
    # One statement covers each thing by itself here, so that the answer is exact.
    if len(before) == 1 and not is_wider:
        assert listed == []
