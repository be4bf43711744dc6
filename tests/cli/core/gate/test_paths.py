"""The gate on Terraform that this toolkit did not make: HCL with modules, JSON, plans, and mixtures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cli.core.base.errors import ExitCode
from cli.core.gate.gate import UnknownRule, broken_outcome
from cli.core.gate.model import OffRule, Request, Selection
from cli.core.gate.targets import at_path
from tests.support.gates import checks, found, gate, kinds, rule, terraform, topics
from tests.support.helpers import write_files

OURS = ("CKV2_MEALS_901",)

MAIN = """
variable "names" {
  default = ["meals", "other"]
}

resource "aws_sns_topic" "each" {
  for_each = toset(var.names)
  name     = each.key
}

resource "aws_sns_topic" "none" {
  count = 0
  name  = "other"
}

module "inner" {
  source = "./inner"
  name   = "other"
}

module "outer" {
  source = "../beside"
}
"""

INNER = """
variable "name" {}

resource "aws_sns_topic" "t" {
  name = var.name
}
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A directory with one rule."""
    return checks(tmp_path, {"meals_topic.py": rule()})


@pytest.fixture
def hcl(tmp_path: Path) -> Path:
    """A root module with count, for_each and two modules, one of them beside it."""
    terraform(tmp_path, 'resource "aws_sns_topic" "beside" {\n  name = "meals"\n}\n', "../beside/main.tf")
    terraform(tmp_path, "# nothing but a comment\n", "empty.tf")
    terraform(tmp_path, INNER, "inner/main.tf")
    return terraform(tmp_path, MAIN, "main.tf")


def test_hcl_with_modules(hcl: Path, rules: Path) -> None:
    outcome = gate(hcl, rules=rules, only=OURS)
    assert kinds(outcome) == []
    assert found(outcome) == {
        ("CKV2_MEALS_901", 'aws_sns_topic.each["other"]'),
        ("CKV2_MEALS_901", "module.inner.aws_sns_topic.t"),
    }
    inner = next(each for each in outcome.findings if each.at.address.startswith("module"))
    assert (inner.at.file, inner.at.line) == (hcl / "inner" / "main.tf", 4)
    assert [(detail.found, detail.allowed) for detail in inner.details] == [("other", "meals")]


ABSENT = """
    from policies.library.rule import AbsentFinding
    missing = AbsentFinding("there is no queue", "each part", part="queue")
    return [missing, Finding("other", "meals")] if topic.text("name") != "meals" else [missing]
