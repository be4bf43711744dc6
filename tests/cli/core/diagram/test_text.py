"""How text is shortened: to a width, in the middle."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cli.core.diagram.text import shortened


def test_both_ends_stay() -> None:
    assert shortened("module.network.aws_subnet.private", 20) == "module.ne…t.private"
    assert shortened("short", 5) == "short"


def test_wide_characters_count_twice() -> None:
    assert shortened("注文サーバー", 12) == "注文サーバー"
    assert shortened("注文サーバー", 8) == "注文…ー"


@given(st.text(), st.integers(min_value=4, max_value=40))
def test_it_is_never_longer(text: str, most: int) -> None:
    found = shortened(text, most)
    assert len(found) <= most
    assert found == text or "…" in found
