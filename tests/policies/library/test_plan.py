"""Plans: what Terraform's own plan says of a configuration leads to what the configuration says itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from policies.library.documents import document
from policies.library.model import Configuration
from policies.library.terraform.load import load_directory
from policies.library.terraform.plan import load_plan
from policies.library.values import Reference, Unknown, UnknownValue, references
from tests.support.terraform_plans import PROVIDER, Planned, plan_by_terraform, plan_of

MAIN = """
variable "ports" {
  default = [80, 443]
}

resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "s" {
  count      = 2
  vpc_id     = aws_vpc.v.id
  cidr_block = cidrsubnet(aws_vpc.v.cidr_block, 8, count.index)
}

resource "aws_route_table" "t" {
  vpc_id = aws_vpc.v.id
}

resource "aws_route_table_association" "a" {
  count          = 2
  subnet_id      = aws_subnet.s[count.index].id
  route_table_id = aws_route_table.t.id
}

resource "aws_security_group" "g" {
  vpc_id = aws_vpc.v.id
  dynamic "ingress" {
    for_each = var.ports
    content {
      from_port       = ingress.value
      to_port         = ingress.value
      protocol        = "tcp"
      security_groups = [module.m["a"].id]
    }
  }
}

resource "aws_security_group" "two" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port       = 80
    to_port         = 80
    protocol        = "tcp"
    security_groups = [module.m["a"].id]
  }
  ingress {
    from_port       = 443
    to_port         = 443
    protocol        = "tcp"
    security_groups = [module.m["b"].id]
  }
}

resource "aws_elb" "two" {
  subnets = aws_subnet.s[*].id
  listener {
    instance_port      = 443
    instance_protocol  = "https"
    lb_port            = 443
    lb_protocol        = "https"
    ssl_certificate_id = aws_iam_server_certificate.a.arn
  }
  listener {
    instance_port      = 443
    instance_protocol  = "https"
    lb_port            = 444
    lb_protocol        = "https"
    ssl_certificate_id = aws_iam_server_certificate.b.arn
  }
  listener {
    instance_port     = 443
    instance_protocol = "tcp"
    lb_port           = 445
    lb_protocol       = "tcp"
  }
}

resource "aws_elb" "dynamic" {
  availability_zones = ["us-east-1a"]
  dynamic "listener" {
    for_each = toset(split(",", aws_vpc.v.id))
    content {
      instance_port     = 80
      instance_protocol = "http"
      lb_port           = 80
      lb_protocol       = "http"
    }
  }
}

resource "aws_security_group" "dynamic" {
  vpc_id = aws_vpc.v.id
  dynamic "ingress" {
    for_each = toset(split(",", aws_vpc.v.id))
    content {
      from_port   = 22
      to_port     = 22
      protocol    = "tcp"
      cidr_blocks = ["0.0.0.0/0"]
    }
  }
}

resource "aws_security_group" "without_rules" {
  vpc_id = aws_vpc.v.id
}

resource "aws_iam_server_certificate" "a" {
  certificate_body = "a"
  private_key      = "a"
}

resource "aws_iam_server_certificate" "b" {
  certificate_body = "b"
  private_key      = "b"
}

resource "aws_sns_topic" "topics" {
  for_each = { a = "alpha", b = "beta" }
  name     = each.value
}

resource "aws_sns_topic_policy" "p" {
  for_each = aws_sns_topic.topics
  arn      = each.value.arn
  policy   = data.aws_iam_policy_document.p[each.key].json
}

