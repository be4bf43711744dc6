"""Nothing more can be written: what was there is still there, nothing is half there, and nothing is forgotten.

The kernel refuses the writes, by the limit of this process for the size of files (RLIMIT_FSIZE). That needs no rights,
and differs from a disk that is full in the reason alone, `File too large`.
"""

from __future__ import annotations

import datetime
import re
import resource
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli.core.base.errors import ExitCode, InfraError, exit_code
from cli.core.operations.apply import apply_plan, load_saved
from cli.core.operations.apply_record import PENDING, RecordNotWritten
from cli.core.operations.recover import require_recovered
from cli.core.plans.saved_plan import save_plan
from cli.core.records import Records
from cli.core.records.model import STACK_RECORD, ApplyRecord, Result
from cli.ui.app import error_text
from tests.support.progress import CallbackReporter
from tests.support.saved_plans import NOW, plan, workspace_in, write

REASON = "File too large"


@pytest.fixture
def full() -> Iterator[Callable[[], None]]:
    """Makes the disk full: from the call on nobody can write a file of more than a few bytes. With `room` he can."""
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (64, limit[1]))
    room()


def room() -> None:
    """Let everybody write again."""
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))


@pytest.fixture(scope="module")
def there(terraform: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a saved plan, of which there is nothing yet."""
    directory = tmp_path_factory.mktemp("full")
    write(directory, "one")
    plan(directory)
    return directory


@pytest.mark.parametrize(
    ("at", "says"),
    [
        ("terraform plan", "terraform plan failed: .* no room left on the disk"),
        ("checking the plan", rf"store/plan.json.*{REASON}"),
    ],
)
def test_a_plan_that_cannot_be_written_leaves_the_one_before(
    there: Path, full: Callable[[], None], at: str, says: str
) -> None:
    before = contents(there / "store" / "saved")
    progress = CallbackReporter(step=lambda text: full() if text == at else None)
    with pytest.raises((InfraError, OSError)) as caught:
        plan(there, progress=progress)
    room()
    assert re.search(says, error_text(caught.value))
    assert exit_code(caught.value) is ExitCode.ERROR
    assert contents(there / "store" / "saved") == before
    assert not list((there / "store").glob("*.tfplan"))
    assert not list((there / "store").glob("*plan.json*"))
    assert not (there / "store" / "saved.new").exists()
    load_saved(workspace_in(there), NOW)


def test_a_plan_that_cannot_be_kept_leaves_the_one_before(there: Path, full: Callable[[], None]) -> None:
    kept = load_saved(workspace_in(there), NOW)
    before = contents(there / "store" / "saved")
    new = there / "store" / "new.tfplan"
    new.write_bytes(b"a plan")
    full()
    with pytest.raises(OSError, match=REASON) as caught:
        save_plan(kept.directory, new, b"{}" * 100, b"{}", evidence=kept.evidence)
    room()
    assert str(caught.value.filename).endswith("plan.json")
    assert contents(there / "store" / "saved") == before
    assert not (there / "store" / "saved.new").exists()


def test_the_next_run_records_an_apply_that_could_not_be_recorded(there: Path, full: Callable[[], None]) -> None:
    workspace = workspace_in(there)
    times = iter([lambda: None, full])  # the apply begins, and has ended

    def clock() -> datetime.datetime:
        next(times)()
        return NOW

    with pytest.raises(RecordNotWritten) as caught:
        apply_plan(workspace, load_saved(workspace, NOW), "", clock)
    room()
    assert exit_code(caught.value) is ExitCode.ERROR
    assert re.sub(r"-[0-9a-f]{12}", "-DIGEST", str(caught.value)) == (
        f"the apply of dev ended as succeeded, but its record cannot be written: {there}/records/000001-DIGEST.json: "
        f"{REASON}. What is known of it is kept in {there}/store; when there is room, the next infra plan writes the "
        "record"
    )
    assert contents(there / "records") == {}
    assert (there / "store" / PENDING).is_file()
    require_recovered(workspace)
    (record,) = Records(there / "records", STACK_RECORD).read()
    assert isinstance(record.data, ApplyRecord)
    assert record.data.result is Result.SUCCEEDED
    assert record.data.resources["terraform_data.a"].result == "done"
    assert record.data.outputs == ("o",)
    assert record.data.state.serial_after is not None
    assert record.data.state.serial_after > record.data.state.serial_before
    assert not (there / "store" / PENDING).exists()


def contents(directory: Path) -> dict[str, bytes]:
    """Every file in a directory, hidden ones too."""
    return {path.name: path.read_bytes() for path in directory.iterdir()}
