"""Where principals stand: code where its interfaces reach, credentials anywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from policies.access.decision import Decisions
from policies.access.model import Caller, KeyValues
from policies.access.read import read
from policies.access.read.callers import INTERNET, callers
from policies.reachability.read import read as read_network
from tests.support.access import OWN, Json, allow, bucket, deny, identity, may, resource, role
from tests.support.reading import load_files

NETWORK = """
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "s" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_route_table" "t" { vpc_id = aws_vpc.v.id }
resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.s.id
  route_table_id = aws_route_table.t.id
}
resource "aws_vpc_endpoint" "e" {
  vpc_id          = aws_vpc.v.id
  service_name    = "com.amazonaws.eu-west-1.s3"
  route_table_ids = [ROUTES]
}
resource "aws_security_group" "g" {
  vpc_id = aws_vpc.v.id
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_iam_role" "r" {
  name               = "r"
  assume_role_policy = jsonencode({ Statement = [{
    Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" }
  }] })
}
resource "aws_iam_instance_profile" "p" { role = aws_iam_role.r.name }
resource "aws_instance" "i" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.s.id
  vpc_security_group_ids = [aws_security_group.g.id]
  iam_instance_profile   = aws_iam_instance_profile.p.name
}
resource "aws_iam_role" "other" {
  name               = "other"
  assume_role_policy = jsonencode({ Statement = [{
    Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "backup.amazonaws.com" }
  }] })
}
"""


def _caller(tmp_path: Path, main: str, key: str) -> Caller:
    configuration = load_files(tmp_path, {"main.tf": main})
    found = callers(read(configuration), read_network(configuration))
    return next(each for each in found if each.principal.key == key)


def test_code_stands_at_the_endpoint_that_its_subnet_leads_to(tmp_path: Path) -> None:
    caller = _caller(tmp_path, NETWORK.replace("ROUTES", "aws_route_table.t.id"), "aws_iam_role.r")
    (at_endpoint,) = [each for each in caller.positions if each.endpoint is not None]
    assert at_endpoint.endpoint is not None
    assert at_endpoint.context["aws:sourcevpce"] == KeyValues((at_endpoint.endpoint.id,))
    assert at_endpoint.context["aws:vpcsourceip"] == KeyValues(("10.0.1.0/24",))


def test_code_in_a_subnet_that_does_not_lead_there_stands_elsewhere(tmp_path: Path) -> None:
    caller = _caller(tmp_path, NETWORK.replace("ROUTES", ""), "aws_iam_role.r")
    assert [each.name for each in caller.positions if each.endpoint is not None] == []
    assert "the internet" in [each.name for each in caller.positions]


def test_a_role_that_only_a_service_assumes_calls_from_inside_aws(tmp_path: Path) -> None:
    caller = _caller(tmp_path, NETWORK.replace("ROUTES", ""), "aws_iam_role.other")
    assert [each.name for each in caller.positions] == ["inside AWS", "inside AWS for the caller"]


def test_a_stranger_stands_at_no_endpoint_of_the_network(tmp_path: Path) -> None:
    caller = _caller(tmp_path, NETWORK.replace("ROUTES", "aws_route_table.t.id"), "anonymous")
    assert all(each.endpoint is None for each in caller.positions)


def test_whoever_asks_may_stand_in_a_network_that_only_a_policy_names(tmp_path: Path) -> None:
    policy = """
    resource "aws_sqs_queue" "q" {
      policy = jsonencode({ Statement = [{
        Effect = "Allow", Action = "sqs:*", Resource = "*", Principal = "*"
        Condition = { StringEquals = { "aws:SourceVpce" = [ENDPOINTS] } }
      }] })
    }
    """
    main = NETWORK.replace("ROUTES", "") + policy
    named = _caller(tmp_path, main.replace("ENDPOINTS", 'aws_vpc_endpoint.e.id, "vpce-1"'), "anonymous")
    (there,) = [each for each in named.positions if each.assumption is not None]
    assert there.name == "vpce-1, not declared here"
    assert there.context["aws:sourcevpce"].values[-1] == "vpce-1"


def test_nobody_else_stands_at_an_endpoint_that_is_declared(tmp_path: Path) -> None:
    policy = """
    resource "aws_sqs_queue" "q" {
      policy = jsonencode({ Statement = [{
        Effect = "Allow", Action = "sqs:*", Resource = "*", Principal = "*"
        Condition = { StringEquals = { "aws:SourceVpce" = aws_vpc_endpoint.e.id } }
      }] })
    }
    """
    caller = _caller(tmp_path, NETWORK.replace("ROUTES", "") + policy, "anonymous")
    assert [each for each in caller.positions if each.assumption is not None] == []


def test_a_role_that_nothing_runs_as_may_have_code_at_each_endpoint(tmp_path: Path) -> None:
    main = NETWORK.replace("ROUTES", "").replace("iam_instance_profile   = aws_iam_instance_profile.p.name", "")
    (there,) = [each for each in _caller(tmp_path, main, "aws_iam_role.r").positions if each.endpoint is not None]
    assert there.assumption is not None
    assert "aws:vpcsourceip" not in there.context


def test_a_role_of_code_that_is_no_thing_may_have_it_at_each_endpoint(tmp_path: Path) -> None:
    model = """
    resource "aws_sagemaker_model" "m" { execution_role_arn = aws_iam_role.r.arn }
    """
    caller = _caller(tmp_path, NETWORK.replace("ROUTES", "") + model, "aws_iam_role.r")
    assert [each.assumption is not None for each in caller.positions if each.endpoint is not None] == [True]


def test_code_in_a_subnet_that_is_not_known_may_stand_at_the_endpoint(tmp_path: Path) -> None:
    main = NETWORK.replace("ROUTES", "aws_route_table.t.id").replace(
        "= aws_subnet.s.id\n  vpc_sec", "= var.s\n  vpc_sec"
    )
    (there,) = [
        each
        for each in _caller(tmp_path, main + 'variable "s" {}\n', "aws_iam_role.r").positions
        if each.endpoint is not None
    ]
    assert there.assumption is not None


def _role(name: str, principal: str, further: str = "") -> str:
    return f"""
    resource "aws_iam_role" "{name}" {{
      name               = "{name}"
      assume_role_policy = jsonencode({{ Statement = [{{
        Effect = "Allow", Action = "sts:AssumeRole", Principal = {principal} {further}
      }}] }})
    }}
    """


@pytest.mark.parametrize(("further", "is_assumed"), [("", False), (", Condition = { Bool = { a = true } }", True)])
def test_a_role_that_code_assumes_is_used_where_the_code_is(tmp_path: Path, further: str, is_assumed: bool) -> None:
    main = NETWORK.replace("ROUTES", "aws_route_table.t.id")
    main += _role("x", "{ AWS = aws_iam_role.r.arn }", further) + _role("y", "{ AWS = aws_iam_role.x.arn }")
    for name in ("x", "y"):
        caller = _caller(tmp_path, main, f"aws_iam_role.{name}")
        (there,) = [each for each in caller.positions if each.endpoint is not None]
        assert there.context["aws:vpcsourceip"] == KeyValues(("10.0.1.0/24",))
        assert (there.assumption is not None) is is_assumed


def test_a_role_that_only_roles_of_services_assume_is_used_at_no_endpoint(tmp_path: Path) -> None:
    main = NETWORK.replace("ROUTES", "aws_route_table.t.id") + _role("x", "{ AWS = aws_iam_role.other.arn }")
    assert all(each.endpoint is None for each in _caller(tmp_path, main, "aws_iam_role.x").positions)


@pytest.mark.parametrize(
    "declared",
    [
        _role("x", '{ AWS = "arn:aws:iam::222233334444:root" }'),
        _role("x", '{ Federated = "accounts.google.com" }'),
        _role("x", '{ AWS = "*" }'),
        'resource "aws_iam_user" "x" { name = "x" }',
    ],
)
def test_credentials_of_people_may_be_used_at_each_endpoint(tmp_path: Path, declared: str) -> None:
    type_ = "aws_iam_user" if "aws_iam_user" in declared else "aws_iam_role"
    caller = _caller(tmp_path, NETWORK.replace("ROUTES", "") + declared, f"{type_}.x")
    (there,) = [each for each in caller.positions if each.endpoint is not None]
    assert there.assumption is not None
    assert there.assumption.text.startswith("whoever holds its credentials may use them")


_ENDPOINT_ALONE = """
resource "aws_s3_bucket" "b" { bucket = "b" }
resource "aws_s3_bucket_policy" "p" {
  bucket = aws_s3_bucket.b.bucket
  policy = jsonencode({ Statement = [
    { Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::b/*", Principal = "*",
      Condition = { StringEquals = { "aws:SourceVpce" = aws_vpc_endpoint.e.id } } },
  ] })
}
"""


@pytest.mark.parametrize(
    "key",
    [
        "any principal of another account",
        "administrators",
        "any other principal of the account",
        "root user",
        "any principal of account 222233334444",
        "users of accounts.google.com",
    ],
)
def test_credentials_of_whoever_else_there_is_may_be_used_at_endpoints(tmp_path: Path, key: str) -> None:
    main = NETWORK.replace("ROUTES", "") + _role("x", '{ AWS = "222233334444", Federated = "accounts.google.com" }')
    (there,) = [each for each in _caller(tmp_path, main, key).positions if each.endpoint is not None]
    assert there.assumption is not None
    assert there.assumption.text.startswith("whoever holds its credentials may use them")


@pytest.mark.parametrize(
    ("policy", "is_allowed"),
    [
        ("", True),
        (
            """policy = jsonencode({ Statement = [
              { Effect = "Allow", Action = "*", Resource = "*", Principal = "*" } ] })""",
            True,
        ),
        (
            """policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*", Principal = "*"
              Condition = { StringEquals = { "aws:PrincipalAccount" = "111122223333" } } }] })""",
            False,
        ),
    ],
)
def test_the_endpoint_decides_where_the_bucket_asks_for_it_alone(tmp_path: Path, policy: str, is_allowed: bool) -> None:
    main = NETWORK.replace("route_table_ids = [ROUTES]", policy) + _ENDPOINT_ALONE
    provider = 'provider "aws" { allowed_account_ids = ["111122223333"] }\n'
    configuration = load_files(tmp_path, {"main.tf": provider + main})
    model = read(configuration)
    everybody = callers(model, read_network(configuration))
    stranger = next(each for each in everybody if each.principal.key == "any principal of another account")
    bucket, action = model.things["aws_s3_bucket.b"], "s3:GetObject"
    answer = Decisions(model, everybody, [action]).answer(stranger, bucket, [action])
    assert bool(answer) is is_allowed
    assert not answer.guaranteed


CLUSTER = """
resource "aws_msk_cluster" "c" {
  cluster_name = "c"
  broker_node_group_info {
    client_subnets  = [aws_subnet.s.id]
    security_groups = [aws_security_group.brokers.id]
    MORE
  }
  client_authentication {
    sasl { iam = true }
  }
}
resource "aws_security_group" "brokers" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port   = 9098
    to_port     = 9198
    protocol    = "tcp"
    cidr_blocks = ["FROM"]
  }
}
resource "aws_internet_gateway" "i" { vpc_id = aws_vpc.v.id }
resource "aws_route" "r" {
  route_table_id         = aws_route_table.t.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.i.id
}
"""
PUBLIC = 'connectivity_info { public_access { type = "SERVICE_PROVIDED_EIPS" } }'
PRIVATE = "connectivity_info { vpc_connectivity { client_authentication { sasl { iam = true } } } }"


@pytest.mark.parametrize(
    ("key", "source", "more", "expected"),
    [
        ("aws_iam_role.r", "10.0.0.0/16", "", {"i": False}),
        ("aws_iam_role.r", "192.0.2.0/24", "", {}),
        ("aws_iam_role.other", "10.0.0.0/16", "", {}),
        ("any principal of another account", "10.0.0.0/16", "", {"code that is not here": True}),
        ("any principal of another account", "0.0.0.0/0", "", {"code that is not here": True}),
        (
            "any principal of another account",
            "0.0.0.0/0",
            PUBLIC,
            {"code that is not here": True, "internet": False},
        ),
        (
            "any principal of another account",
            "10.0.0.0/16",
            PRIVATE,
            {"code that is not here": True, "a VPC elsewhere": True},
        ),
        ("anonymous", "10.0.0.0/16", "", {}),
    ],
)
def test_a_cluster_is_reached_through_the_network_alone(
    tmp_path: Path, key: str, source: str, more: str, expected: dict[str, bool]
) -> None:
    main = NETWORK.replace("ROUTES", "") + CLUSTER.replace("FROM", source).replace("MORE", more)
    found = {
        each.name.partition(" from ")[2]: each.assumption is not None
        for each in _caller(tmp_path, main, key).positions
        if each.to == "aws_msk_cluster.c.data"
    }
    assert found == expected


def test_data_of_a_cluster_is_asked_for_at_its_brokers(tmp_path: Path) -> None:
    statement = '{ Effect = "Allow", Action = "kafka-cluster:*", Resource = "*" }'
    policy = f"""
    resource "aws_iam_role_policy" "r" {{
      role   = aws_iam_role.r.name
      policy = jsonencode({{ Statement = [{statement}] }})
    }}
    """
    for source, expected in (("10.0.0.0/16", True), ("192.0.2.0/24", False)):
        main = NETWORK.replace("ROUTES", "") + CLUSTER.replace("FROM", source).replace("MORE", "") + policy
        configuration = load_files(tmp_path, {"main.tf": main})
        model = read(configuration)
        everybody = callers(model, read_network(configuration))
        role = next(each for each in everybody if each.principal.key == "aws_iam_role.r")
        data, action = model.things["aws_msk_cluster.c.data"], "kafka-cluster:ReadData"
        answer = Decisions(model, everybody, [action]).answer(role, data, [action])
        assert bool(answer.guaranteed) is bool(answer) is expected


def test_a_role_of_a_database_may_be_used_at_each_endpoint(tmp_path: Path) -> None:
    files = {"main.tf": NETWORK.replace("ROUTES", "").replace("backup.amazonaws.com", "rds.amazonaws.com")}
    configuration = load_files(tmp_path, files)
    found = callers(read(configuration), read_network(configuration))
    (role,) = (each for each in found if each.principal.key == "aws_iam_role.other")
    assert any(each.endpoint is not None and each.assumption is not None for each in role.positions)


@pytest.mark.parametrize(
    ("condition", "is_denied"),
    [
        ({"StringNotEquals": {"aws:VpceAccount": OWN}}, True),
        ({"Null": {"aws:VpceOrgID": "true"}}, True),
        ({"StringEquals": {"aws:VpceAccount": OWN}}, False),
        ({"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, True),
        ({"NotIpAddress": {"aws:SourceIp": "8.8.8.0/24"}}, False),
    ],
)
def test_who_comes_over_the_internet_is_in_no_vpc(condition: Json, is_denied: bool) -> None:
    thing = bucket(resource(deny("s3:*", principal="*", condition=condition)))
    requester = role("role", identity(allow("s3:GetObject")))
    assert may(requester, "s3:GetObject", thing, at=INTERNET) is not is_denied
