"""The sandbox's server process, seen from the command line: started, stopped, asked."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http import HTTPStatus
from http.client import HTTPException
from typing import Any

from cli.core.base.errors import InfraError
from cli.core.base.files import locked, owner_only_directory
from cli.core.base.project import ROOT
from cli.core.sandbox.state_directory import ServerRecord, StateDirectory

IDLE_MINUTES = 30.0
"""Minutes without a request after which a server stops by itself."""

_START_TIMEOUT = 60.0
_STOP_TIMEOUT = 30.0

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""Loopback is never asked through a proxy."""


class SandboxError(InfraError):
    """The sandbox cannot be started or reached."""


def up(
    state_directory: StateDirectory,
    account_id: str,
    *,
    idle_minutes: float = IDLE_MINUTES,
    waiting: Callable[[], None] = lambda: None,
) -> ServerRecord:
    """The running server of a state directory, started if there is none; what it held before, it still holds."""
    with locked(state_directory.starting, waiting=waiting):
        running = state_directory.running()
        if running is None:
            return _start(state_directory, account_id, idle_minutes)
    if running.account_id != account_id:
        raise SandboxError(
            f"the sandbox in {state_directory.directory} runs for account {running.account_id}, but the environment's "
            f"is {account_id}: run infra sandbox reset"
        )
    return running


def down(state_directory: StateDirectory, *, waiting: Callable[[], None] = lambda: None) -> bool:
    """Stop a server after it has written its memory to disk; whether one was running."""
    with locked(state_directory.starting, waiting=waiting):
        return _stop(state_directory)


def reset(state_directory: StateDirectory, *, waiting: Callable[[], None] = lambda: None) -> None:
    """Stop a server and remove everything: what it holds, terraform's state, the directories terraform ran in."""
    with locked(state_directory.starting, waiting=waiting):
        _stop(state_directory, forget=True)
        if state_directory.directory.exists():
            shutil.rmtree(state_directory.directory)


def ask(record: ServerRecord, path: str, data: Any = None) -> Any:
    """Send a request to a running server itself (`/sandbox-api/...`)."""
    request = urllib.request.Request(
        f"{record.endpoint}/sandbox-api/{path}", data=None if data is None else json.dumps(data).encode()
    )
    try:
        with _DIRECT.open(request, timeout=_STOP_TIMEOUT) as answer:
            return json.loads(answer.read())
    except urllib.error.HTTPError as error:
        body = error.read()
        problem = json.loads(body)["problem"] if error.code == HTTPStatus.INSUFFICIENT_STORAGE else body.decode()
        raise SandboxError(f"the sandbox at {record.endpoint}: {problem}") from error
    except (OSError, HTTPException) as error:
        raise SandboxError(f"the sandbox at {record.endpoint} does not answer: {error}") from error


def _start(state_directory: StateDirectory, account_id: str, idle_minutes: float) -> ServerRecord:
    """Start a server and wait until it accepts connections."""
    owner_only_directory(state_directory.directory)
    with state_directory.log.open("ab") as log:
        start = log.tell()
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "cli.core.sandbox.server", str(state_directory.directory), str(idle_minutes)],
            cwd=ROOT,
            env=_server_variables(account_id),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for the command, not for its sandbox
        )
    threading.Thread(target=process.wait, daemon=True).start()  # it outlives the command; until then nobody else waits
    deadline = time.monotonic() + _START_TIMEOUT
    while time.monotonic() < deadline:
        record = state_directory.running()
        if record is not None and record.pid == process.pid:
            return record
        if process.poll() is not None:
            break
        time.sleep(0.05)
    process.kill()
    process.wait()
    lines = state_directory.log.read_bytes()[start:].decode(errors="replace").strip().splitlines()
    raise SandboxError("\n  ".join(["the server of the sandbox did not start:", *lines[-5:]]))


def _server_variables(account_id: str) -> dict[str, str]:
    """The server's environment: nothing of AWS, moto as the sandbox wants it, and bytecode that is kept.

    Without bytecode moto takes four seconds to import, with it one.
    """
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "MOTO_"))}
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    return variables | {
        "PYTHONPATH": str(ROOT),
        "MOTO_ACCOUNT_ID": account_id,
        "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


def _stop(state_directory: StateDirectory, *, forget: bool = False) -> bool:
    """Ask a server to end and wait until it has; whether there was one."""
    record = state_directory.running()
    if record is None:
        return False
    ask(record, "stop", {"forget": forget})
    deadline = time.monotonic() + _STOP_TIMEOUT
    while state_directory.running() is not None:
        if time.monotonic() > deadline:
            raise SandboxError(f"the sandbox's server (process {record.pid}) does not stop; see {state_directory.log}")
        time.sleep(0.02)
    return True
