"""What checkov works out of a text is remembered, and nothing else changes."""

from __future__ import annotations

from typing import Any

import pytest

from cli.core.gate.worker.evaluations import remembered


def test_a_text_is_worked_out_once_and_lists_are_copies() -> None:
    texts: list[str] = []

    def evaluate(text: str) -> Any:
        texts.append(text)
        return [text]

    answer = remembered(evaluate)
    first = answer("a")
    first.append("changed")
    assert answer("a") == ["a"]
    assert texts == ["a"]


def test_errors_are_remembered_and_what_changes_is_not() -> None:
    texts: list[str] = []

    def evaluate(text: str) -> Any:
        texts.append(text)
        raise ValueError(text)

    answer = remembered(evaluate)
    for text in ("a", "a", "timestamp()", "timestamp()"):
        with pytest.raises(ValueError, match=text.rstrip("()")):
            answer(text)
    assert texts == ["a", "timestamp()", "timestamp()"]
