"""The checkout with the tiny system that the stories of a file share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.support.stories import Tiny, begun, make


@pytest.fixture(scope="module")
def tiny(terraform: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tiny]:
    """A checkout with the tiny system, planned once for dev in the sandbox so that it is known to have a provider."""
    made = make(tmp_path_factory.mktemp("tiny"))
    with begun(made, "plan", "dev", "--sandbox", code=2) as planned:
        yield replace(made, planned=planned)
