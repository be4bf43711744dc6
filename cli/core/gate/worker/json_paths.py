"""Makes the tables of checkov's parser of JSON paths once per process, instead of once per path.

Without it, the worker takes 1.2 times as long on three environments (`benchmarks/check.py --patches`). To remove it:
delete this file, its test and the call in `scanner`.
"""

from __future__ import annotations

import logging
from typing import Any

import ply.yacc  # type: ignore[import-untyped]
from bc_jsonpath_ng import JSONPath
from bc_jsonpath_ng.ext.parser import ExtentedJsonPathParser
from bc_jsonpath_ng.parser import IteratorToTokenStream
from checkov.common.graph.graph_builder.graph_components import blocks


class _Parser(ExtentedJsonPathParser):
    """The parser of JSON paths, with its tables. It needs this docstring: it checks that it has one."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._yacc = ply.yacc.yacc(
            module=self, debug=False, write_tables=False, start="jsonpath", errorlog=logging.getLogger(__name__)
        )

    def parse_token_stream(self, token_iterator: Any, start_symbol: str = "jsonpath") -> Any:  # noqa: ARG002
        """As the method that it overrides."""
        return self._yacc.parse(lexer=IteratorToTokenStream(token_iterator))  # type: ignore[no-untyped-call]


_PARSER = _Parser()


def parse(path: str, debug: bool = False) -> JSONPath:  # noqa: ARG001
    """What checkov's function of this name answers."""
    return _PARSER.parse(path)


def install() -> None:
    """Give checkov this function in place of its own."""
    blocks.parse = parse  # type: ignore[attr-defined]