"""


def test_a_part_that_is_not_there_fails_environments_only(tmp_path: Path) -> None:
    rules = checks(tmp_path, {"meals_topic.py": rule(body=ABSENT.strip())})
    path = terraform(tmp_path, topics("meals", "other"))
    names = {f"aws_sns_topic.{name}" for name in ("meals", "other")}
    outcome = gate(path, rules=rules, only=OURS)
    assert {each.at.address for each in outcome.findings} == names
    assert outcome.results[0].notes == ()

    request = Request(Selection(OURS), is_environment=False)
    elsewhere = gate(path, rules=rules, request=request)
    assert [[detail.found for detail in each.details] for each in elsewhere.findings] == [["other"]]
    (note,) = elsewhere.results[0].notes
    assert (note.kind, note.text) == (
        "does-not-apply",
        f"{path}: claims about what is not there do not apply: queue",
    )


def test_a_module_that_is_not_here_is_one_problem_and_no_findings(tmp_path: Path, rules: Path) -> None:
    main = """
    module "names" {
      source = "example/names/aws"
    }
    module "beside" {
      source = "./nowhere"
    }
    variable "name" {}
    locals {
      joined = "${module.names.first}-x"
    }
    resource "aws_sns_topic" "named_by_module" {
      name = local.joined
    }
    resource "aws_sns_topic" "wrong" {
      name = "other"
    }
    resource "aws_sns_topic" "unknown" {
      name = var.name
    }
    """
    outcome = gate(terraform(tmp_path, main, "main.tf"), rules=rules, only=OURS)
    names, beside = (problem.text.partition("main.tf: module.")[2] for problem in outcome.all_problems)
    assert names.startswith("names: checkov has not found its source 'example/names/aws', so nothing in it was checked")
    assert names.endswith("unknown: aws_sns_topic.named_by_module (CKV2_MEALS_901); check a plan, which has it")
    assert beside.startswith("beside: its source './nowhere' does not exist, so nothing in it was checked; check a")
    assert found(outcome) == {
        ("CKV2_MEALS_901", "aws_sns_topic.wrong"),
        ("CKV2_MEALS_901", "aws_sns_topic.unknown"),
    }
    assert outcome.exit_code == ExitCode.GATE


def test_a_module_that_several_root_modules_call(tmp_path: Path, rules: Path) -> None:
    """The layout of modules/ beside an environment each: every root module is a target, judged by its own values."""
    data = 'data "aws_iam_policy_document" "d" {}\n'
    terraform(tmp_path, f"{INNER}{data}", "modules/topic/main.tf")
    for name in ("meals", "other"):
        calls = [f'module "{call}" {{\n  source = "../../modules/topic"\n  name   = "{name}"\n}}\n' for call in "ab"]
        path = terraform(tmp_path, "".join(calls), f"envs/{name}/main.tf")
    targets = at_path(path)
    assert [(each.name, [file.parent.name for file in each.files]) for each in targets] == [
        (str(path / "envs" / name), [name, "topic"]) for name in ("meals", "other")
    ]
    outcome = gate(path, rules=rules, only=OURS)
    assert kinds(outcome) == []
    meals, other = outcome.results
    assert (meals.resources, meals.findings, other.resources) == (2, (), 2)
    assert found(outcome) == {("CKV2_MEALS_901", f"module.{call}.aws_sns_topic.t") for call in "ab"}


def test_hcl_that_json_calls_is_judged_by_the_values_of_the_call(tmp_path: Path, rules: Path) -> None:
    """checkov does not follow calls in JSON: its own rules look at the module by itself."""
    terraform(tmp_path, INNER, "topic/main.tf")
    calls = {name: {"source": "./topic", "name": name} for name in ("meals", "other")}
    path = terraform(tmp_path, {"module": calls}, "cdk.tf.json")
    outcome = gate(path, rules=rules, only=OURS)
    assert kinds(outcome) == []
    assert found(outcome) == {("CKV2_MEALS_901", "module.other.aws_sns_topic.t")}
    (finding,) = outcome.findings
    assert (finding.at.file, finding.at.line) == (path / "topic" / "main.tf", 4)
    outcome = gate(path, rules=rules)
    assert [each.rule.id for each in outcome.results[1].findings] == ["CKV_AWS_26"]


def test_json_beside_hcl_in_one_root_module(tmp_path: Path, rules: Path) -> None:
    terraform(tmp_path, {"locals": {"name": "meals"}, "module": {"m": {"source": "./m", "name": "other"}}}, "a.tf.json")
    terraform(tmp_path, INNER, "m/main.tf")
    path = terraform(tmp_path, 'resource "aws_sns_topic" "t" {\n  name = local.name\n}\n', "main.tf")
    outcome = gate(path, rules=rules, only=OURS)
    assert found(outcome) == {("CKV2_MEALS_901", "module.m.aws_sns_topic.t")}


@pytest.mark.parametrize("beside", [None, "main.tf"], ids=["alone", "in place of Terraform's"])
def test_files_of_opentofu_are_read_by_our_rules(tmp_path: Path, rules: Path, beside: str | None) -> None:
    if beside:
        terraform(tmp_path, 'resource "aws_sns_topic" "t" {\n  name = "meals"\n}\n', beside)
    path = terraform(tmp_path, 'resource "aws_sns_topic" "t" {\n  name = "other"\n}\n', "main.tofu")
    outcome = gate(path, rules=rules, only=OURS)
    assert kinds(outcome) == []
    ((finding),) = outcome.findings
    assert (finding.at.address, finding.at.file.name, finding.at.line) == ("aws_sns_topic.t", "main.tofu", 1)
    ((note),) = outcome.results[0].notes
    assert (
        note.text == f"{path}/main.tofu: is read by the project's rules only; checkov does not know files of OpenTofu"
    )


def test_modules_that_terraform_has_fetched(tmp_path: Path, rules: Path) -> None:
    main = 'module "names" {\n  source  = "example/names/aws"\n  version = "~> 1.0"\n  name    = "other"\n}\n'
    listed = {"Key": "names", "Source": "registry.terraform.io/example/names/aws", "Dir": ".terraform/modules/names"}
    terraform(tmp_path, {"Modules": [listed]}, ".terraform/modules/modules.json")
    terraform(tmp_path, INNER, ".terraform/modules/names/main.tf")
    outcome = gate(terraform(tmp_path, main, "main.tf"), rules=rules)
    assert kinds(outcome) == []
    assert ("CKV2_MEALS_901", "module.names.aws_sns_topic.t") in found(outcome)
    assert ("CKV_AWS_26", "module.names.aws_sns_topic.t") in found(outcome)


def test_values_of_variables(tmp_path: Path, rules: Path) -> None:
    """From a file and from the command line, for our rules and for checkov's."""
    main = """
    variable "name" { type = string }
    variable "rotates" { default = true }
    resource "aws_sns_topic" "t" {
      name = var.name
    }
    resource "aws_kms_key" "k" {
      enable_key_rotation = var.rotates
    }
    """
    path = terraform(tmp_path, main, "main.tf")
    file = tmp_path / "values.tfvars"
    file.write_text('name = "other"\nrotates = false\n')
    both = Selection(only=("CKV2_MEALS_901", "CKV_AWS_7"))
    for variables, expected in (
        ((file,), {"CKV2_MEALS_901", "CKV_AWS_7"}),
        ((file, ("name", "meals")), {"CKV_AWS_7"}),
        ((("name", "meals"),), set()),
        ((("name", "meals"), ("rotates", "false")), {"CKV_AWS_7"}),
    ):
        outcome = gate(path, rules=rules, request=Request(both, variables))
        assert kinds(outcome) == []
        assert {rule for rule, _ in found(outcome)} == expected
    outcome = gate(path, rules=rules, request=Request(both, (("nam", "x"),)))
    ((problem),) = outcome.all_problems
    assert problem.kind == "bad-input"
    assert "variable nam: is not declared" in problem.text


