"""Puts faster functions in the place of some of checkov's (3.3.30). Imported by `scanner` only.

checkov's runners have no other way to be given these. Each answers what the function does that it replaces: tests
compare them, on any input. With another version of checkov nothing is replaced, which costs time only.
"""

from __future__ import annotations

import ast
import logging
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any
from weakref import WeakKeyDictionary

import ply.yacc  # type: ignore[import-untyped]
from bc_jsonpath_ng import JSONPath
from bc_jsonpath_ng.ext.parser import ExtentedJsonPathParser
from bc_jsonpath_ng.parser import IteratorToTokenStream
from checkov.common.graph.checks_infra.base_check import BaseGraphCheck
from checkov.common.graph.graph_builder.graph_components import blocks
from checkov.common.graph.graph_builder.graph_components.attribute_names import CustomAttributes
from checkov.common.runners.base_runner import BaseRunner
from checkov.common.util.data_structures_utils import pickle_deepcopy
from checkov.terraform import base_runner as terraform_runner
from checkov.terraform import plan_parser
from checkov.terraform.graph_builder.graph_components.blocks import TerraformBlock
from checkov.terraform.graph_builder.local_graph import TerraformLocalGraph
from checkov.terraform.graph_builder.variable_rendering import evaluate_terraform, safe_eval_functions
from checkov.terraform.modules.module_objects import TFModule
from checkov.version import version

from cli.core.gate.worker import plan_reader
from policies.checkov.adapter import RuleCheck

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
_INDEXED: WeakKeyDictionary[Any, dict[int, tuple[Mapping[str, list[int]], int, list[str]]]] = WeakKeyDictionary()
_choose_connected_nodes = BaseRunner._update_check_correct_connected_node


def inner_attributes(
    cls: type[TerraformBlock],  # noqa: ARG001
    attribute_key: str,
    attribute_value: Any,
    strip_list: bool = True,
) -> dict[str, Any]:
    """An attribute and all that is in it, by dotted names; lists of one element are that element.

    checkov merges a new mapping into another for every value.
    """
    found: dict[str, Any] = {}
    _add_inner(found, attribute_key, attribute_value, strip_list)
    return found


def _add_inner(found: dict[str, Any], name: str, value: Any, strip_list: bool = True) -> None:
    """Add an attribute and what is in it."""
    if strip_list and isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, (dict, list)):
        found[name] = value
        return
    steps: Sequence[Any] = list(value) if isinstance(value, dict) else range(len(value))
    held: Any = {} if isinstance(value, dict) else [None] * len(value)
    found[name] = held
    for step in steps:
        if step == "":
            del value[step]
            continue
        inner = f"{name}.{step}"
        _add_inner(found, inner, value[step])
        held[step] = found[inner]


def possible_vertices(
    graph: TerraformLocalGraph, module_dependency_by_name_key: TFModule | None, block_type: str, name: str
) -> list[int]:
    """The vertices that a name in a module may stand for; of those that have an index, the first with any.

    checkov compares each name that is none with the names of all that have one.
    """
    names = graph.vertices_by_module_dependency_by_name.get(module_dependency_by_name_key, {}).get(block_type, {})
    found = names.get(name) or names.get(name.replace('["', "[").replace('"]', "]"))
    return found or next((names[each] for each in _indexed(graph, names) if each.startswith(f"{name}[")), [])


def _indexed(graph: TerraformLocalGraph, names: Mapping[str, list[int]]) -> list[str]:
    """The names with an index, looked for again when there are more names. None goes, or changes."""
    if not names:
        return []
    held = _INDEXED.setdefault(graph, {})
    known = held.get(id(names))
    if known is None or known[1] != len(names):
        known = held[id(names)] = (names, len(names), [name for name in names if "[" in name])
    return known[2]


def copy_of_result(result: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a graph check's result, but for the entity: checkov puts something else in its place."""
    return {name: value if name == "entity" else pickle_deepcopy(value) for name, value in result.items()}


def choose_connected_nodes(results: dict[BaseGraphCheck, list[Any]]) -> None:
    """Make the entities of results independent of each other, and choose the connected node of each.

    checkov copies every entity with all that is in it. Those of our rules are made for one result, and connected to
    nothing.
    """
    stock = {
        check: found
        for check, found in results.items()
        if not isinstance(check, RuleCheck) or any(CustomAttributes.CONNECTED_NODE in each["entity"] for each in found)
    }
    _choose_connected_nodes(stock)


REPLACED: Sequence[tuple[ModuleType | type, str, Any]] = (
    (plan_parser, "parse", plan_reader.parse),
    (evaluate_terraform, "evaluate", evaluate),
    (blocks, "parse", parse_path),
    (TerraformBlock, "get_inner_attributes", classmethod(inner_attributes)),
    (TerraformLocalGraph, "_get_possible_vertices", possible_vertices),
    (terraform_runner, "pickle_deepcopy", copy_of_result),
    (BaseRunner, "_update_check_correct_connected_node", staticmethod(choose_connected_nodes)),
)
"""The modules that call a function, or the class that has it, its name there, and what replaces it."""


def replace() -> None:
    """Replace the functions. Raises AttributeError if one is not there."""
    if version != MADE_FOR:
        return
    for owner, name, function in REPLACED:
        getattr(owner, name)
        setattr(owner, name, function)
