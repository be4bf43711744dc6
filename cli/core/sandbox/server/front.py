"""What every request passes before it comes to moto: counted, failed where asked for, answered where moto cannot.

A request is done when its answer is complete. Memory is written when none is under way, so it holds no half changes.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import traceback
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from moto.core.exceptions import ServiceException
from moto.moto_server.werkzeug_app import MotoRequestHandler

from cli.core.sandbox.faults import Point
from cli.core.sandbox.server import memory
from cli.core.sandbox.server.operations import Operation, answer, body_of, identify, parameters
from cli.core.sandbox.server.seed import put_archives, seed
from cli.core.sandbox.server.service import AwsError, Call, Parameters, Result, Service

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

_ANSWERS_KEPT = 500
"""Answers kept for attempts that come again; a client has no more requests under way than terraform has operations."""

_THEN = "sandbox.then"
"""Key of a request's WSGI environment: what is to be done when its answer has been sent."""

CONTROL = "/sandbox-api/"
"""Paths by which the command line talks to the server; AWS has none that begin so."""

FAILED = AwsError("AccessDenied", "The sandbox was told to fail here (infra sandbox up --fail-at)")


class Answer(NamedTuple):
    """An answer of a WSGI application."""

    status: str
    headers: list[tuple[str, str]]
    content: bytes


UNAVAILABLE = Answer("503 Service Unavailable", [("Content-Length", "0")], b"")
"""What AWS answers when it cannot; its clients try again."""


class Handler(MotoRequestHandler):
    """Says when an answer has been sent, or its client is gone; close() of an answer is not called in every case."""

    environ: Environ

    def run_wsgi(self) -> None:
        """Answer a request."""
        self.environ = {}
        try:
            super().run_wsgi()
        finally:
            for then in self.environ.get(_THEN, ()):
                then()


