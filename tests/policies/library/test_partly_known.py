"""What is known of values in which something is unknown: nothing that is unknown is taken for known, or lost."""

from __future__ import annotations

import pytest

from policies.library.documents import document
from policies.library.model import Configuration, Resource
from policies.library.values import Partial, Reference, UnknownValue, Value, alternatives
from tests.support.reading import Load

_UNKNOWN = """
variable "x" {
}
provider "aws" {
  region = "eu-west-1"
}
provider "aws" {
  alias  = "elsewhere"
  region = var.x
}
data "aws_region" "here" {
}
data "aws_region" "elsewhere" {
  provider = aws.elsewhere
}
data "aws_availability_zones" "all" {
}
locals {
  zones = slice(data.aws_availability_zones.all.names, 0, 2)
}
resource "aws_bucket" "b" {
}
"""


def _resource(load: Load, expression: str) -> Resource:
    configuration = load(f'{_UNKNOWN}resource "aws_x" "y" {{\n  a = {expression}\n}}\n')
    return configuration.resources["aws_x.y"]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("[var.x] != null", True),
        ("{ a = var.x } == null", False),
        ("aws_bucket.b.arn == null", False),
        ('"a${var.x}" != null', True),
        ("[var.x] == [var.x, 1]", False),
        ("{ a = var.x, b = 1 } == { a = var.x, b = 2 }", False),
        ("var.x == var.x", True),
        ("contains([var.x, 1], 1)", True),
        ("length([var.x, 1])", 2),
        ('try(jsondecode([var.x]), "no text")', "no text"),
        ("can(jsondecode({ a = var.x }))", False),
        ("jsondecode(jsonencode({ a = [var.x, 7] })).a[1]", 7),
        ("concat([var.x], [8])[1]", 8),
        ("merge({ a = var.x, b = 1 }, { b = 2 }).b", 2),
        ('lookup({ a = 1, b = var.x }, "a", 3)', 1),
        ('coalesce(null, "", "first", var.x)', "first"),
        ("(var.x ? { a = 1, b = 2 } : { a = 1, b = 3 }).a", 1),
        ('provider::aws::arn_build("aws", "iam", "", "111122223333", "root")', "arn:aws:iam::111122223333:root"),
        ('provider::mine::arn_parse("arn:aws:s3:::b:c").resource', "b:c"),
        ('provider::aws::arn_parse("arn:aws:iam::${var.x}:root").service', "iam"),
        (
            'provider::aws::trim_iam_role_path("arn:aws:iam::1:role/a/b/c")',
            "arn:aws:iam::1:role/c",
        ),
        ('provider::terraform::decode_tfvars("a = [1, { b = true }]").a[1].b', True),
        ('core::upper("a")', "A"),
        ("data.aws_region.here.name", "eu-west-1"),
        ("data.aws_region.here.region", "eu-west-1"),
        ('[for id, name in { "eu-west-1" = "e" } : name if id == data.aws_region.here.id][0]', "e"),
        ("length({ for zone in local.zones : zone => 1 })", 2),
        ("{ for at, zone in local.zones : zone => at }[local.zones[1]]", 1),
        ("zipmap(local.zones, [7, 8])[local.zones[0]]", 7),
        ("lookup(zipmap(local.zones, [7, 8]), local.zones[0], 9)", 7),
        ("lookup({ (local.zones[0]) = 7 }, local.zones[1], 7)", 7),
        ("length(sort([aws_bucket.b.arn, var.x]))", 2),
    ],
)
def test_what_is_unknown_does_not_matter_where_it_does_not_decide(expression: str, value: Value, load: Load) -> None:
    assert _resource(load, expression).get("a") == value


@pytest.mark.parametrize(
    "expression",
    [
        "var.x != null",
        "[var.x] == [1]",
        "contains([var.x], 1)",
        "try(jsondecode(var.x), 1)",
        "index([var.x, 1], 1)",
        "setsubtract([1, 2], [var.x])",
        'coalesce(var.x, "y")',
        "lookup({ a = 1, b = 2 }, var.x, 3)",
        'replace(var.x, "a", "b")',
        "provider::aws::nobody_knows(1)",
        'provider::aws::arn_parse("no arn")',
        "data.aws_region.elsewhere.name",
        '{ for zone in local.zones : zone => 1 }["eu-west-1a"]',
        'lookup({ for zone in local.zones : zone => 1 }, "eu-west-1a", 2)',
        'merge({ for zone in local.zones : zone => 1 }, { "eu-west-1a" = 2 })["eu-west-1a"]',
        "{ for zone in local.zones : zone => 1 } == { a = 1, b = 1 }",
        'contains(keys({ for zone in local.zones : zone => 1 }), "eu-west-1a")',
        "jsonencode({ for zone in local.zones : zone => 1 })",
        "{ for zone in local.zones : zone => 1 }",
        '{ (var.x) = 1, (upper(var.x)) = 2 }["a"]',
        "values(zipmap(local.zones, [7, 8]))[0]",
        'sort([aws_bucket.b.arn, "a"])[0]',
        'element(compact(sort([aws_bucket.b.arn, "a"])), 0)',
        '[for each in sort([aws_bucket.b.arn, "a"]) : each][0]',
    ],
)
def test_what_is_unknown_and_decides_is_unknown(expression: str, load: Load) -> None:
    with pytest.raises(UnknownValue):
        bool(_resource(load, expression).get("a"))


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("var.x", "aws_x.y.a = var.x (the variable has no value here)"),
        ("upper(var.x)", "aws_x.y.a = upper(var.x) (var.x: the variable has no value here)"),
        ("local.nowhere", "aws_x.y.a = local.nowhere (no such local value is declared)"),
        ("aws_bucket.b.arn", "aws_x.y.a = aws_bucket.b.arn"),
        ("upper(aws_bucket.b.arn)", "aws_x.y.a = upper(aws_bucket.b.arn)"),
        ("cidrsubnet(1, 2, 3)", "aws_x.y.a = cidrsubnet(1, 2, 3) ('1' does not appear to be"),
        ("bcrypt(1)", "aws_x.y.a = bcrypt(1) (what the function bcrypt gives is not worked out here)"),
    ],
)
def test_the_reason_says_why_a_value_is_unknown(expression: str, message: str, load: Load) -> None:
    with pytest.raises(UnknownValue) as raised:
        _resource(load, expression).text("a")
    assert str(raised.value).startswith(message)


