"""What decides over a module from outside its files: types of variables, settings, override files, fetched modules."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from policies.library.terraform.files import read_directory
from policies.library.terraform.load import load_directory
from policies.library.terraform.module import World
from policies.library.values import Reference, Unknown, UnknownValue, freeze
from tests.support.helpers import write_files
from tests.support.programs import ask_terraform
from tests.support.reading import Load

TYPES: Mapping[str, tuple[str, str]] = {
    "string": ("string", "443"),
    "number": ("number", '"443"'),
    "boolean": ("bool", '"true"'),
    "any": ("any", '{ a = ["1", 2] }'),
    "list_of_numbers": ("list(number)", '["1", 2]'),
    "set_of_texts": ("set(string)", '["b", "a", "b"]'),
    "map_of_texts": ("map(string)", "{ a = 1, b = true }"),
    "pair": ("tuple([string, number])", '[1, "2"]'),
    "object": ("object({ a = number, b = optional(string), c = optional(string, 5) })", '{ a = "1", other = 2 }'),
    "null_takes_the_default": ("object({ a = optional(list(string), [1]) })", "{ a = null }"),
    "nested": (
        'list(object({ cidr = optional(string, "0.0.0.0/0"), ports = optional(list(object({ port = number }))) }))',
        '[{}, { cidr = "10.0.0.0/8", ports = [{ port = "443" }] }]',
    ),
}
"""Name of a variable -> its type and its default."""

OVERRIDDEN = {
    "main.tf": """
        variable "overridden" {
          type    = string
          default = "main"
        }
        locals {
          overridden = "main"
          kept       = "main"
        }
        output "overridden" {
          value = "main"
        }
    """,
    "override.tf": """
        variable "overridden" {
          default = 1
        }
        locals {
          overridden = "override"
        }
        output "overridden" {
          value = "override"
        }
    """,
    "z_override.tf.json": '{"variable": {"overridden": {"default": 2}}}',
}


def by_terraform(terraform: str, directory: Path, expression: str) -> object:
    """What Terraform's console says of an expression, as ours are."""
    return freeze(ask_terraform(terraform, directory, expression))


def test_values_are_converted_to_the_types_of_variables(terraform: str, tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "main.tf": "\n".join(
                f'variable "{name}" {{\n  type = {kind}\n  default = {default}\n}}'
                for name, (kind, default) in TYPES.items()
            )
        },
    )
    module = World(read_directory(tmp_path)).root
    read = {name: module.named("var", name) for name in TYPES}
    listed = ", ".join(f"{name} = var.{name}" for name in TYPES)
    assert read == by_terraform(terraform, tmp_path, f"{{{listed}}}")


def test_overrides_replace_what_terraform_replaces(terraform: str, tmp_path: Path) -> None:
    module = World(read_directory(write_files(tmp_path, OVERRIDDEN))).root
    read = {"variable": module.named("var", "overridden"), **module.directory.locals}
    assert read["variable"] == by_terraform(terraform, tmp_path, "var.overridden") == "2"
    for name in ("overridden", "kept"):
        assert module.named("local", name) == by_terraform(terraform, tmp_path, f"local.{name}")
    assert module.output("overridden") == "override"


def test_overrides_of_resources(load: Load) -> None:
    configuration = load(
        """
        resource "aws_sg" "g" {
          name        = "main"
          description = "main"
          ingress {
            port = 22
          }
          ingress {
            port = 23
          }
          dynamic "egress" {
            for_each = [1, 2]
            content {
              port = egress.value
            }
          }
          timeouts {
            create = "1m"
          }
        }
        data "aws_ami" "a" {
          owner = "main"
        }
        """,
        files={
            "a_override.tf": """
                resource "aws_sg" "g" {
                  name = "override"
                  ingress {
                    port = 443
                  }
                  egress {
                    port = 8443
                  }
                }
                data "aws_ami" "a" {
                  owner = "override"
                }
            """
        },
    )
    group = configuration.resources["aws_sg.g"]
    assert (group.text("name"), group.text("description")) == ("override", "main")
    assert [block.number("port") for block in group.blocks("ingress")] == [443]
    assert [block.number("port") for block in group.blocks("egress")] == [8443]
    assert [block.text("create") for block in group.blocks("timeouts")] == ["1m"]
    assert Path(group.file).name == "main.tf"
    assert configuration.resources["data.aws_ami.a"].text("owner") == "override"


