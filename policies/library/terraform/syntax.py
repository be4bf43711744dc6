"""The syntax tree of Terraform's language: expressions, and the bodies of blocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True)
class Literal:
    """A constant: text, number, boolean or null."""

    value: str | int | float | bool | None


@dataclass(frozen=True)
class Template:
    """Text with expressions in it. One part alone stands for its value, whatever its type."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Name:
    """The first name of a traversal: `var`, `local`, `each`, a resource type, a loop variable."""

    name: str


@dataclass(frozen=True)
class Attribute:
    """`of.name`."""

    of: Node
    name: str


@dataclass(frozen=True)
class Index:
    """`of[key]`."""

    of: Node
    key: Node


@dataclass(frozen=True)
class Splat:
    """`of[*]` or `of.*`, with `each` applied to every element, in which the name SPLAT stands for the element."""

    of: Node
    each: Node


@dataclass(frozen=True)
class Call:
    """`name(arguments...)`; with `expands` the last argument is a list of arguments."""

    name: str
    arguments: tuple[Node, ...]
    expands: bool


@dataclass(frozen=True)
class Conditional:
    """`condition ? yes : no`."""

    condition: Node
    yes: Node
    no: Node


@dataclass(frozen=True)
class Operation:
    """A binary operation, or a unary one with `left` None."""

    operator: str
    left: Node | None
    right: Node


@dataclass(frozen=True)
class Tuple:
    """`[items]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True)
class Object:
    """`{key = value}`."""

    items: tuple[tuple[Node, Node], ...]


@dataclass(frozen=True)
class For:
    """`[for ...]`, or `{for ...}` if it has a `key`; with `groups` values of equal keys are listed."""

    first: str
    second: str | None
    collection: Node
    key: Node | None
    value: Node
    condition: Node | None
    groups: bool


@dataclass(frozen=True)
class Source:
    """An expression together with how it is written, for messages."""

    node: Node
    text: str


SPLAT = "*"


@dataclass(frozen=True)
class Body:
    """What stands between a block's braces, or a whole file."""

    attributes: Mapping[str, Node] = field(default_factory=dict)
    blocks: tuple[NestedBlock, ...] = ()


@dataclass(frozen=True)
class NestedBlock:
    """`type "labels" { body }`."""

    type: str
    labels: tuple[str, ...]
    body: Body


Node: TypeAlias = (
    Literal
    | Template
    | Name
    | Attribute
    | Index
    | Splat
    | Call
    | Conditional
    | Operation
    | Tuple
    | Object
    | For
    | Source
    | Body
)


class SyntaxFault(Exception):
    """Text that is not Terraform, or Terraform that is not understood here; says what and in which line."""


def block_name(block: NestedBlock) -> str:
    """The name of the blocks that a block, perhaps a dynamic one, stands for."""
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type
