"""A state that is kept in a file: terraform was killed over it, or the machine that has it is gone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from envs.load import load
from tests.support.stories import Tiny, begun, make

BOOTSTRAP = ("bootstrap", "dev", "--sandbox", "--yes")
RECOVER = ("recover", "dev", "--bootstrap", "--sandbox", "--yes")


@pytest.fixture(scope="module")
def bootstrapped(terraform: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tiny]:
    """A checkout of which the bootstrap stack of dev is applied."""
    made = make(tmp_path_factory.mktemp("bootstrapped"))
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


def test_another_machine_takes_the_copy_and_without_one_the_records(bootstrapped: Tiny) -> None:
    state = bootstrapped.sandbox / "dev" / "stacks" / "dev-bootstrap" / "terraform.tfstate"
    account = bootstrapped.client("s3")
    settings = load("dev")
    copy = {"Bucket": settings.state_bucket, "Key": "dev-bootstrap/terraform.tfstate"}
    whole = state.read_bytes()
    assert account.get_object(**copy)["Body"].read() == whole
    shutil.rmtree(state.parent)
    done = bootstrapped.infra(*BOOTSTRAP)
    assert f"dev-bootstrap: its state comes from {settings.state_bucket}" in done.stderr
    assert "dev-bootstrap: no changes" in done.stdout
    assert state.read_bytes() == whole
    state.unlink()
    account.delete_object(**copy)
    refused = bootstrapped.data(*BOOTSTRAP, code=10)
    assert refused["refused"] == "state-lost"
    assert "infra recover dev --bootstrap --sandbox imports what the records have" in refused["message"]
    (adopted,) = bootstrapped.data(*RECOVER)["adopted"].values()
    assert adopted == settings.state_bucket
    assert bootstrapped.data(*BOOTSTRAP)["plan"]["counts"] == {"import": 1}
    assert account.get_object(**copy)["Body"].read() == state.read_bytes()