def test_an_override_of_nothing_is_named(tmp_path: Path) -> None:
    write_files(tmp_path, {"main.tf": "", "override.tf": 'resource "aws_x" "y" {}'})
    configuration, unreadable = load_directory(tmp_path)
    assert not configuration.resources
    assert unreadable == {tmp_path / "override.tf": "overrides aws_x.y, which no other file declares"}


def test_settings_in_json(load: Load) -> None:
    configuration = load(
        'variable "a" {}\nvariable "b" {}\nresource "aws_x" "y" {\n  a = var.a\n  b = var.b\n}',
        files={
            "terraform.tfvars.json": '{"a": ["${no template}"], "b": 1}',
            "a.auto.tfvars.json": '{"b": {"c": 2}}',
            "other.tfvars": 'a = "not read"',
        },
    )
    resource = configuration.resources["aws_x.y"]
    assert resource.texts("a") == ("${no template}",)
    assert resource.mapping("b") == {"c": 2}


@pytest.mark.parametrize("name", ["terraform.tfvars", "x.auto.tfvars", "terraform.tfvars.json"])
def test_settings_that_cannot_be_read_leave_variables_unknown(name: str, tmp_path: Path) -> None:
    write_files(
        tmp_path, {"main.tf": 'variable "a" {\n  default = 1\n}\nresource "aws_x" "y" {\n  a = var.a\n}', name: "["}
    )
    configuration, unreadable = load_directory(tmp_path)
    assert list(unreadable) == [tmp_path / name]
    with pytest.raises(UnknownValue, match="a tfvars file cannot be read"):
        configuration.resources["aws_x.y"].number("a")


def test_modules_that_init_fetched_are_read(tmp_path: Path) -> None:
    keys = [("", "."), ("vpc", ".terraform/modules/vpc"), ("vpc.inner", ".terraform/modules/vpc.inner/sub")]
    listed = {"Modules": [{"Key": key, "Source": "registry", "Dir": directory} for key, directory in keys]}
    write_files(
        tmp_path,
        {
            "main.tf": 'module "vpc" {\n  source = "terraform-aws-modules/vpc/aws"\n  count = 2\n}\n'
            'module "other" {\n  source = "other/other/aws"\n}\nresource "aws_x" "y" {\n  id = module.vpc[1].id\n}',
            ".terraform/modules/modules.json": json.dumps(listed),
            ".terraform/modules/vpc/main.tf": 'module "inner" {\n  source = "x/y/z//sub"\n}\n'
            'output "id" {\n  value = module.inner.id\n}',
            ".terraform/modules/vpc.inner/sub/main.tf": 'resource "aws_vpc" "v" {}\n'
            'output "id" {\n  value = aws_vpc.v.id\n}',
        },
    )
    configuration, unreadable = load_directory(tmp_path)
    assert not unreadable
    assert sorted(configuration.resources) == [
        "aws_x.y",
        "module.vpc[0].module.inner.aws_vpc.v",
        "module.vpc[1].module.inner.aws_vpc.v",
    ]
    value = configuration.resources["aws_x.y"].get("id")
    assert isinstance(value, Reference)
    assert value.address == "module.vpc[1].module.inner.aws_vpc.v"


def test_paths_are_those_of_the_root(load: Load) -> None:
    configuration = load(
        'module "m" {\n  source = "./m"\n}',
        files={
            "m/main.tf": 'resource "aws_x" "y" {\n  root = file("a.txt")\n  own = file("${path.module}/a.txt")\n'
            '  names = fileset("${path.root}/m", "*.txt")\n  hash = filesha256("a.txt")\n}',
            "m/a.txt": "module",
            "a.txt": "root",
        },
    )
    resource = configuration.resources["module.m.aws_x.y"]
    assert (resource.text("root"), resource.text("own"), resource.texts("names")) == ("root", "module", ("a.txt",))
    assert resource.text("hash").startswith("4813494d137e1631")