def test_files_of_values_that_nobody_named_are_noted(tmp_path: Path, rules: Path) -> None:
    terraform(tmp_path, 'name = "other"\n', "prod.tfvars")
    path = terraform(tmp_path, 'resource "aws_sns_topic" "t" {\n  name = "meals"\n}\n', "main.tf")
    (result,) = gate(path, rules=rules, only=OURS).results
    assert [(note.kind, note.text) for note in result.notes] == [
        ("not-read", f"{path}/prod.tfvars: sets variables, and is read only where it is named")
    ]


def test_packs_and_severities(tmp_path: Path) -> None:
    main = """
    resource "aws_sns_topic" "t" {
    }
    resource "aws_security_group" "g" {
      ingress {
        from_port   = 22
        to_port     = 22
        protocol    = "tcp"
        cidr_blocks = ["0.0.0.0/0"]
      }
    }
    """
    path = terraform(tmp_path, main, "main.tf")

    def rules_of(**selection: Any) -> set[str]:
        outcome = gate(path, request=Request(Selection(**selection)))
        assert kinds(outcome) == []
        return {rule for rule, _ in found(outcome)}

    assert rules_of(packs=("keys",)) == {"CKV2_MEALS_146"}
    assert rules_of(packs=("isolation",)) == {"CKV2_MEALS_207"}
    builtin = rules_of(packs=("builtin",))
    assert {"CKV_AWS_26", "CKV_AWS_24"} <= builtin
    assert all(rule.startswith(("CKV_AWS_", "CKV2_AWS_")) for rule in builtin)
    assert rules_of(severity="critical") == {"CKV_AWS_24", "CKV2_MEALS_207"}
    assert rules_of(packs=("builtin",), off=(OffRule("CKV_AWS_24", "why", "x:1"),), severity="critical") == set()


def test_a_word_of_a_team_for_what_is_private(tmp_path: Path) -> None:
    main = 'resource "aws_subnet" "%s" {\n  vpc_id                  = "vpc-1"\n  cidr_block = "10.0.0.0/24"\n}\n'
    route = """
    resource "aws_route_table" "backend" {
      vpc_id = "vpc-1"
      route {
        cidr_block = "0.0.0.0/0"
        gateway_id = aws_internet_gateway.g.id
      }
    }
    resource "aws_internet_gateway" "g" {
      vpc_id = "vpc-1"
    }
    resource "aws_route_table_association" "a" {
      subnet_id      = aws_subnet.backend_a.id
      route_table_id = aws_route_table.backend.id
    }
    """
    path = terraform(tmp_path, main % "backend_a" + route, "main.tf")
    selection = Selection(only=("CKV2_MEALS_201",))
    assert found(gate(path, request=Request(selection))) == set()
    assert found(gate(path, request=Request(selection, private_words=("backend",)))) == {
        ("CKV2_MEALS_201", "aws_route_table.backend")
    }


