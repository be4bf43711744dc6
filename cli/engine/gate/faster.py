"""Puts faster functions in the place of some of checkov's (3.3.30). Imported by `scanner` only.

checkov's runners have no other way to be given these. Each answers what the function does that it replaces: tests
compare them, on any input. With another version of checkov nothing is replaced, which costs time only.
"""

from __future__ import annotations

import ast
import logging
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

import ply.yacc  # type: ignore[import-untyped]
from bc_jsonpath_ng import JSONPath
from bc_jsonpath_ng.ext.parser import ExtentedJsonPathParser
from bc_jsonpath_ng.parser import IteratorToTokenStream
from checkov.common.graph.graph_builder.graph_components import blocks
from checkov.terraform import plan_parser
from checkov.terraform.graph_builder.variable_rendering import evaluate_terraform, safe_eval_functions
from checkov.version import version

from cli.engine.gate import plan_reader

MADE_FOR = "3.3.30"
"""The version of checkov whose functions these are."""

_LONGEST = 10_000
"""Longest expression that is looked at here; asteval refuses longer ones at some length."""


def evaluate(input_str: str) -> Any:
    """The value of a Python expression, which checkov takes Terraform's for. Raises an exception if it has none.

    checkov makes an interpreter for each. Most are not Python, or a constant: that can be told without one.
    """
    if (
        isinstance(input_str, str)
        and 0 < len(input_str) < _LONGEST
        and not input_str.startswith(("try", "continue", "..."))
    ):
        match ast.parse(input_str).body:  # a SyntaxError is no value, as for checkov
            case [ast.Expr(value=ast.Constant(value=value))]:
                return safe_eval_functions.remove_unicode_null(value) if isinstance(value, str) else value
    return safe_eval_functions.evaluate(input_str)


def parse_path(path: str, debug: bool = False) -> JSONPath:  # noqa: ARG001
    """A JSON path."""
    return _PATHS.parse(path)


class _PathParser(ExtentedJsonPathParser):
    """The parser of JSON paths, with tables that are made once and not for each path."""

    _tables: Any = None

    def parse_token_stream(self, token_iterator: Any, start_symbol: str = "jsonpath") -> Any:
        """As the method it replaces."""
        if self._tables is None:
            self._tables = ply.yacc.yacc(
                module=self, debug=False, write_tables=False, start=start_symbol, errorlog=logging.getLogger(__name__)
            )
        return self._tables.parse(lexer=IteratorToTokenStream(token_iterator))  # type: ignore[no-untyped-call]


_PATHS = _PathParser()  # type: ignore[no-untyped-call]

REPLACED: Sequence[tuple[ModuleType, str, Callable[..., Any]]] = (
    (plan_parser, "parse", plan_reader.parse),
    (evaluate_terraform, "evaluate", evaluate),
    (blocks, "parse", parse_path),
)
"""The modules that call a function, its name there, and what replaces it."""


def replace() -> None:
    """Replace the functions. Raises AttributeError if one is not there."""
    if version != MADE_FOR:
        return
    for module, name, function in REPLACED:
        getattr(module, name)
        setattr(module, name, function)