def test_the_data_source_template_file(load: Load) -> None:
    configuration = load("""
        resource "aws_bucket" "b" {}
        data "template_file" "policy" {
          template = <<-END
            {"Resource": "$${bucket}", "Name": "$${name}"}
          END
          vars = {
            bucket = aws_bucket.b.arn
            name   = "n"
          }
        }
        resource "aws_x" "y" {
          policy = data.template_file.policy.rendered
        }
    """)
    policy = configuration.resources["aws_x.y"].get("policy")
    assert [each.address for each in configuration.resolve(policy)] == ["aws_bucket.b"]
    assert policy.parts[-1] == '", "Name": "n"}\n'  # type: ignore[union-attr]


def test_what_blocks_do_not_set_is_unknown_and_what_maps_lack_is_missing(load: Load) -> None:
    configuration = load("""
        resource "aws_a" "a" {
          config {
            name = "n"
          }
          tags = {
            a = "b"
          }
        }
        resource "aws_x" "y" {
          known    = aws_a.a.config[0].name
          computed = try(aws_a.a.config[0].id, "fallback")
          missing  = try(aws_a.a.tags["c"], "fallback")
          many     = [for each in aws_b.elsewhere : each.id]
          sliced   = { for at, zone in slice(data.aws_zones.z.names, 0, 2) : at => zone }
        }
    """)
    resource = configuration.resources["aws_x.y"]
    assert (resource.text("known"), resource.text("missing")) == ("n", "fallback")
    computed = resource.get("computed")
    assert isinstance(computed, Reference)
    assert (computed.address, computed.attribute) == ("aws_a.a", "config[].id")
    (each,) = resource.values("many")
    assert isinstance(each, Reference)
    assert each.type == "aws_b"
    assert sorted(resource.mapping("sliced")) == ["0", "1"]


@pytest.mark.parametrize(
    "expression",
    [
        "try(zipmap(var.keys, [1]), {})",
        "lookup({a = 1}, var.keys, 2)",
        'format("%s", var.keys)',
        "can(var.keys.a)",
        "element(var.keys, 0)",
        "alltrue(var.keys)",
        "var.keys ? 1 : 2",
    ],
)
def test_what_depends_on_something_unknown_is_unknown(expression: str, load: Load) -> None:
    configuration = load(f'variable "keys" {{}}\nresource "aws_x" "y" {{\n  value = {expression}\n}}')
    assert isinstance(configuration.resources["aws_x.y"].get("value"), Unknown)


def test_modules_that_terraform_init_laid_out_call_others_beside_them(tmp_path: Path) -> None:
    files = {
        "main.tf": 'module "outer" {\n  source   = "example/outer/aws"\n  for_each = { "a.b" = 1 }\n}\n',
        ".terraform/modules/modules.json": json.dumps(
            {
                "Modules": [
                    {"Key": "", "Source": "", "Dir": "."},
                    {"Key": "outer", "Source": "example/outer/aws", "Dir": ".terraform/modules/outer"},
                    {"Key": "outer.inner", "Source": "./inner", "Dir": ".terraform/modules/outer/inner"},
                    {
                        "Key": "outer.inner.far",
                        "Source": "example/far/aws",
                        "Dir": ".terraform/modules/outer.inner.far/m",
                    },
                ]
            }
        ),
        ".terraform/modules/outer/main.tf": 'module "inner" {\n  source = "./inner"\n}\n',
        ".terraform/modules/outer/inner/main.tf": 'module "far" {\n  source = "example/far/aws//m"\n}\n',
        ".terraform/modules/outer.inner.far/m/main.tf": 'resource "aws_x" "y" {\n}\n',
    }
    configuration, unreadable = load_directory(write_files(tmp_path, files))
    assert not unreadable
    assert not configuration.gaps
    assert list(configuration.resources) == ['module.outer["a.b"].module.inner.module.far.aws_x.y']


def test_a_resource_may_be_named_with_the_word_resource(load: Load) -> None:
    configuration = load("""
        resource "aws_vpc" "v" {
          cidr_block = "10.0.0.0/16"
        }
        resource "aws_x" "y" {
          a = [resource.aws_vpc.v.id]
          b = resource.aws_vpc.v.cidr_block
        }
    """)
    user = configuration.resources["aws_x.y"]
    assert [each.address for each in configuration.resolve(user.get("a"))] == ["aws_vpc.v"]
    assert user.text("b") == "10.0.0.0/16"
