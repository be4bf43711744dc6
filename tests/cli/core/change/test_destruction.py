"""What holds data and is destroyed, or may be."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.changes import change, first_lines

TABLE = """
variable "n" {}
resource "aws_dynamodb_table" "t" {
  name     = "t"
  hash_key = "id"
  MORE
}
"""
EMPTY = 'variable "n" {}\n'
SQL = "google_sql_database_instance"
OTHER = 'resource "google_sql_database_instance" "d" {\n  name = "d"\n}\n'
FORGETS = "removed {\n  from = aws_dynamodb_table.t\n  lifecycle {\n    destroy = false\n  }\n}\n"
PASSWORD = 'resource "random_password" "p" {\n  length = 9\n}\n'
UNCOUNTED = "aws_dynamodb_table.t (how many there are is not known: var.n)"


def table(more: str = "") -> str:
    """A table with another argument."""
    return TABLE.replace("MORE", more)


def module(source: str = "git::https://example.com/m.git?ref=v1", name: str = "a") -> str:
    """A call of a module that is not here."""
    return f'module "m" {{\n  source = "{source}"\n  name   = "{name}"\n}}\n'


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (table(), EMPTY, "Destroys data: aws_dynamodb_table.t"),
        (table(), table("count = 0"), "Destroys data: aws_dynamodb_table.t"),
        # how many there are is not known, before or afterwards
        (table(), table("count = var.n"), f"May destroy data: {UNCOUNTED}"),
        (table("count = 2"), table("count = var.n"), f"May destroy data: {UNCOUNTED}"),
        (table("count = var.n"), table("count = 1"), f"May destroy data: {UNCOUNTED}"),
        (table("count = var.n"), EMPTY, f"May destroy data: {UNCOUNTED}"),
        # types of which nobody knows here what they hold
        (
            OTHER,
            "",
            f"May destroy data: {SQL}.d (what {SQL} holds is not known)",
        ),
        (
            OTHER,
            OTHER.replace('"d"\n}', '"e"\n}'),
            f"May destroy data: {SQL}.d (the arguments of {SQL} are not known)",
        ),
        # modules that are not here
        (module(), "", "May destroy data: module.m (what is in it is not known)"),
        (module(), module().replace("v1", "v2"), "May destroy data: module.m (what is in it is not known)"),
        (module(), module(name="b"), "May destroy data: module.m (what is in it is not known)"),
    ],
)
def test_what_is_destroyed_stands_in_the_second_line(before: str, after: str, expected: str, tmp_path: Path) -> None:
    proof = change(tmp_path / "1", before, after)
    assert first_lines(tmp_path / "2", before, after)[1] == expected
    assert not proof.keeps_data
    assert [each["address"] for each in proof.data()["may_destroy"]] == [
        each.address for each in proof.destroys if each.unsure
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (table("count = var.n"), table('count = var.n\n  billing_mode = "PAY_PER_REQUEST"')),
        (
            table("count = var.n"),
            EMPTY + FORGETS,
        ),
        (PASSWORD, ""),
        ('data "google_project" "p" {}\n', ""),
        (module(), f"{module()}{PASSWORD}"),
        ("", module()),
    ],
)
def test_nothing_is_destroyed(before: str, after: str, tmp_path: Path) -> None:
    assert change(tmp_path, before, after).keeps_data


def test_a_move_that_has_happened_is_no_difference(tmp_path: Path) -> None:
    moved = f"{table()}moved {{\n  from = aws_dynamodb_table.old\n  to   = aws_dynamodb_table.t\n}}\n"
    assert first_lines(tmp_path, moved, moved)[-1] == "Nothing differs."
