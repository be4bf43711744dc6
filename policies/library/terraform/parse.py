"""HCL native syntax to a syntax tree: a recursive-descent parser. Language: the HCL Native Syntax Specification."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from functools import lru_cache

from policies.library.terraform.syntax import (
    SPLAT,
    Attribute,
    Body,
    Call,
    Conditional,
    For,
    Index,
    Literal,
    Name,
    NestedBlock,
    Node,
    Object,
    Operation,
    Source,
    Splat,
    SyntaxFault,
    Template,
    Tuple,
)

_SPACE = re.compile(r"(?:[ \t\r]+|/\*.*?\*/)+", re.DOTALL)
_SPACE_AND_LINES = re.compile(r"(?:\s+|/\*.*?\*/|(?:#|//)[^\n]*)+", re.DOTALL)
_LINE_END = re.compile(r"(?:(?:#|//)[^\n]*)?(?:\n|\Z)")
_IDENTIFIER = re.compile(r"[^\W\d][\w-]*")
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_HEREDOC = re.compile(r"<<(-?)([^\W\d][\w-]*)[ \t\r]*\n")
_OPERATOR = re.compile(r"==|!=|<=|>=|&&|\|\||[-+*%<>]|/(?![/*])")
_ESCAPE = re.compile(r'\\(?:([nrt"\\])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))')
_TEXT = re.compile(r'(?:\$\$\{|%%\{|\$(?!\{)|%(?!\{)|\\.|[^"$%\\\n])+')
_HEREDOC_TEXT = re.compile(r"(?:\$\$\{|%%\{|\$(?!\{)|%(?!\{)|[^$%])+")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
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


def parse_body(text: str) -> Body:
    """A whole file. Raises SyntaxFault."""
    parser = _Parser(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    return parser.body("")


@lru_cache(maxsize=4096)
def parse_template(text: str) -> Node:
    """The inside of a quoted template without HCL's escapes, as in Terraform JSON or a file. Raises SyntaxFault."""
    if "${" not in text and "%{" not in text:
        return Literal(text)
    return _Parser(text).template(_HEREDOC_TEXT, "", unescape=_unescape_markers)


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def fault(self, expected: str) -> SyntaxFault:
        line = self.text.count("\n", 0, self.at) + 1
        found = self.text[self.at : self.at + 20].split("\n")[0]
        return SyntaxFault(f"line {line}: {expected} expected, found {found!r}")

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def skip(self, lines: bool = True) -> None:
        self.match(_SPACE_AND_LINES if lines else _SPACE)

    def accept(self, token: str) -> bool:
        if self.text.startswith(token, self.at):
            self.at += len(token)
            return True
        return False

    def expect(self, token: str) -> None:
        if not self.accept(token):
            raise self.fault(repr(token))

    def word(self, keyword: str) -> bool:
        found = _IDENTIFIER.match(self.text, self.at)
        if found and found.group() == keyword:
            self.at = found.end()
            return True
        return False

    def identifier(self) -> str:
        found = self.match(_IDENTIFIER)
        if not found:
            raise self.fault("a name")
        return found.group()

    # bodies

    def body(self, end: str) -> Body:
        attributes: dict[str, Node] = {}
        blocks: list[NestedBlock] = []
        while True:
            self.skip()
            if end and self.accept(end):
                break
            if not end and self.at == len(self.text):
                break
            name = self.identifier()
            self.skip(lines=False)
            if self.text.startswith("=", self.at) and not self.text.startswith("==", self.at):
                self.at += 1
                self.skip(lines=False)
                attributes[name] = self.expression(lines=False)
                self.skip(lines=False)
                if not (end and self.text.startswith(end, self.at)) and not self.match(_LINE_END):
                    raise self.fault("the end of the line")
            else:
                blocks.append(self.block(name))
        return Body(attributes, tuple(blocks))

    def block(self, type_: str) -> NestedBlock:
        labels: list[str] = []
        while not self.accept("{"):
            if self.accept('"'):
                label = self.template(_TEXT, '"', unescape=_unescape_quoted)
                if not isinstance(label, Literal):
                    raise self.fault("a constant label")
                labels.append(str(label.value))
            else:
                labels.append(self.identifier())
            self.skip(lines=False)
        return NestedBlock(type_, tuple(labels), self.body("}"))

    # expressions; `lines` says whether an expression may go on in the next line, as inside brackets

    def expression(self, lines: bool) -> Node:
        start = self.at
        node = self.conditional(lines)
        if isinstance(node, Literal):
            return node
        return Source(node, self.text[start : self.at].strip())

    def conditional(self, lines: bool) -> Node:
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
        left = self.unary(lines)
        while True:
            before = self.at
            self.skip(lines)
            found = self.match(_OPERATOR)
            strength = _PRECEDENCE[found.group()] if found else 0
            if not found or strength < weakest:
                self.at = before
                return left
            self.skip()
            left = Operation(found.group(), left, self.operation(lines, strength + 1))

    def unary(self, lines: bool) -> Node:
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
        if self.accept('"'):
            return self.template(_TEXT, '"', unescape=_unescape_quoted)
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
                raise self.fault("'=' or ':'")  # `key {` is no Terraform, but checkov reads it and examples have it
            self.skip()
            items.append((key, self.expression(lines=False)))
            self.skip(lines=False)
            if not self.accept(",") and not self.text.startswith("}", self.at) and not self.match(_LINE_END):
                raise self.fault("',', '}' or the end of the line")

    def key(self) -> Node:
        node = self.conditional(lines=False)
        return Literal(node.name) if isinstance(node, Name) else node

    def comprehension(self, end: str) -> Node:
        self.skip()
        first, second = self.identifier(), None
        self.skip()
        if self.accept(","):
            self.skip()
            second = self.identifier()
            self.skip()
        if not self.word("in"):
            raise self.fault("'in'")
        self.skip()
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
        return For(first, second, collection, key, value, condition, groups)

    # templates

    def heredoc(self, marker: str, indented: bool) -> Node:
        end = re.compile(rf"^[ \t]*{re.escape(marker)}[ \t\r]*$", re.MULTILINE).search(self.text, self.at)
        if not end:
            raise self.fault(f"the end of the heredoc, {marker}")
        text = self.text[self.at : end.start()]
        self.at = end.end()
        return parse_template(textwrap.dedent(text) if indented else text)

    def template(self, literal: re.Pattern[str], end: str, unescape: Callable[[str], str]) -> Node:
        parts = self.parts(literal, end, unescape, ())
        if not parts:
            return Literal("")
        if len(parts) == 1:
            return parts[0]
        return Template(tuple(parts))

    def parts(
        self, literal: re.Pattern[str], end: str, unescape: Callable[[str], str], until: tuple[str, ...]
    ) -> list[Node]:
        """Parts up to `end`, or up to a directive of `until`, whose keyword is left to be read."""
        parts: list[Node] = []
        while True:
            if end and not until and self.accept(end):
                return parts
            if not end and not until and self.at == len(self.text):
                return parts
            if found := self.match(literal):
                parts.append(Literal(unescape(found.group())))
            elif self.accept("${"):
                self.accept("~")
                self.skip()
                parts.append(self.expression(lines=True))
                self.skip()
                self.accept("~")
                self.expect("}")
            elif self.accept("%{"):
                self.accept("~")
                self.skip()
                if any(re.compile(rf"{keyword}\b").match(self.text, self.at) for keyword in until):
                    return parts
                parts.append(self.directive(literal, end, unescape))
            else:
                raise self.fault(f"{end or 'the end'!r} of the text")

    def directive(self, literal: re.Pattern[str], end: str, unescape: Callable[[str], str]) -> Node:
        if self.word("if"):
            self.skip()
            condition = self.expression(lines=True)
            self.close()
            yes = self.parts(literal, end, unescape, ("else", "endif"))
            no: list[Node] = []
            if self.word("else"):
                self.close()
                no = self.parts(literal, end, unescape, ("endif",))
            self.word("endif")
            self.close()
            return Conditional(condition, _text(yes), _text(no))
        if self.word("for"):
            self.skip()
            first, second = self.identifier(), None
            self.skip()
            if self.accept(","):
                self.skip()
                second = self.identifier()
                self.skip()
            if not self.word("in"):
                raise self.fault("'in'")
            self.skip()
            collection = self.expression(lines=True)
            self.close()
            content = self.parts(literal, end, unescape, ("endfor",))
            self.word("endfor")
            self.close()
            loop = For(first, second, collection, None, _text(content), None, False)
            return Call("join", (Literal(""), loop), False)
        raise self.fault("'if' or 'for'")

    def close(self) -> None:
        self.skip()
        self.accept("~")
        self.expect("}")


def _text(parts: list[Node]) -> Node:
    return Template((Literal(""), *parts))


def _unescape_markers(text: str) -> str:
    return text.replace("$${", "${").replace("%%{", "%{")


def _unescape_quoted(text: str) -> str:
    def character(found: re.Match[str]) -> str:
        return _ESCAPES[found[1]] if found[1] else chr(int(found[2] or found[3], 16))

    return _unescape_markers(_ESCAPE.sub(character, text))
