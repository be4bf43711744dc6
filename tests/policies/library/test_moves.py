"""Resources under the addresses that `moved` blocks say."""

from __future__ import annotations

from pathlib import Path

from policies.library.moves import moved
from policies.library.terraform.load import load_directory
from policies.library.values import Linked, Reference, references

TEXT = """
resource "aws_subnet" "old" { cidr_block = "10.0.0.0/24" }
resource "aws_instance" "a" {
  count     = 2
  subnet_id = aws_subnet.old.id
  user_data = "in ${aws_subnet.old.id}"
  tags      = { block = aws_subnet.old.cidr_block }
}
"""


def test_resources_and_references_get_new_addresses(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(TEXT)
    configuration, _ = load_directory(tmp_path)
    found = moved(configuration, {"aws_subnet.old": "aws_subnet.new", "aws_instance.a": "module.m.aws_instance.b"})
    assert list(found.resources) == ["aws_subnet.new", "module.m.aws_instance.b[0]", "module.m.aws_instance.b[1]"]
    server = found.resources["module.m.aws_instance.b[1]"]
    subnet = server.get("subnet_id")
    assert isinstance(subnet, Reference)
    assert subnet.expression == "aws_subnet.new.id"
    block = server.mapping("tags")["block"]
    assert isinstance(block, Linked)
    for value in (subnet, block, server.get("user_data")):
        assert [each.address for each in references(value)] == ["aws_subnet.new"]
        assert found.resolve(value) == (found.resources["aws_subnet.new"],)


def test_nothing_moves_to_where_another_resource_is(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(TEXT + 'resource "aws_subnet" "new" { cidr_block = "10.0.1.0/24" }')
    configuration, _ = load_directory(tmp_path)
    found = moved(configuration, {"aws_subnet.old": "aws_subnet.new"})
    assert found.resources.keys() == configuration.resources.keys()


def test_blocks_say_what_moves(tmp_path: Path) -> None:
    (tmp_path / "moved.tf").write_text("moved {\n  from = aws_subnet.a\n  to   = module.m[0].aws_subnet.b\n}\n")
    (tmp_path / "more.tf.json").write_text('{"moved": [{"from": "aws_vpc.a", "to": "aws_vpc.b"}]}')
    configuration, unreadable = load_directory(tmp_path)
    assert not unreadable
    assert configuration.moved == {"aws_subnet.a": "module.m[0].aws_subnet.b", "aws_vpc.a": "aws_vpc.b"}
