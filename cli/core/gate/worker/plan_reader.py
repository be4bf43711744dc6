"""Reads a plan as checkov does, without going through YAML. Imported by `faster` only.

checkov reads JSON with a loader of YAML 1.1 in Python, to know the lines of everything. `terraform show -json` writes
a plan on one line, so there is nothing to know: all is in the first. What is here makes the same values of such a text
from `json.loads`; whatever the two languages may take differently is left to checkov, and so is what is no plan.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NoReturn

from checkov.common.parsers.node import DictNode, ListNode, StrNode
from checkov.common.util.consts import MAX_IAC_FILE_SIZE
from checkov.common.util.file_utils import read_file_with_any_encoding
from checkov.terraform.context_parsers.tf_plan import parse as stock

Parsed = tuple[dict[str, Any], list[tuple[int, str]]] | tuple[None, None]

_REFUSED = re.compile(r"[^\x20-\x7E\xA0-\u2027\u202A-\uD7FF\uE000-\uFEFE\uFF00-\uFFFD\U00010000-\U0010ffff]|\\u[dD]")
"""What YAML takes for a line break, or refuses: control characters, byte order marks and surrogates."""
_FLOAT = re.compile(r"-?[0-9]+\.[0-9]+([eE][-+][0-9]+)?")
"""The numbers with a fraction or an exponent that are numbers in YAML 1.1; the others are texts."""
_LONGEST_KEY = 128
"""libyaml takes keys of up to 1,024 characters as they are written, where one can take six."""


class _FirstLine:
    """Where everything stands: all that checkov asks of a mark is its line. Copies are the mark itself."""

    __slots__ = ()
    line = 0

    def __reduce__(self) -> str:
        return "_MARK"


_MARK = _FirstLine()


class _OtherwiseInYamlError(Exception):
    """YAML may take this text for something else than JSON does."""


def parse(filename: str, out_parsing_errors: dict[str, str]) -> Parsed:
    """What checkov's function of this name answers: the plan, and its lines with their numbers."""
    try:
        content = read_file_with_any_encoding(file_path=Path(filename))
        plan = _read(content, filename)
    except Exception:  # not open: checkov's own parser decides, and what it refuses is a named failure
        return stock(filename, out_parsing_errors)
    return plan, list(enumerate(content.splitlines(keepends=True), 1))


def _read(content: str, filename: str) -> dict[str, Any]:
    """A plan on one line, as checkov's loader makes it. Raises an exception for any other text."""
    text = content.removesuffix("\n")
    if len(content) > MAX_IAC_FILE_SIZE or _REFUSED.search(text):
        raise _OtherwiseInYamlError
    nodes = _Nodes(filename)
    plan = json.loads(text, object_pairs_hook=nodes.mapping, parse_float=nodes.number, parse_constant=_refuse)
    if not isinstance(plan, DictNode) or not plan.keys() >= {"terraform_version", "planned_values"}:
        raise _OtherwiseInYamlError
    return plan


def _refuse(text: str) -> NoReturn:
    """Refuse a value that is text in YAML, such as NaN, or means something else to checkov."""
    raise _OtherwiseInYamlError(text)


class _Nodes:
    """Makes checkov's nodes. Equal texts share one, which is as good as a copy: nothing changes a text."""

    def __init__(self, filename: str) -> None:
        self._filename = filename
        self._texts: dict[str, StrNode] = {}
        self._keys: dict[str, StrNode] = {}

    def mapping(self, pairs: list[tuple[str, Any]]) -> DictNode:
        """A mapping, with what checkov adds to each."""
        keys = self._keys
        found: dict[str, Any] = {keys.get(key) or self._key(key): self._node(value) for key, value in pairs}
        if len(found) != len(pairs):
            raise _OtherwiseInYamlError
        found["__file__"], found["__startline__"], found["__endline__"] = self._filename, 1, 1
        return DictNode(found, _MARK, _MARK)

    def number(self, text: str) -> float | StrNode:
        """A number with a fraction or an exponent."""
        return float(text) if _FLOAT.fullmatch(text) else self._text(text)

    def _node(self, value: Any) -> Any:
        """A value; mappings are nodes already."""
        if type(value) is str:
            return self._texts.get(value) or self._text(value)
        if type(value) is list:
            for each in value:
                if type(each) is str and "${file(" in each:
                    _refuse(each)  # checkov puts the file there
            return ListNode([self._node(each) for each in value], _MARK, _MARK)
        return value

    def _text(self, value: str) -> StrNode:
        """A text for the first time."""
        node = self._texts[value] = StrNode(value, _MARK, _MARK)
        return node

    def _key(self, name: str) -> StrNode:
        """A key for the first time."""
        if len(name) > _LONGEST_KEY:
            _refuse(name)
        node = self._keys[name] = StrNode(name, _MARK, _MARK)
        return node