def test_modules_that_call_each_other_only_are_scanned(tmp_path: Path, rules: Path) -> None:
    for name, other in (("a", "b"), ("b", "a")):
        text = (
            f'module "m" {{\n  source = "../{other}"\n}}\nresource "aws_sns_topic" "{name}" {{\n  name = "other"\n}}\n'
        )
        path = terraform(tmp_path, text, f"{name}/main.tf")
    assert [[file.parent.name for file in each.files] for each in at_path(path)] == [["a", "b"]]
    assert ("CKV2_MEALS_901", "aws_sns_topic.a") in found(gate(path, rules=rules, only=OURS))


BROKEN = 'resource "aws_sns_topic" "t" {\n  name = "${var.x"\n}\n'


@pytest.mark.parametrize(
    ("files", "broken"),
    [
        ({"main.tf": BROKEN, "other.tf": MAIN}, {"main.tf"}),
        ({"main.tf": 'module "m" {\n  source = "../m"\n}\n', "../m/main.tf": BROKEN}, {"../m/main.tf"}),
        ({"a/main.tf.json": '{"locals": {"a": "${var.x"}}'}, {"a/main.tf.json"}),
        ({"a/main.tf": BROKEN, "b/main.tf": BROKEN}, {"a/main.tf", "b/main.tf"}),
    ],
)
def test_what_is_broken_is_known_before_checkov_starts(tmp_path: Path, files: dict[str, str], broken: set[str]) -> None:
    root = tmp_path / "root"
    root.mkdir()
    targets = at_path(write_files(root, files))
    assert all(target.is_broken for target in targets)
    outcome = broken_outcome(targets)
    assert (outcome.exit_code, kinds(outcome)) == (ExitCode.GATE, ["file-not-parsed"])
    assert {Path(problem.file).resolve() for problem in outcome.all_problems} == {
        (root / file).resolve() for file in broken
    }
    assert all("line " in problem.text and "Mend the file" in problem.text for problem in outcome.all_problems)


@pytest.mark.parametrize(
    "files", [{"a/main.tf": BROKEN, "b/main.tf": MAIN}, {"a/main.tf.json": "{", "b/main.tf.json": '{"locals": {}}'}]
)
def test_a_broken_root_module_does_not_hide_others(tmp_path: Path, files: dict[str, str]) -> None:
    assert not all(target.is_broken for target in at_path(write_files(tmp_path, files)))


def test_override_files(tmp_path: Path, rules: Path) -> None:
    path = terraform(tmp_path, 'resource "aws_sns_topic" "t" {\n  name = "meals"\n}\n', "main.tf")
    terraform(tmp_path, 'resource "aws_sns_topic" "t" {\n  name = "other"\n}\n', "override.tf")
    outcome = gate(path, rules=rules, only=OURS)
    assert kinds(outcome) == []
    assert found(outcome) == {("CKV2_MEALS_901", "aws_sns_topic.t")}


def test_one_file_of_hcl(hcl: Path, rules: Path) -> None:
    outcome = gate(hcl / "inner" / "main.tf", rules=rules, only=OURS)
    assert kinds(outcome) == []
    assert [each.at.address for each in outcome.findings] == ["aws_sns_topic.t"]  # its name is unknown here
    assert "cannot be worked out" in outcome.findings[0].details[0].found


def test_hcl_and_json_side_by_side(tmp_path: Path, rules: Path) -> None:
    terraform(tmp_path, 'resource "aws_sns_topic" "a" {\n  name = "other"\n}\n', "a.tf")
    path = terraform(tmp_path, topics("b"), "b.tf.json")
    assert [target.framework for target in at_path(path)] == ["terraform", "terraform_json"]
    outcome = gate(path, rules=rules, only=OURS)
    assert kinds(outcome) == []
    assert found(outcome) == {("CKV2_MEALS_901", "aws_sns_topic.a"), ("CKV2_MEALS_901", "aws_sns_topic.b")}


