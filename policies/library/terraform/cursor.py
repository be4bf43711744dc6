"""A place in a text that is read from start to end, and the words that HCL is made of."""

from __future__ import annotations

import re

from policies.library.terraform.syntax import SyntaxFault

_SPACE = re.compile(r"(?:[ \t\r]+|/\*.*?\*/)+", re.DOTALL)
_SPACE_AND_LINES = re.compile(r"(?:\s+|/\*.*?\*/|(?:#|//)[^\n]*)+", re.DOTALL)
LINE_END = re.compile(r"(?:(?:#|//)[^\n]*)?(?:\n|\Z)")
IDENTIFIER = re.compile(r"[^\W\d][\w-]*")


class Cursor:
    """A text and how far it has been read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def fault(self, expected: str) -> SyntaxFault:
        """That something else was expected here."""
        line = self.text.count("\n", 0, self.at) + 1
        found = self.text[self.at : self.at + 20].split("\n")[0]
        return SyntaxFault(f"line {line}: {expected} expected, found {found!r}")

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """What a pattern matches here, which is then read."""
        match = pattern.match(self.text, self.at)
        if match:
            self.at = match.end()
        return match

    def skip(self, lines: bool = True) -> None:
        """Read spaces and comments, and line ends if `lines`."""
        self.match(_SPACE_AND_LINES if lines else _SPACE)

    def accept(self, token: str) -> bool:
        """Whether a token stands here, which is then read."""
        if self.text.startswith(token, self.at):
            self.at += len(token)
            return True
        return False

    def expect(self, token: str) -> None:
        """Read a token. Raises SyntaxFault if another one stands here."""
        if not self.accept(token):
            raise self.fault(repr(token))

    def word(self, keyword: str) -> bool:
        """Whether a word stands here, which is then read."""
        found = IDENTIFIER.match(self.text, self.at)
        if found and found.group() == keyword:
            self.at = found.end()
            return True
        return False

    def identifier(self) -> str:
        """Read a name. Raises SyntaxFault."""
        match = self.match(IDENTIFIER)
        if not match:
            raise self.fault("a name")
        return match.group()
