"""What every request passes before it comes to moto: the sandbox's own paths, and what is known of all requests."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

CONTROL = "/sandbox-api/"


class Front:
    """A WSGI application in front of moto's."""

    def __init__(self, moto: Application, memory: Path) -> None:
        self.stopping = threading.Event()
        self._moto = moto
        self._memory = memory
        self._last = time.monotonic()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        path = environ["PATH_INFO"]
        if path.startswith(CONTROL):
            return self._control(path.removeprefix(CONTROL), start_response)
        self._last = time.monotonic()
        return self._moto(environ, start_response)

    def wait(self, idle_seconds: float) -> None:
        """Return when the server is to stop."""
        while not self.stopping.wait(1):
            if time.monotonic() - self._last > idle_seconds:
                return

    def _control(self, what: str, start_response: StartResponse) -> Iterable[bytes]:
        if what == "stop":
            self.stopping.set()
        body = json.dumps({}).encode()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]
