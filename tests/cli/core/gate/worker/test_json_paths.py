"""JSON paths are read as by checkov's own parser."""

from __future__ import annotations

import warnings
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # about what checkov imports
    from bc_jsonpath_ng.ext.parser import parse as stock_parse

    from cli.core.gate.worker import json_paths


def outcome(parse: Any, path: str) -> Any:
    """What a path is made of, or that it is none."""
    try:
        return tree(parse(path))
    except Exception:  # which one does not matter: checkov takes all of them for the same
        return "raises"


def tree(path: Any) -> Any:
    """A JSON path with all its parts."""
    if isinstance(path, (list, tuple)):
        return [tree(part) for part in path]
    return (type(path).__name__, tree(list(vars(path).items()))) if hasattr(path, "__dict__") else path


@settings(max_examples=25)  # the stock parser makes its tables for each
@given(
    st.lists(
        st.sampled_from(
            ["$", ".", "a", "b-c", "[0]", "[*]", "..", "*", '"x/y"', "[?(@.a==1)]", "|", "where", "`", "'"]
        ),
        max_size=6,
    ).map("".join)
)
def test_any_path_is_read_alike(path: str) -> None:
    assert outcome(json_paths.parse, path) == outcome(stock_parse, path)