def test_a_plan(tmp_path: Path, rules: Path) -> None:
    def planned(address: str, name: str) -> dict[str, object]:
        type_, label = address.split(".")[-2:]
        return {
            "address": address,
            "mode": "managed",
            "type": type_,
            "name": label.partition("[")[0],
            "provider_name": "registry.terraform.io/hashicorp/aws",
            "values": {"name": name},
        }

    inner = {"address": "module.m", "resources": [planned("module.m.aws_sns_topic.c", "other")]}
    here = [planned("aws_sns_topic.a", "meals"), {**planned("aws_sns_topic.b[0]", "other"), "index": 0}]
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": here, "child_modules": [inner]}},
        "resource_changes": [],
        "configuration": {"root_module": {}},
    }
    path = terraform(tmp_path, plan, "plan.json") / "plan.json"
    for place in (path, path.parent):
        outcome = gate(place, rules=rules, only=OURS)
        assert kinds(outcome) == []
        assert found(outcome) == {
            ("CKV2_MEALS_901", "aws_sns_topic.b[0]"),
            ("CKV2_MEALS_901", "module.m.aws_sns_topic.c"),
        }


def test_directories_that_terraform_made_are_not_entered(tmp_path: Path) -> None:
    path = terraform(tmp_path, topics("meals"))
    terraform(tmp_path, topics("other"), ".terraform/modules/m/main.tf.json")
    terraform(tmp_path, 'resource "aws_sns_topic" "t" {}\n', "node_modules/x/main.tf")
    (target,) = at_path(path)
    assert [file.name for file in target.files] == ["main.tf.json"]
    assert target.files[0].parent == path.resolve()


def test_only_and_skip(tmp_path: Path, rules: Path) -> None:
    path = terraform(tmp_path, topics("other"))
    all_rules = {rule for rule, _ in found(gate(path, rules=rules))}
    assert {"CKV2_MEALS_901", "CKV_AWS_26"} <= all_rules
    assert {rule for rule, _ in found(gate(path, rules=rules, skip=("CKV_AWS_26",)))} == all_rules - {"CKV_AWS_26"}
    assert {rule for rule, _ in found(gate(path, rules=rules, only=("CKV_AWS_26",)))} == {"CKV_AWS_26"}


@pytest.mark.parametrize(
    ("only", "skip", "says"),
    [
        (("CKV_AWS_2600",), (), "there is no rule CKV_AWS_2600; infra policies lists ours. Did you mean CKV_AWS_260?"),
        ((), ("CKV2_MEALS_90",), "Did you mean CKV2_MEALS_901?"),
        ((), ("CKV2_MEALS_001",), "CKV2_MEALS_001 cannot be skipped"),
    ],
)
def test_rules_that_cannot_be_selected(
    tmp_path: Path, rules: Path, only: tuple[str, ...], skip: tuple[str, ...], says: str
) -> None:
    with pytest.raises(UnknownRule, match=says.replace("?", "\\?")) as caught:
        gate(terraform(tmp_path, topics("meals")), rules=rules, only=only, skip=skip)
    assert caught.value.exit_code == ExitCode.USAGE


def test_worst_first_and_what_built_in_rules_found(tmp_path: Path) -> None:
    path = terraform(
        tmp_path,
        {
            "resource": {
                "aws_kms_key": {"k": {"description": "k", "enable_key_rotation": False}},
                "aws_security_group": {
                    "g": {
                        "name": "g",
                        "ingress": [{"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}],
                    }
                },
            }
        },
    )
    outcome = gate(path, only=("CKV_AWS_7", "CKV_AWS_24", "CKV_AWS_23"))
    assert [(each.rule.id, each.rule.severity) for each in outcome.findings] == [
        ("CKV_AWS_24", "critical"),
        ("CKV_AWS_7", "medium"),
        ("CKV_AWS_23", "low"),
    ]
    rotation = outcome.findings[1]
    assert [(detail.found, detail.allowed) for detail in rotation.details] == [
        ("enable_key_rotation is false", "enable_key_rotation is true")
    ]
    assert rotation.rule.fix == "Set enable_key_rotation to true."