data "aws_iam_policy_document" "p" {
  for_each = aws_sns_topic.topics
  statement {
    actions   = ["sns:Publish"]
    resources = [each.value.arn]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}

resource "aws_sns_topic_subscription" "known" {
  topic_arn = aws_sns_topic.topics["a"].arn
  protocol  = "https"
  endpoint  = "https://${aws_sns_topic.topics["b"].name}.example.com"
}

resource "aws_sqs_queue" "q" {
  name   = "q"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sqs:*", Principal = "*", Resource = "*" }] })
}

resource "aws_lb" "lb" {
  internal        = true
  subnets         = aws_subnet.s[*].id
  security_groups = [aws_security_group.g.id, module.m["b"].id]
}

module "m" {
  source   = "./m"
  for_each = toset(["a", "b"])
  vpc_id   = aws_vpc.v.id
  name     = each.key
}
"""

MODULE = """
variable "vpc_id" {}
variable "name" {}

resource "aws_security_group" "in" {
  name   = var.name
  vpc_id = var.vpc_id
}

output "id" {
  value = aws_security_group.in.id
}
"""


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("planned")
    (path / "m").mkdir()
    (path / "main.tf").write_text(PROVIDER + MAIN)
    (path / "m" / "main.tf").write_text(MODULE)
    return path


@pytest.fixture(scope="module")
def plan(terraform: str, directory: Path) -> Configuration:
    return load_plan(plan_by_terraform(terraform, directory), "plan.json")


@pytest.fixture(scope="module")
def source(directory: Path) -> Configuration:
    return load_directory(directory)[0]


def test_the_same_resources(plan: Configuration, source: Configuration) -> None:
    assert sorted(plan.resources) == sorted(source.resources)


def test_every_reference_leads_to_the_same_resource(plan: Configuration, source: Configuration) -> None:
    compared = 0
    for address, resource in source.resources.items():
        for name, value in resource.attributes.items():
            wanted = {each.address for each in source.resolve(value)}
            if (address, name) == ("aws_security_group.g", "ingress"):
                continue  # a dynamic block: see below
            if any(isinstance(each, Reference) for each in references(value)):
                found = {each.address for each in plan.resolve(plan.resources[address].get(name))}
                assert found == wanted, (address, name)
                compared += bool(wanted)
    assert compared >= 15


def test_known_values_are_the_same(plan: Configuration, source: Configuration) -> None:
    for configuration in (plan, source):
        group = configuration.resources["aws_security_group.g"]
        assert sorted(each.text("from_port") for each in group.blocks("ingress")) == ["443", "80"]
        assert configuration.resources["aws_subnet.s[1]"].text("cidr_block") == "10.0.1.0/24"
        assert configuration.resources['module.m["b"].aws_security_group.in'].text("name") == "b"
        assert configuration.resources["aws_lb.lb"].flag("internal")
        queue = configuration.resources["aws_sqs_queue.q"]
        assert document(queue.get("policy"), configuration).statements[0].is_for_everyone()


def test_blocks_of_sets_keep_their_own_references(plan: Configuration) -> None:
    """A plan has the values of sets in an order of its own."""
    certificates = {
        block.number("lb_port"): [each.address for each in plan.resolve(block.get("ssl_certificate_id"))]
        for block in plan.resources["aws_elb.two"].blocks("listener")
    }
    assert certificates == {
        443: ["aws_iam_server_certificate.a"],
        444: ["aws_iam_server_certificate.b"],
        445: [],
    }


def test_blocks_that_are_attributes_share_their_references(plan: Configuration) -> None:
    """Of these a plan tells all references together: an unknown value may be any of them, a known one is none."""
    for block in plan.resources["aws_security_group.two"].blocks("ingress"):
        assert [each.address for each in plan.resolve(block.get("security_groups"))] == [
            'module.m["a"].aws_security_group.in',
            'module.m["b"].aws_security_group.in',
        ]
        assert plan.resolve(block.get("protocol")) == ()


def test_what_dynamic_blocks_refer_to_is_unknown(plan: Configuration) -> None:
    """A plan does not say how dynamic blocks are written; that must not look like nothing being set."""
    for block in plan.resources["aws_security_group.g"].blocks("ingress"):
        assert isinstance(block.get("security_groups"), Unknown)
        assert block.values("cidr_blocks") == ()


def test_dynamic_blocks_of_nobody_knows_what_are_unknown(plan: Configuration) -> None:
    """A plan shows neither them nor that they are written."""
    with pytest.raises(UnknownValue):
        plan.resources["aws_elb.dynamic"].blocks("listener")
    for block in plan.resources["aws_security_group.dynamic"].blocks("ingress"):
        assert isinstance(block.get("cidr_blocks"), Unknown)


def test_a_group_without_rules_has_none(plan: Configuration) -> None:
    """A plan has its rules as unknown, because AWS decides what nobody wrote."""
    group = plan.resources["aws_security_group.without_rules"]
    assert group.blocks("ingress") == group.blocks("egress") == ()


def test_documents_are_read_before_they_are_known(plan: Configuration) -> None:
    policy = plan.resources['aws_sns_topic_policy.p["b"]']
    (statement,) = document(policy.get("policy"), plan).statements
    assert statement.is_for_everyone()
    assert statement.covers_resource(plan.resources['aws_sns_topic.topics["b"]'], plan)
    assert not statement.covers_resource(plan.resources['aws_sns_topic.topics["a"]'], plan)


def test_what_nobody_set_is_not_set(plan: Configuration) -> None:
    """AWS's own choice is unknown in a plan, but it is not something that the configuration set."""
    assert plan.resources["aws_vpc.v"].get("arn") is None
    assert not plan.resources['aws_sns_topic.topics["a"]'].has("kms_master_key_id")


def test_unknown_variables_stay_unknown() -> None:
    """A plan in which a value is unknown and refers to no resource, as of a variable of another workspace."""
    planned = Planned(
        "aws_lb.x",
        {"subnets": ["a"]},
        {"internal": True, "subnets": [False, True]},
        {"internal": {"references": ["local.internal"]}, "subnets": {"references": ["local.subnets"]}},
    )
    resource = load_plan(plan_of(planned), "plan.json").resources["aws_lb.x"]
    internal = resource.get("internal")
    assert isinstance(internal, Unknown)
    assert internal.expression == "local.internal"
    known, unknown = resource.values("subnets")
    assert known == "a"
    assert isinstance(unknown, Unknown)


def test_json_blocks_have_references_where_texts_are_constants() -> None:
    """Terraform tells `"${aws_msk_cluster.c.arn}"` in a block of JSON as a constant with references."""
    servers = {
        "constant_value": "${aws_msk_cluster.c.arn}",
        "references": ["aws_msk_cluster.c.arn", "aws_msk_cluster.c"],
    }
    groups = {"references": ["aws_security_group.g.id", "aws_security_group.g"]}
    connector = Planned(
        "aws_mskconnect_connector.c",
        {"cluster": [{"bootstrap_servers": "b-1:9098", "vpc": [{}]}]},
        {"cluster": [{"vpc": [{"security_groups": True}]}]},
        {"cluster": [{"bootstrap_servers": servers, "vpc": [{"security_groups": groups}]}]},
    )
    configuration = load_plan(plan_of(connector, Planned("aws_security_group.g", {})), "plan.json")
    (cluster,) = configuration.resources["aws_mskconnect_connector.c"].blocks("cluster")
    found = cluster.blocks("vpc")[0].get("security_groups")
    assert [each.address for each in configuration.resolve(found)] == ["aws_security_group.g"]
