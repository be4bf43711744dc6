"""Templates: text with expressions and directives in it, quoted, in heredocs or as a whole file."""

from __future__ import annotations

import re
import sys
import textwrap
from abc import ABC, abstractmethod

from policies.library.terraform.cursor import Cursor
from policies.library.terraform.syntax import Call, Conditional, For, Literal, Node, Template

_ESCAPE = re.compile(r'\\(?:([nrt"\\])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))')
_QUOTED = re.compile(r'(?:\$\$\{|%%\{|\$(?!\{)|%(?!\{)|\\.|[^"$%\\\n])+')
_PLAIN = re.compile(r"(?:\$\$\{|%%\{|\$(?!\{)|%(?!\{)|[^$%])+")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


class Templates(Cursor, ABC):
    """Reads templates; `Expressions` reads what stands in them."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._trims = False
        """Whether what was read last ends with `~}`, so that the space after it does not count."""

    @abstractmethod
    def expression(self, lines: bool) -> Node:
        """An expression. Raises SyntaxFault."""

    def quoted(self) -> Node:
        """A quoted template, after its first quotation mark. Raises SyntaxFault."""
        return _joined(self._parts(_QUOTED, '"', ()))

    def whole(self) -> Node:
        """A template that is all of the text, without HCL's escapes. Raises SyntaxFault."""
        return _joined(self._parts(_PLAIN, "", ()))

    def heredoc(self, marker: str, indented: bool) -> Node:
        """A heredoc, after the line that opens it. Raises SyntaxFault."""
        end = re.compile(rf"^[ \t]*{re.escape(marker)}[ \t\r]*$", re.MULTILINE).search(self.text, self.at)
        if not end:
            raise self.fault(f"the end of the heredoc, {marker}")
        text = self.text[self.at : end.start()]
        self.at = end.end()
        return type(self)(textwrap.dedent(text) if indented else text).whole()

    def _parts(self, literal: re.Pattern[str], end: str, until: tuple[str, ...]) -> list[Node]:
        """Parts up to `end`, or up to a directive of `until`, whose keyword is left to be read."""
        parts: list[Node] = []
        while True:
            if end and not until and self.accept(end):
                return parts
            if not end and not until and self.at == len(self.text):
                return parts
            trims, self._trims = self._trims, False
            if found := self.match(literal):
                text = self._unescaped(found.group(), is_quoted=literal is _QUOTED)
                parts.append(Literal(text.lstrip() if trims else text))
            elif self.accept("${"):
                self._open(parts)
                parts.append(self.expression(lines=True))
                self._close()
            elif self.accept("%{"):
                self._open(parts)
                if any(re.compile(rf"{keyword}\b").match(self.text, self.at) for keyword in until):
                    return parts
                parts.append(self._directive(literal, end))
            else:
                raise self.fault(f"{end or 'the end'!r} of the text")

    def _unescaped(self, text: str, *, is_quoted: bool) -> str:
        """Text without the escapes of templates, and of quoted ones."""

        def character(found: re.Match[str]) -> str:
            if found[1]:
                return _ESCAPES[found[1]]
            code = int(found[2] or found[3], 16)
            if code > sys.maxunicode or 0xD800 <= code <= 0xDFFF:
                raise self.fault(f"a character instead of {found[0]}")
            return chr(code)

        plain = _ESCAPE.sub(character, text) if is_quoted else text
        return plain.replace("$${", "${").replace("%%{", "%{")

    def _open(self, parts: list[Node]) -> None:
        """Read what follows `${` or `%{`: `~` takes the space before it away."""
        if self.accept("~") and parts and isinstance(parts[-1], Literal):
            parts[-1] = Literal(str(parts[-1].value).rstrip())
        self.skip()

    def _close(self) -> None:
        """Read `}` or `~}`."""
        self.skip()
        self._trims = self.accept("~")
        self.expect("}")

    def _directive(self, literal: re.Pattern[str], end: str) -> Node:
        """A directive, after `%{`."""
        if self.word("if"):
            self.skip()
            condition = self.expression(lines=True)
            self._close()
            yes = self._parts(literal, end, ("else", "endif"))
            no: list[Node] = []
            if self.word("else"):
                self._close()
                no = self._parts(literal, end, ("endif",))
            self.word("endif")
            self._close()
            return Conditional(condition, _text(yes), _text(no))
        if self.word("for"):
            first, second = self.loop_names()
            collection = self.expression(lines=True)
            self._close()
            content = self._parts(literal, end, ("endfor",))
            self.word("endfor")
            self._close()
            loop = For(first, second, collection, key=None, value=_text(content), condition=None, groups=False)
            return Call("join", (Literal(""), loop), False)
        raise self.fault("'if' or 'for'")

    def loop_names(self) -> tuple[str, str | None]:
        """The names of a loop, after `for` up to what follows `in`. Raises SyntaxFault."""
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
        return first, second


def _joined(parts: list[Node]) -> Node:
    if not parts:
        return Literal("")
    return parts[0] if len(parts) == 1 else Template(tuple(parts))


def _text(parts: list[Node]) -> Node:
    return Template((Literal(""), *parts))