class Front:
    """A WSGI application in front of moto's."""

    def __init__(
        self, moto: Application, services: Iterable[Service], remember: memory.Memory, account_id: str
    ) -> None:
        self.stopping = threading.Event()
        self._moto = moto
        self._services = {service.name: service for service in services}
        self._memory = remember
        self._account_id = account_id
        self._calling = threading.RLock()
        self._idle = threading.Condition()
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._under_way = 0
        self._last = time.monotonic()
        self._operations = 0
        self._changes = 0
        self._dying = False
        self._unsaved = False
        self._problem: str | None = None
        self._fail: Point | None = None
        self._die: Point | None = None
        self._hold: Point | None = None
        self._holding = False

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        path = environ["PATH_INFO"]
        if path.startswith(CONTROL):
            return self._control(path.removeprefix(CONTROL), environ, start_response)
        body = body_of(environ)
        operation = identify(environ, body)
        if self._is_held(operation):
            given = UNAVAILABLE
        else:
            self._enter(operation)
            environ[_THEN] = [self._leave]
            given = self._answer(operation, environ, body)
        start_response(given.status, given.headers)
        return [given.content]

    def wait(self, idle_seconds: float) -> None:
        """Return when the server is to stop; meanwhile write memory whenever it has been quiet for a second."""
        while not self.stopping.wait(1):
            quiet = time.monotonic() - self._last
            if quiet > idle_seconds and self._under_way == 0:
                return
            if quiet > 1 and self._unsaved and self._problem is None:
                self.save()

    def save(self) -> None:
        """Write memory when nothing is under way; what comes meanwhile waits. Where it fails, `status` says so."""
        with self._idle:
            self._idle.wait_for(lambda: self._under_way == 0)
            if self._unsaved:
                try:
                    self._memory.save()
                except memory.NotRemembered as error:
                    self._problem = str(error)
                else:
                    self._unsaved, self._problem = False, None

    def _enter(self, operation: Operation) -> None:
        """Count a request. Where the sandbox is to die, let what is under way end, write memory and be gone."""
        with self._idle:
            self._idle.wait_for(lambda: not self._dying)  # never comes to pass: what comes now is not carried out
            self._last = time.monotonic()
            self._operations += 1
            self._changes += operation.is_change
            if self._die is not None and self._die.passes(str(operation), operation.is_change):
                self._dying = True
                self._idle.wait_for(lambda: self._under_way == 0)
                self._memory.save()
                sys.stderr.write(f"dying at {operation}, as told\n")
                sys.stderr.flush()
                os._exit(1)
            self._unsaved |= operation.is_change
            self._under_way += 1

    def _is_held(self, operation: Operation) -> bool:
        """Wait where nothing is to be answered any more. What waited is not carried out: its client tries again."""
        with self._idle:
            if self._hold is not None and not self._holding:
                self._holding = self._hold.passes(str(operation), operation.is_change)
            if not self._holding:
                return False
            self._idle.wait_for(lambda: not self._holding)
            return True

    def _leave(self) -> None:
        with self._idle:
            self._under_way -= 1
            self._last = time.monotonic()
            self._idle.notify_all()

    def _answer(self, operation: Operation, environ: Environ, body: bytes) -> Answer:
        """Give the answer of a request. One that is sent again, as its answer was lost, is not carried out again.

        Clients of AWS give all attempts at a request one id (Amz-Sdk-Invocation-Id). AWS itself knows attempts by
        tokens in the request, which moto ignores.
        """
        invocation = environ.get("HTTP_AMZ_SDK_INVOCATION_ID") if operation.is_change else None
        given = self._answers.get(invocation) if invocation else None
        if given is None:
            given = self._made(operation, environ, body)
            if invocation and given.status.startswith("2"):
                self._answers[invocation] = given
                while len(self._answers) > _ANSWERS_KEPT:
                    self._answers.popitem(last=False)
        return given

    def _made(self, operation: Operation, environ: Environ, body: bytes) -> Answer:
        """Answer by ourselves what moto cannot, pass on the rest, and complete what moto forgets."""
        try:
            if self._fails(operation):
                return _own_answer(operation, environ, FAILED)
            call = Call(self._account_id, operation.region)
            own = operation.model and operation.method(self._services.get(operation.service))
            after = operation.model and operation.method(self._services.get(operation.service), "after_")
            given = parameters(operation, environ, body) if own or after else {}
            result = self._own(own, call, given) if own else None
            if result is not None:
                return _own_answer(operation, environ, result)
            said = _moto_answer(self._moto, environ)
            if after and said.status.startswith("2"):
                self._own(after, call, given)
            return said
        except Exception:  # a mistake here must reach the log and the client, as in moto's own server
            traceback.print_exc()
            text = traceback.format_exc().encode()
            return Answer("500 Internal Server Error", [("Content-Length", str(len(text)))], text)

    def _own(self, method: Callable[[Call, Parameters], Result], call: Call, given: Parameters) -> object:
        """Call a service's method; its errors are answers. One at a time, as each changes what others read."""
        with self._calling:
            try:
                return method(call, given)
            except ServiceException as error:
                return error

    def _fails(self, operation: Operation) -> bool:
        if operation.model is None:
            return False
        with self._idle:
            return self._fail is not None and self._fail.passes(str(operation), operation.is_change)

    def _control(self, what: str, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """What the command line asks or tells."""
        given = json.loads(body_of(environ) or b"{}")
        controls: dict[str, Callable[[Any], Mapping[str, Any]]] = {
            "status": self._status,
            "faults": self._set_faults,
            "seed": self._seed,
            "archives": self._put_archives,
            "stop": self._stop,
        }
        status, said = "200 OK", controls[what](given)
        if said.get("problem") and what == "stop":
            status = "507 Insufficient Storage"
        content = json.dumps(said).encode()
        start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(content)))])
        if what == "stop" and status == "200 OK":
            environ[_THEN] = [self.stopping.set]
        return [content]

    def _status(self, _: Any) -> Mapping[str, Any]:
        """What has gone on since the server was started."""
        return {
            "operations": self._operations,
            "changes": self._changes,
            "idle_seconds": round(time.monotonic() - self._last, 1),
            "fail_at": self._fail and str(self._fail),
            "die_at": self._die and str(self._die),
            "hold_at": self._hold and ("now" if self._holding else str(self._hold)),
            "problem": self._problem,
        }

    def _set_faults(self, given: Any) -> Mapping[str, Any]:
        """Fail, die or hold from now on; None for neither. What was held goes on."""
        with self._idle:
            self._fail = Point.read(given["fail_at"]) if given["fail_at"] else None
            self._die = Point.read(given["die_at"]) if given["die_at"] else None
            self._hold = Point.read(given["hold_at"]) if given.get("hold_at") else None
            self._holding = False
            self._idle.notify_all()
        return {}

    def _seed(self, given: Any) -> Mapping[str, Any]:
        """Make what the bootstrap stack would have made."""
        with self._idle, self._calling:
            self._idle.wait_for(lambda: self._under_way == 0)
            seed(Call(self._account_id, given["region"]), given)
            self._unsaved = True
        return {}

    def _put_archives(self, given: Any) -> Mapping[str, Any]:
        """Put made-up archives of the application where servers look."""
        with self._idle, self._calling:
            self._idle.wait_for(lambda: self._under_way == 0)
            put_archives(self._account_id, given["bucket"], given["digests"])
            self._unsaved = True
        return {}

    def _stop(self, given: Any) -> Mapping[str, Any]:
        """Write memory and stop; where it cannot be written, go on, unless it is to be forgotten."""
        if given.get("forget"):
            self._unsaved = False
        self._problem = None
        self.save()
        return {"problem": self._problem}


def _own_answer(operation: Operation, environ: Environ, result: object) -> Answer:
    """A result or an error in the protocol of the operation's service."""
    status, headers, content = answer(operation, environ, result)
    return Answer(f"{status} ", [*headers.items(), ("Content-Length", str(len(content)))], content)


def _moto_answer(moto: Application, environ: Environ) -> Answer:
    """What moto says, all of it."""
    begun: list[Any] = []
    chunks = moto(environ, lambda status, headers, *_: begun.extend((status, headers)))
    try:
        content = b"".join(chunks)
    finally:
        if hasattr(chunks, "close"):
            chunks.close()
    return Answer(begun[0], begun[1], content)
