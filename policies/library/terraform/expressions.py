"""Expressions of HCL to a syntax tree, by recursive descent. Language: the HCL Native Syntax Specification."""

from __future__ import annotations

import re

from policies.library.terraform.cursor import LINE_END
from policies.library.terraform.syntax import (
    SPLAT,
    Attribute,
    Call,
    Conditional,
    For,
    Index,
    Literal,
    Name,
    Node,
    Object,
    Operation,
    Source,
    Splat,
    Tuple,
)
from policies.library.terraform.templates import Templates

_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_HEREDOC = re.compile(r"<<(-?)([^\W\d][\w-]*)[ \t\r]*\n")
_OPERATOR = re.compile(r"==|!=|<=|>=|&&|\|\||[-+*%<>]|/(?![/*])")
_PRECEDENCE = {
    "||": 1,
    "&&": 2,
    "==": 3,
    "!=": 3,
    "<": 4,
    ">": 4,
    "<=": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "%": 6,
}
_KEYWORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


class Expressions(Templates):
    """Reads expressions. `lines` says whether one may go on in the next line, as inside brackets."""

    def expression(self, lines: bool) -> Node:
        """See `Templates`."""
        start = self.at
        node = self.conditional(lines)
        if isinstance(node, Literal):
            return node
        return Source(node, self.text[start : self.at].strip())

    def conditional(self, lines: bool) -> Node:
        """A condition with its two results, or what is none."""
        condition = self.operation(lines, 1)
        self.skip(lines)
        if not self.accept("?"):
            return condition
        self.skip()
        yes = self.expression(lines)
        self.skip()
        self.expect(":")
        self.skip()
        return Conditional(condition, yes, self.expression(lines))

    def operation(self, lines: bool, weakest: int) -> Node:
        """An operation with operators that bind as strongly as `weakest` or more."""
        left = self.unary(lines)
        while True:
            before = self.at
            self.skip(lines)
            operator = self.match(_OPERATOR)
            strength = _PRECEDENCE[operator.group()] if operator else 0
            if not operator or strength < weakest:
                self.at = before
                return left
            self.skip()
            left = Operation(operator.group(), left, self.operation(lines, strength + 1))

    def unary(self, lines: bool) -> Node:
        """Negation, or what is none."""
        if self.text.startswith(("-", "!"), self.at):
            operator = self.text[self.at]
            self.at += 1
            self.skip(lines)
            operand = self.unary(lines)
            if operator == "-" and isinstance(operand, Literal) and isinstance(operand.value, int | float):
                return Literal(-operand.value)
            return Operation(operator, None, operand)
        return self.postfix(self.primary(), lines)

    def postfix(self, node: Node, lines: bool) -> Node:
        """What follows a value: attributes, indexes, splats."""
        while True:
            before = self.at
            self.skip(lines)
            if self.text.startswith(".", self.at) and not self.text.startswith("...", self.at):
                self.at += 1
                self.skip(lines)
                if self.accept("*"):
                    node = Splat(node, self.attributes_only(Name(SPLAT)))
                    continue
                number = self.match(_NUMBER)
                if number:
                    for part in number.group().split("."):
                        node = Index(node, Literal(int(part)))
                else:
                    node = Attribute(node, self.identifier())
            elif self.accept("["):
                self.skip()
                if self.accept("*"):
                    self.skip()
                    self.expect("]")
                    return Splat(node, self.postfix(Name(SPLAT), lines))
                key = self.expression(lines=True)
                self.skip()
                self.expect("]")
                node = Index(node, key)
            else:
                self.at = before
                return node

    def attributes_only(self, node: Node) -> Node:
        """The attributes that follow `.*`; an index after them is one into the list of results."""
        while self.text.startswith(".", self.at) and not self.text.startswith((".*", "..."), self.at):
            self.at += 1
            node = Attribute(node, self.identifier())
        return node

    def primary(self) -> Node:
        """A value."""
        if self.accept('"'):
            return self.quoted()
        if self.accept("("):
            self.skip()
            node = self.expression(lines=True)
            self.skip()
            self.expect(")")
            return node
        if self.accept("["):
            return self.tuple_or_for()
        if self.accept("{"):
            return self.object_or_for()
        if number := self.match(_NUMBER):
            text = number.group()
            return Literal(int(text) if text.isdecimal() else float(text))
        if heredoc := self.match(_HEREDOC):
            return self.heredoc(heredoc.group(2), indented=bool(heredoc.group(1)))
        name = self.identifier()
        if name in _KEYWORDS:
            return Literal(_KEYWORDS[name])
        while self.accept("::"):
            name += "::" + self.identifier()
        if self.accept("("):
            return self.call(name)
        return Name(name)

    def call(self, name: str) -> Node:
        """A call, after its opening parenthesis."""
        arguments: list[Node] = []
        expands = False
        while True:
            self.skip()
            if self.accept(")"):
                return Call(name, tuple(arguments), expands)
            arguments.append(self.expression(lines=True))
            self.skip()
            expands = self.accept("...")
            self.skip()
            if not self.accept(",") and not self.text.startswith(")", self.at):
                raise self.fault("',' or ')'")

    def tuple_or_for(self) -> Node:
        """A list, after its opening bracket."""
        self.skip()
        if self.word("for"):
            return self.comprehension("]")
        items: list[Node] = []
        while True:
            self.skip()
            if self.accept("]"):
                return Tuple(tuple(items))
            items.append(self.expression(lines=True))
            self.skip()
            if not self.accept(",") and not self.text.startswith("]", self.at):
                raise self.fault("',' or ']'")

    def object_or_for(self) -> Node:
        """An object, after its opening brace."""
        self.skip()
        before = self.at
        if self.word("for"):
            self.skip()
            if not self.text.startswith(("=", ":"), self.at):
                return self.comprehension("}")
            self.at = before
        items: list[tuple[Node, Node]] = []
        while True:
            self.skip()
            if self.accept("}"):
                return Object(tuple(items))
            key = self.key()
            self.skip(lines=False)
            if not self.accept("=") and not self.accept(":") and not self.text.startswith("{", self.at):
                raise self.fault("'=' or ':'")  # `key {` is not Terraform, but common in examples
            self.skip()
            items.append((key, self.expression(lines=False)))
            self.skip(lines=False)
            if not self.accept(",") and not self.text.startswith("}", self.at) and not self.match(LINE_END):
                raise self.fault("',', '}' or the end of the line")

    def key(self) -> Node:
        """An object's key: a name stands for itself."""
        node = self.conditional(lines=False)
        return Literal(node.name) if isinstance(node, Name) else node

    def comprehension(self, end: str) -> Node:
        """A list or an object made by a loop, after `for`."""
        first, second = self.loop_names()
        collection = self.expression(lines=True)
        self.skip()
        self.expect(":")
        self.skip()
        key, value, groups, condition = None, self.expression(lines=True), False, None
        self.skip()
        if end == "}":
            self.expect("=>")
            self.skip()
            key, value = value, self.expression(lines=True)
            self.skip()
            groups = self.accept("...")
            self.skip()
        if self.word("if"):
            self.skip()
            condition = self.expression(lines=True)
            self.skip()
        self.expect(end)
        return For(first, second, collection, key=key, value=value, condition=condition, groups=groups)
