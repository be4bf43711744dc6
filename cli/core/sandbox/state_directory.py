"""Where the sandbox of an environment keeps what it has, and what its server wrote down about itself."""

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
class Record:
    """What a running server wrote down about itself."""

    pid: int
    port: int
    account_id: str
    idle_minutes: float
    """Minutes without a request after which the server keeps its memory and stops."""

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
        """The place of an environment's sandbox; nothing is made."""
        directory = os.environ.get(DIRECTORY_VARIABLE)
        return cls((Path(directory).absolute() if directory else ROOT / ".sandbox") / environment)

    @property
    def alive(self) -> Path:
        """Locked by the server as long as it lives."""
        return self.directory / "server.lock"

    @property
    def starting(self) -> Path:
        """Locked by whoever starts, stops or resets the server."""
        return self.directory.parent / f".{self.directory.name}.lock"

    @property
    def log(self) -> Path:
        """One line per request, and what went wrong."""
        return self.directory / "server.log"

    @property
    def memory(self) -> Path:
        """What the server's backends held when it stopped."""
        return self.directory / "memory.pickle"

    @property
    def seeded(self) -> Path:
        """There when the sandbox made by itself what the bootstrap stack makes."""
        return self.directory / "seeded"

    @property
    def stacks(self) -> Path:
        """The directories that terraform is run in."""
        return self.directory / "stacks"

    def read(self) -> Record | None:
        """What the last server wrote down, alive or not; its port is used again. None where there was none."""
        try:
            return Record(**json.loads((self.directory / "server.json").read_bytes()))
        except FileNotFoundError:
            return None

    def write(self, record: Record) -> None:
        """Write down what a server is; done by the server when it accepts connections."""
        write_whole(self.directory / "server.json", json.dumps(asdict(record), indent=2).encode() + b"\n")

    def running(self) -> Record | None:
        """What the server wrote down, if it lives."""
        try:
            with self.alive.open("a") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileNotFoundError:
            return None
        except BlockingIOError:
            return self.read()
        return None
