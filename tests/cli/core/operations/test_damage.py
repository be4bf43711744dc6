"""A state that is kept in a file, and over which terraform was killed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.stories import Tiny, begun, make

BOOTSTRAP = ("bootstrap", "dev", "--sandbox", "--yes")
RECOVER = ("recover", "dev", "--bootstrap", "--sandbox", "--yes")


@pytest.fixture
def bootstrapped(terraform: str, tmp_path: Path) -> Iterator[Tiny]:
    """A checkout of which the bootstrap stack of dev is applied."""
    made = make(tmp_path)
    with begun(made, *BOOTSTRAP, code=0):
        yield made


def test_a_state_that_was_being_written_is_put_back(bootstrapped: Tiny) -> None:
    state = bootstrapped.sandbox / "dev" / "stacks" / "dev-bootstrap" / "terraform.tfstate"
    before = state.read_bytes()
    shutil.copy(state, state.with_name(f"{state.name}.backup"))
    for damaged in (b"", before[:100]):
        state.write_bytes(damaged)
        refused = bootstrapped.data(*BOOTSTRAP, code=10)
        assert refused["refused"] == "unfinished-apply"
        assert f"the state was being written when it ended, and is not whole: {state}" in refused["message"]
        assert "infra recover dev --bootstrap --sandbox puts the state in order" in refused["message"]
        assert bootstrapped.infra(*RECOVER).stdout.startswith("the state of before is put back\nin order, record")
        assert state.read_bytes() == before
        assert state.stat().st_mode & 0o077 == 0
    assert bootstrapped.data(*BOOTSTRAP)["result"] == "unchanged"
