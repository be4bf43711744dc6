"""Terraform's language: what expressions, blocks and modules amount to."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.library.terraform.evaluate import Scope, compute
from policies.library.terraform.files import read_directory
from policies.library.terraform.module import Module, World
from policies.library.terraform.parse import parse_body, parse_template
from policies.library.terraform.syntax import SyntaxFault
from policies.library.values import Linked, Partial, Reference, Unknown, Value, freeze
from tests.support.programs import ask_terraform
from tests.support.reading import Load

EXPRESSIONS = [
    "1 + 2 * 3 - 4 / 2",
    "-3 % 2 == -1 && !(1 > 2)",
    '1 < 2 ? "yes" : "no"',
    "true || false && false",
    '"a${1 + 1}b${true}c"',
    '"${[1, 2]}"',
    '"$${literal} %%{literal} \\"quoted\\" \\t \\u00e9"',
    '"%{ if 1 == 1 }yes%{ else }no%{ endif }"',
    '"%{ for each in ["a", "b"] }<${each}>%{ endfor }"',
    '[for index, item in ["a", "b"] : "${index}${item}"]',
    "{for key, value in {a = 1, b = 2} : upper(key) => value * 2 if value > 1}",
    '{for item in ["aa", "ab", "b"] : substr(item, 0, 1) => item...}',
    '[for pair in setproduct([1, 2], ["a"]) : pair[1]]',
    '{a = 1, "b c" = [1, {d = null}], ("e") = 2}',
    "[{a = [{b = 1}, {b = 2}]}][0].a[*].b",
    "[{a = 1}, {a = 2}].*.a",
    "{a = {b = [10, 20]}}.a.b[1]",
    '{a = 1}["a"]',
    "concat([1], [2, 3], [])",
    "merge({a = 1, b = 1}, {b = 2})",
    "flatten([[1, [2]], [], [3]])",
    'distinct(["b", "a", "b"])',
    'compact(["a", "", null])',
    'coalesce("", null, "x")',
    'element(["a", "b", "c"], 4)',
    'lookup({a = 1}, "b", 2)',
    'try({a = 1}.b, {a = 1}.c, "fallback")',
    "can({a = 1}.b)",
    'contains(["a"], "a")',
    'length([1, 2]) + length({a = 1}) + length("abc")',
    "keys({b = 1, a = 2})",
    "values({b = 1, a = 2})",
    'zipmap(["a", "b"], [1, 2])',
    'toset(["b", "a", "b"])',
    'setunion(["a"], ["b"])',
    'setintersection(["a", "b"], ["b"])',
    'setsubtract(["a", "b"], ["b"])',
    'join(", ", ["a", "b"])',
    'split(",", "a,b")',
    'format("%s-%d-%03d-%q-%v%%", "a", 5, 7, "q", true)',
    'formatlist("%s/%s", ["a", "b"], "c")',
    'replace("a-b-c", "-", "_")',
    'replace("a1b22", "/[0-9]+/", "#")',
    'regex("[a-z]+", "12ab")',
    'regexall("[0-9]", "a1b2")',
    'replace("a1b2", "/([a-z])(?P<n>[0-9])/", "$${n}$1")',
    'matchkeys(["a", "b"], [1, 2], [2])',
    'transpose({a = ["1", "2"], b = ["2"]})',
    '[for key, value in toset(["b", "a"]) : "${key}${value}"]',
    '[for key, value in ["b", "a"] : "${key}${value}"]',
    'setsubtract(["b", "a", "c"], ["a"])',
    "pow(2, 10) + log(8, 2) + signum(-5)",
    'cidrnetmask("10.0.0.0/20")',
    'yamldecode("a: 1\\nb: [x, true]\\nc: {d: 2020-01-01}").b',
    "yamldecode(yamlencode({a = [1, {b = null}]}))",
    'csvdecode("a,b\\n1,2\\n")',
    'urlencode("a b/c?d")',
    'md5("a")',
    'sha256("a")',
    'base64sha256("a")',
    'basename("a/b.txt") == "b.txt" && dirname("a/b.txt") == "a"',
    '"a ${~ "b" ~} c"',
    '"%{ for each in ["a", "b"] ~} <${each}> %{ endfor ~}|"',
    '"a %{~ if true ~} b %{~ else ~} c %{~ endif ~} d"',
    'lookup({}, "a", "b")',
    'element(["a", "b"], 3)',
    "one([])",
    'trimspace("  a ")',
    'trimprefix("prefix-a", "prefix-")',
    'trim("xxaxx", "x")',
    'title("hello world")',
    'substr("hello", 1, -1)',
    "range(3)",
    "range(1, 7, 3)",
    "reverse([1, 2, 3])",
    'sort(["b", "a"])',
    "slice([1, 2, 3, 4], 1, 3)",
    "chunklist([1, 2, 3], 2)",
    'index(["a", "b"], "b")',
    "one([5])",
    "sum([1, 2.5])",
    "max(1, 5, 3) - min(4, 2)",
    "ceil(1.2) + floor(1.8)",
    'tonumber("8080") + 1',
    "tostring(443)",
    'tobool("true")',
    'jsonencode({a = [1, true, null, "x"]})',
    'jsondecode("{\\"a\\": [1, 2]}").a',
    'base64decode(base64encode("text"))',
    'cidrsubnet("10.0.0.0/16", 8, 2)',
    'cidrsubnet("fd00::/48", 16, 3)',
    'cidrsubnets("10.0.0.0/16", 4, 8, 4)',
    'cidrhost("10.0.1.0/24", 5)',
    'alltrue([true, "true"]) && anytrue([false, true])',
    'strcontains("hello", "ell") && startswith("ab", "a") && endswith("ab", "b")',
    "max([1, 2, 3]...)",
    "null == null",
    "1.5e3",
    '"a" == "a" ? {a = 1} : {a = 2}',
    "(1 + 2) * 3",
    'try(jsondecode([1]), "a list")',
    "[1] != null && {} != null && !(null != null)",
    "{a = null, b = [1]} == {a = null, b = [1]}",
    'concat(jsondecode(jsonencode({a = [1]})).a, jsondecode("[2]"))',
    'replace("a b1", "/[[:alpha:]]+[[:space:]]/", "x")',
    'replace("ab", "/(?i)B$/", "c")',
    'regexall("(?<l>[a-z[])(?<n>[0-9]?)", "a1[")',
    'regexall("([^]a])([0-9]?)", "b1]a")',
    'regex("^\\\\w+\\\\z", "ab")',
    'can(regex("(", ""))',
    "[\n  1, # one\n  2, // two\n  /* three */ 3,\n]",
]


def value_of(expression: str) -> Value:
    """The value of an expression in an empty module."""
    world = World(read_directory(Path("/nonexistent")))
    node = parse_body(f"value = {expression}\n").attributes["value"]
    return compute(node, Scope(Module(read_directory(Path("/nonexistent")), "", None, world), {}))


@pytest.fixture(scope="module")
def computed_by_terraform(terraform: str, tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """What Terraform itself makes of the expressions."""
    directory = tmp_path_factory.mktemp("console")
    listed = ",\n".join(f"jsonencode({expression})" for expression in EXPRESSIONS)
    (directory / "main.tf").write_text(f"locals {{\n  values = [{listed}]\n}}\n")
    return [json.loads(text) for text in ask_terraform(terraform, directory, "local.values")]


@pytest.mark.parametrize("at", range(len(EXPRESSIONS)), ids=EXPRESSIONS)
def test_expressions_mean_what_terraform_makes_of_them(at: int, computed_by_terraform: list[Any]) -> None:
    assert value_of(EXPRESSIONS[at]) == freeze(computed_by_terraform[at])


def printable(length: int) -> st.SearchStrategy[str]:
    """Text without control characters, whose escapes differ between JSON and HCL."""
    return st.text(st.characters(exclude_categories=["C"]), max_size=length)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | printable(8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(printable(4), inner, max_size=3),
    max_leaves=8,
)


@given(json_values)
def test_json_survives_encoding_and_decoding(value: Any) -> None:
    literal = json.dumps(value, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")
    assert value_of(f"jsondecode(jsonencode({literal}))") == freeze(value)


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (parse_body, parse_template):
        with contextlib.suppress(SyntaxFault):
            read(text)


@pytest.mark.parametrize(
    "text",
    [
        'resource "a" {',
        "a = ",
        "a = [1",
        'a = "${b"',
        "a = {b = }",
        "a = 1 2",
        "a = <<END\nno end\n",
        'a = "\\ud83d"',
        'a = "%{ for }"',
    ],
)
def test_faults_are_named_with_their_line(text: str) -> None:
    with pytest.raises(SyntaxFault, match=r"^line \d+: .* expected"):
        parse_body(text)


def test_variables_locals_and_settings(load: Load) -> None:
    configuration = load(
        """
        variable "port" {
          type    = number
          default = "80"
        }
        variable "set" {
          default = "default"
        }
        variable "open" {}
        locals {
          both = "${var.port}-${local.name}"
          name = var.set
          self = local.self
        }
        resource "aws_x" "y" {
          both = local.both
          port = var.port
          open = [var.open, "known"]
          self = local.self
        }
        """,
        files={"terraform.tfvars": 'set = "from file"\n', "b.auto.tfvars": 'set = "from b"\n'},
    )
    resource = configuration.resources["aws_x.y"]
    assert resource.text("both") == "80-from b"
    assert resource.number("port") == 80
    unknown, known = resource.values("open")
    assert isinstance(unknown, Unknown)
    assert unknown.expression == "var.open"
    assert known == "known"
    assert isinstance(resource.get("self"), Unknown)


def test_references(load: Load) -> None:
    configuration = load("""
        resource "aws_bucket" "b" {
          bucket = "name"
        }
        resource "aws_x" "y" {
          arn       = aws_bucket.b.arn
          name      = aws_bucket.b.bucket
          text      = "${aws_bucket.b.arn}/*"
          elsewhere = aws_bucket.missing.arn
          nested    = aws_bucket.b.rules[0].id
          data      = data.aws_ami.a.id
        }
        data "aws_ami" "a" {}
    """)
    resource = configuration.resources["aws_x.y"]
    bucket = configuration.resources["aws_bucket.b"]
    name = resource.get("name")
    assert isinstance(name, Linked)
    assert name == "name"
    text = resource.get("text")
    assert isinstance(text, Partial)
    assert text.parts[1:] == ("/*",)
    for attribute in ("arn", "name", "text", "nested"):
        assert configuration.resolve(resource.get(attribute)) == (bucket,)
    elsewhere = resource.get("elsewhere")
    assert isinstance(elsewhere, Reference)
    assert elsewhere.type == "aws_bucket"
    assert configuration.resolve(elsewhere) == ()
    assert [each.type for each in configuration.resolve(resource.get("data"))] == ["data.aws_ami"]
    assert configuration.referring(bucket, "aws_x", "arn") == (resource,)


def test_count_and_for_each(load: Load) -> None:
    configuration = load("""
        variable "unknown" {}
        resource "aws_none" "none" {
          count = false ? 1 : 0
        }
        resource "aws_subnet" "s" {
          count = 2
          cidr  = cidrsubnet("10.0.0.0/16", 8, count.index)
        }
        resource "aws_each" "e" {
          for_each = { a = 1, b = 2 }
          key      = each.key
          value    = each.value
          subnet   = aws_subnet.s[each.value - 1].id
        }
        resource "aws_chained" "c" {
          for_each = aws_each.e
          each     = each.value.id
        }
        resource "aws_maybe" "m" {
          count = var.unknown
          index = count.index
        }
        resource "aws_all" "a" {
          subnets = aws_subnet.s[*].id
          values  = values(aws_each.e)[*].id
          listed  = [for each in aws_each.e : each.id]
          maybe   = aws_maybe.m[0].id
        }
    """)
    assert not configuration.of_type("aws_none")
    assert [each.text("cidr") for each in configuration.of_type("aws_subnet")] == ["10.0.0.0/24", "10.0.1.0/24"]
    second = configuration.resources['aws_each.e["b"]']
    assert (second.text("key"), second.number("value")) == ("b", 2)
    assert configuration.resolve(second.get("subnet")) == (configuration.resources["aws_subnet.s[1]"],)
    chained = configuration.resources['aws_chained.c["b"]']
    assert configuration.resolve(chained.get("each")) == (second,)
    every = configuration.resources["aws_all.a"]
    assert len(configuration.resolve(every.get("subnets"))) == 2
    assert configuration.resolve(every.get("values")) == configuration.of_type("aws_each")
    assert configuration.resolve(every.get("listed")) == configuration.of_type("aws_each")
    assert configuration.resolve(every.get("maybe")) == configuration.of_type("aws_maybe")
    assert isinstance(configuration.resources["aws_maybe.m"].get("index"), Unknown)


def test_dynamic_blocks(load: Load) -> None:
    configuration = load("""
        variable "unknown" {}
        resource "aws_x" "y" {
          rule {
            port = 1
          }
          dynamic "rule" {
            for_each = [for port in [2, 3] : { port = port, tags = ["t"] }]
            iterator = it
            content {
              port  = it.value.port
              index = it.key
              dynamic "inner" {
                for_each = it.value.tags
                content {
                  tag = "${inner.value}${it.key}"
                }
              }
            }
          }
          dynamic "never" {
            for_each = []
            content {}
          }
          dynamic "perhaps" {
            for_each = var.unknown
            content {
              port = perhaps.value
            }
          }
        }
    """)
    resource = configuration.resources["aws_x.y"]
    assert [block.number("port") for block in resource.blocks("rule")] == [1, 2, 3]
    assert [block.text("tag") for block in resource.blocks("rule")[2].blocks("inner")] == ["t1"]
    assert resource.blocks("never") == ()
    assert not resource.has("never")
    (perhaps,) = resource.values("perhaps")
    assert isinstance(perhaps, Unknown)


MODULE = """
variable "cidr" {}
variable "port" {
  default = 443
}
variable "other" {
  default  = 444
  nullable = false
}
resource "aws_sg" "in" {
  cidr  = var.cidr
  port  = var.port
  other = var.other
}
output "id" {
  value = aws_sg.in.id
}
"""


def test_modules(load: Load) -> None:
    configuration = load(
        """
        module "one" {
          source = "./modules/sg"
          cidr   = aws_vpc.v.cidr_block
        }
        module "each" {
          source   = "./modules/sg"
          for_each = toset(["10.0.0.0/8", "0.0.0.0/0"])
          cidr     = each.key
          port     = null
          other    = null
        }
        module "registry" {
          source = "terraform-aws-modules/vpc/aws"
        }
        resource "aws_vpc" "v" {
          cidr_block = "10.1.0.0/16"
        }
        resource "aws_x" "y" {
          one      = module.one.id
          each     = [for m in module.each : m.id]
          registry = module.registry.vpc_id
        }
        """,
        files={"modules/sg/main.tf": MODULE},
    )
    one = configuration.resources["module.one.aws_sg.in"]
    assert (one.text("cidr"), one.number("port")) == ("10.1.0.0/16", 443)
    world = configuration.resources['module.each["0.0.0.0/0"].aws_sg.in']
    assert (world.text("cidr"), world.get("port"), world.number("other")) == ("0.0.0.0/0", None, 444)
    resource = configuration.resources["aws_x.y"]
    assert configuration.resolve(resource.get("one")) == (one,)
    assert len(configuration.resolve(resource.get("each"))) == 2
    assert isinstance(resource.get("registry"), Unknown)


def test_modules_that_call_themselves_end(load: Load) -> None:
    configuration = load(
        'module "m" {\n  source = "./m"\n}',
        files={"m/main.tf": 'module "m" {\n  source = "../m"\n}\nresource "aws_x" "y" {}\n'},
    )
    assert 0 < len(configuration.of_type("aws_x")) < 20


def test_files_and_templates(load: Load) -> None:
    configuration = load(
        """
        resource "aws_x" "y" {
          file     = file("${path.module}/policy.json")
          template = templatefile("greet.tftpl", { names = ["a", "b"] })
          missing  = file("nowhere.json")
        }
        """,
        files={"policy.json": '{"a": "${not_a_template}"}', "greet.tftpl": "%{ for n in names }hi ${n} %{ endfor }"},
    )
    resource = configuration.resources["aws_x.y"]
    assert resource.text("file") == '{"a": "${not_a_template}"}'
    assert resource.text("template") == "hi a hi b "
    assert isinstance(resource.get("missing"), Unknown)


def test_json_is_read_like_hcl(tmp_path: Path, load: Load) -> None:
    hcl = load("""
        locals {
          ports = [80, 443]
        }
        resource "aws_x" "y" {
          text = "${local.ports[0]}"
          dynamic "rule" {
            for_each = local.ports
            content {
              port = rule.value
            }
          }
        }
    """)
    document = {
        "//": {"metadata": {}},
        "locals": {"ports": [80, 443]},
        "resource": [
            {
                "aws_x": {
                    "y": {
                        "//": {"metadata": {"path": "stack/y"}, "suppressions": {"CKV_1": {"reason": "r"}}},
                        "text": "${local.ports[0]}",
                        "dynamic": {"rule": {"for_each": "${local.ports}", "content": [{"port": "${rule.value}"}]}},
                    }
                }
            }
        ],
    }
    (tmp_path / "main.tf").unlink()
    json_ = load(files={"main.tf.json": json.dumps(document)})
    resource = json_.resources["aws_x.y"]
    assert resource.attributes == hcl.resources["aws_x.y"].attributes
    assert resource.construct_path == "stack/y"
    assert resource.suppressions == {"CKV_1": {"reason": "r"}}


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.tf").write_text('resource "aws_x" {')
    (tmp_path / "broken.tf.json").write_text('{"resource": {"aws_x": "no object"}}')
    (tmp_path / "fine.tf").write_text('resource "aws_x" "y" {}')
    world = World(read_directory(tmp_path))
    assert sorted(path.name for path in world.directory.unreadable) == ["broken.tf", "broken.tf.json"]
    assert list(world.instances) == ["aws_x.y"]
