"""Files of HCL to a syntax tree. Language: the HCL Native Syntax Specification."""

from __future__ import annotations

from functools import lru_cache

from policies.library.terraform.cursor import LINE_END
from policies.library.terraform.expressions import Expressions
from policies.library.terraform.syntax import Body, Literal, NestedBlock, Node


def parse_body(text: str) -> Body:
    """A whole file. Raises SyntaxFault."""
    parser = _Parser(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    return parser.body("")


@lru_cache(maxsize=4096)
def parse_template(text: str) -> Node:
    """The inside of a quoted template without HCL's escapes, as in Terraform JSON or a file. Raises SyntaxFault."""
    return Expressions(text).whole() if "${" in text or "%{" in text else Literal(text)


class _Parser(Expressions):
    """Reads bodies."""

    def body(self, end: str) -> Body:
        """A body up to its end, or to the end of the file. Raises SyntaxFault."""
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
                if not (end and self.text.startswith(end, self.at)) and not self.match(LINE_END):
                    raise self.fault("the end of the line")
            else:
                blocks.append(self.block(name))
        return Body(attributes, tuple(blocks))

    def block(self, type_: str) -> NestedBlock:
        """A block, after its type. Raises SyntaxFault."""
        labels: list[str] = []
        while not self.accept("{"):
            if self.accept('"'):
                label = self.quoted()
                if not isinstance(label, Literal):
                    raise self.fault("a constant label")
                labels.append(str(label.value))
            else:
                labels.append(self.identifier())
            self.skip(lines=False)
        return NestedBlock(type_, tuple(labels), self.body("}"))
