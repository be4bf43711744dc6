"""What a change opens and closes: what is the same at another address, and what is not known."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.core.change.compare import compare
from cli.core.change.snapshot import snapshot
from cli.core.change.text import headlines
from cli.core.diff.snapshots import change_between
from tests.support.changes import NETWORK, change, first_lines, web
from tests.support.hcl import resource

VARIABLE = 'variable "n" {}\n'
NOTHING = ["Opens nothing.", "Closes nothing."]


def moved(*pairs: tuple[str, str]) -> str:
    """The blocks that say what moves."""
    return "".join(f"moved {{\n  from = {old}\n  to   = {new}\n}}\n" for old, new in pairs)


def repeated(by: str) -> str:
    """The server with a count or for_each."""
    return web().replace('resource "aws_instance" "web" {', f'resource "aws_instance" "web" {{\n  {by}')


KEYS = repeated('for_each = toset(["a", "b"])')


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (web(), web(count=1)),
        (web(count=1), web()),
        (
            web(count=2),
            KEYS
            + moved(("aws_instance.web[0]", 'aws_instance.web["a"]'), ("aws_instance.web[1]", 'aws_instance.web["b"]')),
        ),
        (web(), repeated('for_each = toset(["a"])') + moved(("aws_instance.web", 'aws_instance.web["a"]'))),
        (KEYS, KEYS.replace('"a"', '"c"') + moved(('aws_instance.web["a"]', 'aws_instance.web["c"]'))),
    ],
)
def test_what_terraform_moves_is_no_difference(before: str, after: str, tmp_path: Path) -> None:
    assert before != after
    assert first_lines(tmp_path, NETWORK + before, NETWORK + after)[:2] == NOTHING


def test_what_terraform_does_not_move_is_one(tmp_path: Path) -> None:
    keyed = repeated('for_each = toset(["a"])')
    assert first_lines(tmp_path / "1", NETWORK + web(), NETWORK + keyed)[:2] == [
        'Opens 1: internet -> web["a"] tcp 443',
        "Closes 1: internet -> web tcp 443",
    ]
    renamed = web("front", count=1) + moved(("aws_instance.web", "aws_instance.front"))  # a block that names it
    assert first_lines(tmp_path / "2", NETWORK + web(), NETWORK + renamed)[0] == "Opens 1: internet -> front[0] tcp 443"


def test_blocks_of_a_called_module_count(tmp_path: Path) -> None:
    for side, name in (("before", "web"), ("after", "front")):
        module = tmp_path / side / "m"
        module.mkdir(parents=True)
        blocks = moved(("aws_instance.web", "aws_instance.front")) if side == "after" else ""
        (module / "main.tf").write_text(NETWORK + web(name, group=name) + blocks)
        (tmp_path / side / "main.tf").write_text('module "m" {\n  source = "./m"\n}\n')
    assert list(headlines(change_between(tmp_path / "before", tmp_path / "after")))[:2] == NOTHING


def test_what_is_not_known_on_one_side_may_close_and_may_open(tmp_path: Path) -> None:
    unknown = web().replace('["0.0.0.0/0"]', "var.n") + VARIABLE
    assert unknown != web() + VARIABLE
    assert first_lines(tmp_path / "1", NETWORK + web(), NETWORK + unknown)[:2] == [
        "Opens nothing.",
        "May close 1: internet -> web tcp 443",
    ]
    assert first_lines(tmp_path / "2", NETWORK + unknown, NETWORK + web())[:2] == [
        "May open 1: internet -> web tcp 443",
        "Closes nothing.",
    ]
    assert first_lines(tmp_path / "3", NETWORK, NETWORK + unknown)[:2] == [
        "May open 1: internet -> web tcp 443",
        "Closes nothing.",
    ]


@pytest.mark.parametrize("by", ["count = var.n", "for_each = var.n"])
def test_an_unknown_number_of_ends_qualifies_what_opens(by: str, tmp_path: Path) -> None:
    named = "as far as what is not judged opens nothing: aws_instance.web: how many there are is not known (var.n)."
    proof = change(tmp_path / "1", NETWORK + web(), NETWORK + repeated(by) + VARIABLE)
    assert (proof.opens, proof.closes, proof.is_proved) == ((), (), False)
    assert (
        first_lines(tmp_path / "2", NETWORK + web(), NETWORK + repeated(by) + VARIABLE)[0] == f"Opens nothing, {named}"
    )
    lines = first_lines(tmp_path / "3", NETWORK + KEYS, NETWORK + repeated(by) + VARIABLE)
    assert lines[0].startswith("May open 1: internet -> web tcp 443; not judged: aws_instance.web: how many")
    assert lines[1] == 'May close 1: internet -> web["a"], web["b"] tcp 443'


def test_an_unknown_number_of_what_opens_nothing_does_not(tmp_path: Path) -> None:
    dashboard = 'resource "aws_cloudwatch_dashboard" "d" {\n  count = var.n\n}\n' + VARIABLE
    assert first_lines(tmp_path, NETWORK + web(), NETWORK + web() + dashboard)[:2] == NOTHING


REMOVED = """
removed {
  from = %s
  lifecycle {
    destroy = false
  }
}
"""


def test_what_terraform_forgets_stays_and_may_go_on_to_connect(tmp_path: Path) -> None:
    kept = 'resource "aws_s3_bucket" "b" {\n  bucket = "of-us"\n}\n'
    forgetting = NETWORK + REMOVED % "aws_instance.web" + REMOVED % "aws_s3_bucket.b"
    assert first_lines(tmp_path / "1", NETWORK + web() + kept, forgetting)[:2] == [
        "Opens nothing.",
        "May close 1: internet -> web tcp 443",
    ]
    proof = change(tmp_path / "2", NETWORK + web() + kept, forgetting.replace("false", "true"))
    assert [str(each.certainty) for each in proof.closes] == ["certain"]
    assert [each.address for each in proof.destroys] == ["aws_s3_bucket.b"]
    assert change(tmp_path / "3", NETWORK + web() + kept, forgetting).destroys == ()


def test_what_another_stack_has_is_not_forgotten(tmp_path: Path) -> None:
    """As `infra move` leaves it: a block in the stack that had it, the resource in the other one."""
    group = 'resource "aws_cloudwatch_log_group" "g" {\n  name = "g"\n}\n'
    for side, text in (("before", NETWORK + web()), ("after", NETWORK)):
        for stack, content in (("one", text + REMOVED % "aws_cloudwatch_log_group.g"), ("other", group)):
            (tmp_path / side / stack).mkdir(parents=True)
            (tmp_path / side / stack / "main.tf").write_text(content)
    sides = [snapshot(each, [tmp_path / each / "one", tmp_path / each / "other"]) for each in ("before", "after")]
    assert list(headlines(compare(sides[0], sides[1], lambda _: False)))[1] == "Closes 1: internet -> web tcp 443"


@pytest.mark.parametrize("is_read_by", ["module", "file"])
def test_what_stands_outside_the_files_of_terraform_counts(is_read_by: str, tmp_path: Path) -> None:
    for side, port in (("before", 443), ("after", 22)):
        root, module = tmp_path / side / "root", tmp_path / side / "m"
        root.mkdir(parents=True)
        module.mkdir()
        if is_read_by == "module":
            (module / "main.tf").write_text(NETWORK + web("web", port))
            (root / "main.tf").write_text('module "m" {\n  source = "../m"\n}\n')
        else:
            (root / "ports.json").write_text(f"[{port}]")
            ports = 'jsondecode(file("${path.module}/ports.json"))[0]'
            (root / "main.tf").write_text(NETWORK + web("web", 7777).replace("7777", ports))
    proof = change_between(tmp_path / "before" / "root", tmp_path / "after" / "root")
    assert [each.text.rpartition(" -> ")[2] for each in proof.opens] == ["web tcp 22"]
    assert proof.changed


def test_the_rest_of_the_internet_over_ipv6_is_called_so(tmp_path: Path) -> None:
    both = NETWORK.replace('"10.0.0.0/16"', '"10.0.0.0/16"\n  assign_generated_ipv6_cidr_block = true').replace(
        '"10.0.1.0/24"', '"10.0.1.0/24"\n  ipv6_cidr_block = cidrsubnet(aws_vpc.v.ipv6_cidr_block, 8, 1)'
    )
    route = resource(
        "aws_route.six",
        route_table_id="aws_default_route_table.v.id",
        destination_ipv6_cidr_block="::/0",
        gateway_id="aws_internet_gateway.v.id",
    )
    server = web().replace("associate_public_ip_address", "ipv6_address_count = 1\n  associate_public_ip_address")
    before = both + route + server
    after = before.replace('["0.0.0.0/0"]', '["0.0.0.0/0"]\n    ipv6_cidr_blocks = ["::/0"]')
    assert first_lines(tmp_path, before, after) == ["Opens 1: internet -> web tcp 443 over IPv6", "Closes nothing."]