def test_text_of_a_reference_alone_is_the_reference(load: Load) -> None:
    value = _resource(load, 'join("", aws_bucket.b[*].arn)').get("a")
    assert isinstance(value, Reference)
    assert (value.address, value.attribute) == ("aws_bucket.b", "arn")


def test_a_set_of_unknown_names_makes_one_of_each(load: Load) -> None:
    configuration = load("""
        data "aws_availability_zones" "all" {
        }
        locals {
          zones = slice(data.aws_availability_zones.all.names, 0, 2)
        }
        resource "aws_subnet" "a" {
          for_each = toset([for zone in local.zones : "private/${zone}"])
          zone     = split("/", each.key)[1]
        }
        resource "aws_route_table" "t" {
          for_each = aws_subnet.a
          subnet   = each.value.id
        }
        resource "aws_route" "r" {
          for_each = { for zone in local.zones : zone => zone }
          table    = aws_route_table.t["private/${each.key}"].id
          tags     = { (each.key) = "yes" }
        }
        resource "aws_flow_log" "unknown" {
          for_each = toset(concat(data.aws_availability_zones.all.names, ["a"]))
        }
    """)
    zones = [f"${{data.aws_availability_zones.all.names[{at}]}}" for at in (0, 1)]
    assert [each.address for each in configuration.of_type("aws_subnet")] == [
        f'aws_subnet.a["private/{zone}"]' for zone in zones
    ]
    assert not any(each.number_unknown for each in configuration.of_type("aws_subnet", "aws_route_table", "aws_route"))
    for subnet, table, route in zip(
        *map(configuration.of_type, ("aws_subnet", "aws_route_table", "aws_route")), strict=True
    ):
        assert configuration.resolve(table.get("subnet")) == (subnet,)
        assert configuration.resolve(route.get("table")) == (table,)
        with pytest.raises(UnknownValue):
            route.mapping("tags")
    (log,) = configuration.of_type("aws_flow_log")
    assert log.number_unknown


def test_one_of_several_values_is_known_where_they_mean_the_same(load: Load) -> None:
    assert _resource(load, "var.x ? null : false").flag("a") is False
    assert _resource(load, 'var.x ? "443" : 443').number("a") == 443
    for expression in ("var.x ? true : false", "var.x ? var.x : false"):
        with pytest.raises(UnknownValue, match="the variable has no value here"):
            _resource(load, expression).flag("a")
    assert not _resource(load, 'var.x ? null : ""').has("a")
    assert _resource(load, 'var.x ? null : "a"').has("a")


def test_objects_of_each_value_have_their_defaults(load: Load) -> None:
    configuration = load("""
        variable "queues" {
          type = map(object({ name = optional(string), seconds = optional(number, 300) }))
        }
        variable "known" {
          type = map(object({ key = optional(string), encrypted = optional(bool, true) }))
          default = { a = { key = null } }
        }
        resource "aws_queue" "q" {
          for_each  = var.known
          encrypted = each.value.encrypted
          key       = each.value.key
        }
    """)
    (queue,) = configuration.of_type("aws_queue")
    assert queue.flag("encrypted") is True
    assert not queue.has("key")


_DOCUMENT = """
data "aws_iam_policy_document" "tls" {
  statement {
    sid       = "Tls"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_bucket.b.arn, "${aws_bucket.b.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}
data "aws_iam_policy_document" "all" {
  source_policy_documents   = [data.aws_iam_policy_document.tls.json]
  override_policy_documents = [jsonencode({ Statement = { Sid = "Own", Effect = "Deny" } })]
  statement {
    sid     = "Own"
    actions = ["s3:GetObject"]
    not_principals {
      type        = "AWS"
      identifiers = ["a", "b"]
    }
  }
  dynamic "statement" {
    for_each = { first = "s3:PutObject", second = "s3:PutObjectAcl" }
    content {
      sid     = statement.key
      actions = [statement.value]
    }
  }
}
"""


