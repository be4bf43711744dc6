"""What is not known on both sides of a change: the same only where it is written alike, all through."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.core.diff.snapshots import change_between
from tests.support.changes import NETWORK, bucket, change, first_lines, web

VARIABLES = 'variable "n" {}\nvariable "ends" { default = { all = "/0" } }\n'
STATE = 'data "terraform_remote_state" "n" { backend = "s3" }\n'
PARAMETER = 'data "aws_ssm_parameter" "p" { name = "/office" }\n'
OPENS = "May open 1: internet -> web tcp 443"


def server(cidr: str, more: str = "") -> str:
    """The server with one network that it lets in."""
    return NETWORK + VARIABLES + more + web().replace('"0.0.0.0/0"', cidr)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"${var.n}/32"', '"${var.n}/1"'),
        ('"${var.n}.0.0/16"', '"${var.n}.0.0/8"'),
        ('format("%s/32", var.n)', 'format("%s/1", var.n)'),
        ('join("", [var.n, "/32"])', 'join("", [var.n, "/0"])'),
        ('split(",", var.n)[0]', 'split(",", var.n)[1]'),
        ("var.n.office", "var.n.everybody"),
        ("cidrsubnet(var.n, 8, 1)", "cidrsubnet(var.n, 0, 1)"),
        ("data.terraform_remote_state.n.outputs.office", "data.terraform_remote_state.n.outputs.everybody"),
    ],
)
def test_unknown_text_is_what_is_written(before: str, after: str, tmp_path: Path) -> None:
    sides = [server(each, STATE) for each in (before, after)]
    assert first_lines(tmp_path / "1", *sides)[0] == OPENS
    same = sides[0], f"{sides[0]}# as before\n"
    assert first_lines(tmp_path / "2", *same)[0] == "Opens nothing."


def test_known_values_in_unknown_text_count(tmp_path: Path) -> None:
    before = server("cidrsubnet(var.n, 8, local.at)", "locals {\n  at = 1\n}\n")
    assert first_lines(tmp_path / "1", before, before.replace("at = 1", "at = 2"))[0] == OPENS
    before = f"""{NETWORK}{VARIABLES}
resource "aws_security_group" "d" {{
  vpc_id = aws_vpc.v.id
  dynamic "ingress" {{
    for_each = var.n
    content {{
      cidr_blocks = ["10.0.0.0/8"]
    }}
  }}
}}
"""
    proof = change(tmp_path / "2", before, before.replace('["10.0.0.0/8"]', '["0.0.0.0/0"]'))
    assert proof.changed == ("aws_security_group.d",)


def test_the_text_of_a_template_counts_whose_variables_are_not_known(tmp_path: Path) -> None:
    for side, bits in (("before", 32), ("after", 1)):
        place = tmp_path / side
        place.mkdir()
        (place / "main.tf").write_text(server('templatefile("${path.module}/n.tftpl", var.n)'))
        (place / "n.tftpl").write_text(f"${{ip}}/{bits}")
    proof = change_between(tmp_path / "before", tmp_path / "after")
    assert not proof.is_proved


@pytest.mark.parametrize("of", ["network", "policy"])
def test_what_is_looked_up_otherwise_may_be_anything(of: str, tmp_path: Path) -> None:
    value = "data.aws_ssm_parameter.p.value"
    policy = bucket(more=PARAMETER).splitlines()
    text = "\n".join(f"  policy = {value}" if "policy = " in each else each for each in policy)
    before = server(value, PARAMETER) if of == "network" else text
    assert before.count(value) == 1
    proof = change(tmp_path, before, before.replace("/office", "/everybody"))
    assert proof.opens
    assert not proof.is_proved


def test_a_role_of_an_account_that_is_not_known_may_be_anybodys(tmp_path: Path) -> None:
    named = 'Principal = { AWS = "arn:aws:iam::${split(",", var.n)[0]}:role/a" }'
    before = VARIABLES + bucket().replace('Principal = "*"', named)
    lines = first_lines(tmp_path, before, before.replace("[0]", "[1]"))
    assert lines[0].startswith("May open")


def planned(cidr_is_of: str, timestamp: str, text: str = "") -> str:
    """A plan of a rule, of which the group and the network are known after the apply."""
    references = {
        "security_group_id": {"references": ["aws_security_group.g.id", "aws_security_group.g"]},
        "cidr_ipv4": {"references": [cidr_is_of], **({"constant_value": text} if text else {})},
    }
    rule = {"address": "aws_vpc_security_group_ingress_rule.r", "mode": "managed", "name": "r"}
    rule["type"] = "aws_vpc_security_group_ingress_rule"
    group = {"address": "aws_security_group.g", "mode": "managed", "type": "aws_security_group", "name": "g"}
    unknown = {"security_group_id": True, "cidr_ipv4": True}
    return json.dumps(
        {
            "timestamp": timestamp,
            "planned_values": {"root_module": {"resources": [{**rule, "values": {}}, {**group, "values": {}}]}},
            "resource_changes": [{**rule, "change": {"actions": ["create"], "after_unknown": unknown}}],
            "configuration": {"root_module": {"resources": [{**rule, "expressions": references}, group]}},
        }
    )


def changed(directory: Path, before: str, after: str) -> tuple[str, ...]:
    """What differs between two plans."""
    for name, text in (("before.json", before), ("after.json", after)):
        (directory / name).write_text(text)
    return change_between(directory / "before.json", directory / "after.json").changed


def test_text_that_a_plan_does_not_tell_equals_none_of_another_plan(tmp_path: Path) -> None:
    sides = [planned("aws_eip.e.public_ip", when) for when in ("1", "2")]
    assert changed(tmp_path, *sides) == ("aws_vpc_security_group_ingress_rule.r",)
    assert not changed(tmp_path, sides[0], sides[0])
    told = [planned("aws_eip.e.public_ip", when, "${aws_eip.e.public_ip}/32") for when in ("1", "2")]
    assert not changed(tmp_path, *told)
    wider = planned("aws_eip.e.public_ip", "2", "${aws_eip.e.public_ip}/1")
    assert changed(tmp_path, told[0], wider) == ("aws_vpc_security_group_ingress_rule.r",)


def test_a_file_of_variables_that_is_not_read_opens(tmp_path: Path) -> None:
    for side, network in (("before", "10.0.0.0/16"), ("after", "0.0.0.0/0"), ("other", "8.0.0.0/5")):
        place = tmp_path / side
        place.mkdir()
        (place / "main.tf").write_text(server("var.n"))
        (place / "prod.tfvars").write_text(f'n = "{network}"\n')
    proof = change_between(tmp_path / "before", tmp_path / "after")
    assert proof.gaps == ("prod.tfvars: sets variables, and is not read",)
    assert proof.changed == ("the text of prod.tfvars",)
    assert not proof.cost
    assert proof.id != change_between(tmp_path / "before", tmp_path / "other").id
    (tmp_path / "after" / "prod.tfvars").write_text('n = "10.0.0.0/16"\n')
    assert change_between(tmp_path / "before", tmp_path / "after").is_proved
