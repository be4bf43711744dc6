"""Where statements and conditions of policies are written, by file and line.

Terraform's values do not say where they were written, so the line is looked for in the text: in the block of the
resource and in each aws_iam_policy_document that it names. What cdktf wrote has the line of Python that makes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from policies.access.model import PolicyStatement
from policies.library.documents import Condition
from policies.library.model import Resource

_BLOCK = re.compile(r"^(?:[a-z]+)\b[^\n=]*\{", re.MULTILINE)
_STATEMENT = re.compile(r'^\s*statement\s*\{|"?\bEffect\b"?\s*[=:]', re.MULTILINE)
_DOCUMENT = re.compile(r"\bdata\.(aws_iam_policy_document)\.([\w-]+)")


@dataclass(frozen=True)
class _Span:
    """A part of a file."""

    file: Path
    begin: int
    end: int

    @property
    def text(self) -> str:
        """The part."""
        return _read(self.file)[self.begin : self.end]

    def line(self, at: int) -> str:
        """A place in the part, as file and line."""
        number = _read(self.file).count("\n", 0, self.begin + at) + 1
        return f"{self.file}:{number}"


def line_of(statement: PolicyStatement) -> str:
    """The file and line on which a statement is written, or what declares it; empty where nobody knows."""
    resource = statement.origin.resource
    if resource is None:
        return ""
    if resource.source_lines:
        return resource.source_lines[0]
    found = _statement(resource, statement)
    return found[0].line(found[1]) if found else ""


def line_of_condition(statement: PolicyStatement, condition: Condition) -> str:
    """The file and line on which a condition is written; empty where it is not found."""
    resource = statement.origin.resource
    found = _statement(resource, statement) if resource is not None and not resource.source_lines else None
    if found is None:
        return ""
    span, at = found
    key = condition.label.rpartition(" ")[2]
    place = span.text.find(key, at)
    return span.line(place) if place >= 0 else ""


def _statement(resource: Resource, statement: PolicyStatement) -> tuple[_Span, int] | None:
    """The part of a file in which a statement is, and where it begins there."""
    header = _block(Path(resource.file), "data" if resource.type.startswith("data.") else "resource", resource)
    if header is None:
        return None
    spans = [header, *_documents(header)]
    if statement.sid:
        sid = re.compile(rf'"?\bSid\b"?\s*[=:]\s*"{re.escape(statement.sid)}"', re.IGNORECASE)
        for span in spans:
            found = sid.search(span.text)
            if found:
                return span, found.start()
    for span in reversed(spans):
        begins = [each.end() - 1 for each in _STATEMENT.finditer(span.text)]
        if statement.origin.statement and statement.origin.statement <= len(begins):
            return span, begins[statement.origin.statement - 1]
    attribute = re.search(rf"^\s*{re.escape(statement.origin.part)}\s*=", header.text, re.MULTILINE)
    return header, attribute.end() - 1 if attribute else 0


def _documents(span: _Span) -> Iterator[_Span]:
    """The policy documents that a part of a file names, in files of its directory."""
    for type_, name in dict.fromkeys(_DOCUMENT.findall(span.text)):
        for file in sorted(span.file.parent.glob("*.tf")):
            found = _labelled(file, "data", type_, name)
            if found is not None:
                yield found


def _block(file: Path, keyword: str, resource: Resource) -> _Span | None:
    return _labelled(file, keyword, resource.type.removeprefix("data."), resource.name)


def _labelled(file: Path, keyword: str, type_: str, name: str) -> _Span | None:
    text = _read(file)
    header = re.compile(rf'^{keyword}\s+"?{re.escape(type_)}"?\s+"?{re.escape(name)}"?\s*\{{', re.MULTILINE)
    found = header.search(text)
    if found is None:
        return None
    following = _BLOCK.search(text, found.end())
    return _Span(file, found.start(), following.start() if following else len(text))


@lru_cache(maxsize=256)
def _read(file: Path) -> str:
    """The text of a file of HCL; nothing of any other, such as a plan."""
    if file.suffix not in (".tf", ".tofu") or not file.is_file():
        return ""
    return file.read_text(encoding="utf-8", errors="replace")
