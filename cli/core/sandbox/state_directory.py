"""The state directory of an environment's sandbox, and the file in which its server describes itself."""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from cli.core.base.files import write_whole
from cli.core.base.project import ROOT

DIRECTORY_VARIABLE = "INFRA_SANDBOX_DIRECTORY"
"""Environment variable that names another directory than `.sandbox` in the checkout."""


@dataclass(frozen=True, slots=True)
class ServerRecord:
    """What a running server says about itself."""

    pid: int
    port: int
    account_id: str
    idle_minutes: float
    """Minutes without a request after which the server saves its memory and stops."""

    @property
    def endpoint(self) -> str:
        """The URL that stands for every AWS service."""
        return f"http://127.0.0.1:{self.port}"


@dataclass(frozen=True, slots=True)
class StateDirectory:
    """The directory of one environment's sandbox."""

    directory: Path

    @classmethod
    def of(cls, environment: str) -> StateDirectory:
        """The directory of an environment's sandbox; nothing is created."""
        directory = os.environ.get(DIRECTORY_VARIABLE)
        return cls((Path(directory).absolute() if directory else ROOT / ".sandbox") / environment)

    @property
    def alive(self) -> Path:
        """Locked by the server as long as it runs."""
        return self.directory / "server.lock"

    @property
    def starting(self) -> Path:
        """Locked by whoever starts, stops or resets the server."""
        return self.directory.parent / f".{self.directory.name}.lock"

    @property
    def log(self) -> Path:
        """One line per request, and errors."""
        return self.directory / "server.log"

    @property
    def memory(self) -> Path:
        """The content of the server's backends when it stopped."""
        return self.directory / "memory.pickle"

    @property
    def seeded(self) -> Path:
        """Exists when the sandbox created by itself what the bootstrap stack creates."""
        return self.directory / "seeded"

    @property
    def stacks(self) -> Path:
        """The directories in which terraform runs."""
        return self.directory / "stacks"

    def read(self) -> ServerRecord | None:
        """The record of the last server, running or not; its port is used again. None if there was none."""
        try:
            return ServerRecord(**json.loads((self.directory / "server.json").read_bytes()))
        except FileNotFoundError:
            return None

    def write(self, record: ServerRecord) -> None:
        """Write the record; the server does so when it accepts connections."""
        write_whole(self.directory / "server.json", json.dumps(asdict(record), indent=2).encode() + b"\n")

    def running(self) -> ServerRecord | None:
        """The record of the server, if it runs."""
        try:
            with self.alive.open("a") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileNotFoundError:
            return None
        except BlockingIOError:
            return self.read()
        return None
