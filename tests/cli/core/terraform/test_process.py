"""A program that must not be cut off: what it says comes through, signals reach it, nobody's death ends it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from cli.core.terraform import process
from cli.core.terraform.process import run, wait_for_earlier
from tests.support.helpers import ROOT

WORKER = """
import os, signal, sys, time
stopped = []
def stop(*_):
    stopped.append(1)
    os.write(1, b"heard\\n")
signal.signal(signal.SIGINT, stop)
print("started", flush=True)
end = time.monotonic() + float(sys.argv[1])
while time.monotonic() < end and not stopped:
    time.sleep(0.02)
print("writing the state", flush=True)
time.sleep(0.5)
open(sys.argv[2], "w").write(f"state after {len(stopped)} signals")
sys.exit(3 if stopped else 0)
"""
"""Like terraform: at a signal it finishes what it does, writes its state, and ends."""


def test_lines_and_exit_code(tmp_path: Path) -> None:
    lines: list[bytes] = []
    script = "import sys; print('one'); sys.stdout.write('tw'); sys.stdout.flush(); print('o'); print('end', end='');"
    script += "print('oops', file=sys.stderr); sys.exit(7)"
    ended = run(
        [sys.executable, "-c", script],
        directory=tmp_path,
        environ=os.environ,
        output=tmp_path / "out.log",
        line=lines.append,
        interrupted=lambda _count: None,
    )
    assert lines == [b"one\n", b"two\n", b"end"]
    assert (ended.code, ended.interrupted, ended.errors) == (7, False, "oops\n")
    assert (tmp_path / "out.log").stat().st_mode & 0o777 == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"out.log", "running.lock"}


def test_what_the_program_writes_is_its_owner_s_alone(tmp_path: Path) -> None:
    """terraform leaves a state that it could not write in `errored.tfstate`, with all secrets."""
    run(
        [sys.executable, "-c", "open('errored.tfstate', 'w').write('secret')"],
        directory=tmp_path,
        environ=os.environ,
        output=tmp_path / "out.log",
        line=lambda _text: None,
        interrupted=lambda _is_passed_on: None,
    )
    assert (tmp_path / "errored.tfstate").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_lets_the_program_finish(tmp_path: Path, number: signal.Signals) -> None:
    signals: list[bool] = []
    before = signal.getsignal(number)
    timer = threading.Timer(0.5, os.kill, (os.getpid(), number))

    def line(text: bytes) -> None:
        if text == b"started\n":
            timer.start()

    ended = run(
        [sys.executable, "-c", WORKER, "20", str(tmp_path / "state")],
        directory=tmp_path,
        environ=os.environ,
        output=tmp_path / "out.log",
        line=line,
        interrupted=signals.append,
    )
    assert (ended.code, ended.interrupted, signals) == (3, True, [True])
    assert (tmp_path / "state").read_text() == "state after 1 signals"
    assert signal.getsignal(number) is before


@pytest.mark.parametrize(("deaf", "passed_on"), [(60.0, [True, False, False]), (0.0, [True, True, True])])
def test_a_workflow_that_is_cancelled_interrupts_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deaf: float, passed_on: list[bool]
) -> None:
    """GitHub sends SIGINT, then SIGTERM: terraform would take the second as the order to drop everything."""
    monkeypatch.setattr(process, "DEAF_SECONDS", deaf)
    signals: list[bool] = []
    numbers = [signal.SIGINT, signal.SIGTERM, signal.SIGTERM]

    def line(text: bytes) -> None:
        if text in (b"started\n", b"heard\n") and numbers:
            os.kill(os.getpid(), numbers.pop(0))
            while deaf and numbers and signals:  # of those nothing is heard
                os.kill(os.getpid(), numbers.pop(0))

    run(
        [sys.executable, "-c", WORKER, "20", str(tmp_path / "state")],
        directory=tmp_path,
        environ=os.environ,
        output=tmp_path / "out.log",
        line=line,
        interrupted=signals.append,
    )
    assert signals == passed_on
    assert (tmp_path / "state").read_text() == f"state after {sum(passed_on)} signals"


def test_an_error_of_ours_lets_the_program_finish(tmp_path: Path) -> None:
    def line(_text: bytes) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        run(
            [sys.executable, "-c", WORKER, "20", str(tmp_path / "state")],
            directory=tmp_path,
            environ=os.environ,
            output=tmp_path / "out.log",
            line=line,
            interrupted=lambda _count: None,
        )
    assert (tmp_path / "state").read_text() == "state after 1 signals"


def test_the_program_outlives_us(tmp_path: Path) -> None:
    """Killed, we take nothing with us: the program writes on and ends in its own time, and the next run waits."""
    script = (
        "import os, sys; from pathlib import Path; from cli.core.terraform.process import run;"
        "run(sys.argv[1:], directory=Path('.'), environ=os.environ, output=Path('out.log'), line=lambda text: "
        "print('line', flush=True), interrupted=lambda count: None)"
    )
    worker = [sys.executable, "-c", WORKER, "1", str(tmp_path / "state")]
    ours = subprocess.Popen(
        [sys.executable, "-c", script, *worker],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
    )
    assert ours.stdout is not None
    assert ours.stdout.readline() == b"line\n"
    ours.kill()
    ours.communicate()
    waited: list[str] = []
    wait_for_earlier(tmp_path, waited.append)
    assert [int(each) > 0 for each in waited] == [True]
    assert (tmp_path / "state").read_text() == "state after 0 signals"
    assert b"writing the state" in (tmp_path / "out.log").read_bytes()