def _policy(load: Load, expression: str) -> tuple[Value, Configuration]:
    configuration = load(f'{_UNKNOWN}{_DOCUMENT}resource "aws_x" "y" {{\n  a = {expression}\n}}\n')
    return configuration.resources["aws_x.y"].get("a"), configuration


def test_a_policy_document_of_a_data_source_can_be_decoded(load: Load) -> None:
    statements, configuration = _policy(load, "jsondecode(data.aws_iam_policy_document.all.json).Statement")
    assert isinstance(statements, tuple)
    assert [each["Sid"] for each in statements if isinstance(each, dict)] == ["Tls", "Own", "first", "second"]
    tls, own, first, _ = statements
    assert isinstance(tls, dict)
    assert tls["Principal"] == "*"
    assert tls["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert configuration.resolve(tls["Resource"]) == configuration.of_type("aws_bucket")
    assert own == {"Sid": "Own", "Effect": "Deny"}
    assert first == {"Sid": "first", "Effect": "Allow", "Action": "s3:PutObject"}


def test_a_document_is_the_same_read_as_it_is_and_decoded(load: Load) -> None:
    direct, configuration = _policy(load, "data.aws_iam_policy_document.all.json")
    decoded, _ = _policy(load, "jsonencode(jsondecode(data.aws_iam_policy_document.all.json))")
    assert isinstance(decoded, Partial)
    for one, other in zip(
        document(direct, configuration).statements, document(decoded, configuration).statements, strict=True
    ):
        assert (one.sid, one.effect, one.actions) == (other.sid, other.effect, other.actions)


def test_placeholders_in_a_document_are_replaced(load: Load) -> None:
    expression = 'jsondecode(replace(data.aws_iam_policy_document.tls.json, "Tls", var.x)).Statement[0].Sid'
    with pytest.raises(UnknownValue):  # what is as short may be in an ARN too
        bool(_policy(load, expression)[0])
    named = expression.replace('"Tls"', '"aws:Secure').replace("var.x", '"aws:Insecure"')
    conditions, _ = _policy(load, named.replace('"aws:Secure', '"aws:Secure"').replace("Sid", "Condition.Bool"))
    assert conditions == {"aws:InsecureTransport": "false"}


def test_a_list_in_text_can_be_split(load: Load) -> None:
    resource = _resource(load, 'split(",", join(",", [aws_bucket.b.id, "b", aws_bucket.b.arn]))')
    first, second, third = resource.values("a")
    assert second == "b"
    assert [each.attribute for each in (first, third) if isinstance(each, Reference)] == ["id", "arn"]


def test_a_document_of_which_the_statements_are_unknown_is_unknown(load: Load) -> None:
    configuration = load(f"""{_UNKNOWN}
        data "aws_iam_policy_document" "d" {{
          dynamic "statement" {{
            for_each = var.x
            content {{
              actions = [statement.value]
            }}
          }}
        }}
        resource "aws_x" "y" {{
          a = jsondecode(data.aws_iam_policy_document.d.json).Statement
        }}
    """)
    with pytest.raises(UnknownValue):
        bool(configuration.resources["aws_x.y"].get("a"))


def test_files_of_opentofu_replace_those_of_terraform(load: Load) -> None:
    resource = 'resource "aws_x" "{}" {{\n  a = {}\n}}\n'
    configuration = load(
        resource.format("main", 1),
        files={
            "main.tofu": resource.format("main", 2),
            "other.tf.json": '{"resource": {"aws_x": {"other": {"a": 1}}}}',
            "other.tofu.json": '{"resource": {"aws_x": {"other": {"a": 2}}}}',
            "more.tofu": resource.format("more", 1),
            "more_override.tofu": resource.format("more", 2),
        },
    )
    assert {each.name: each.get("a") for each in configuration.of_type("aws_x")} == {"main": 2, "other": 2, "more": 2}


def test_what_some_of_known_items_make_has_one_of_their_values(load: Load) -> None:
    configuration = load("""
        data "aws_region" "here" {}
        locals {
          networks = {
            a = { region = "us-east-1", cidr = "10.0.0.0/8" }
            b = { region = "eu-west-1", cidr = "10.1.0.0/16" }
          }
        }
        resource "aws_x" "y" {
          for_each = { for name, each in local.networks : name => each if each.region == data.aws_region.here.name }
          a        = each.value.cidr
          b        = each.value.cidr == "0.0.0.0/0"
        }
        resource "aws_x" "z" {
          for_each = { for name, each in local.networks : name => each if each.region == data.aws_region.here.region }
        }
    """)
    some, others = configuration.resources["aws_x.y"], configuration.resources["aws_x.z"]
    assert set(alternatives(some.get("a"))) == {"10.0.0.0/8", "10.1.0.0/16"}
    assert some.flag("b", default=True) is False
    assert some.number_unknown
    assert not some.is_made_with(others)
