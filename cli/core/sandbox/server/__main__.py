"""Runs the server of one sandbox: `python -m cli.core.sandbox.server DIRECTORY IDLE_MINUTES`."""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import threading
from pathlib import Path

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import BaseWSGIServer, make_server

from cli.core.sandbox.server import repairs
from cli.core.sandbox.server.front import Front, Handler
from cli.core.sandbox.server.memory import Memory, NotRemembered
from cli.core.sandbox.server.services import SERVICES
from cli.core.sandbox.state_directory import ServerRecord, StateDirectory


def main(directory: Path, idle_minutes: float) -> None:
    """Serve until told to stop, or until nobody has asked for ``idle_minutes``."""
    state_directory = StateDirectory(directory)
    with state_directory.alive.open("a") as alive:
        fcntl.flock(alive, fcntl.LOCK_EX)  # whoever looks whether it is held holds it for an instant
        account_id = os.environ["MOTO_ACCOUNT_ID"]
        repairs.apply()
        services = [service() for service in SERVICES]
        memory = Memory(state_directory.memory, services)
        try:
            memory.load()
        except NotRemembered as error:
            raise SystemExit(str(error)) from None
        front = Front(DomainDispatcherApplication(create_backend_app), services, memory, account_id)
        server = _listen(state_directory, front)
        signal.signal(signal.SIGTERM, lambda *_: front.stopping.set())
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        state_directory.write(ServerRecord(os.getpid(), server.server_port, account_id, idle_minutes))
        front.wait(idle_minutes * 60)
        server.shutdown()
        thread.join()
        front.save()


def _listen(state_directory: StateDirectory, front: Front) -> BaseWSGIServer:
    """Listen on the port of the last time, which saved plans know, else on any."""
    last = state_directory.read()
    for port in [last.port, 0] if last else [0]:
        try:
            return make_server("127.0.0.1", port, front, threaded=True, request_handler=Handler)
        except (OSError, SystemExit):  # werkzeug prints that a port is taken, and exits
            continue
    raise SystemExit("no port on loopback can be listened on")


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
