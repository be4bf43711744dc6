"""What an operator reads when something outside of the toolkit is not as it must be: terraform's real errors, in brief.

Nothing here reaches AWS: the calls go to the sandbox, to a server of this file, or nowhere.
"""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from benchmarks.inventory import client_of
from cli.core.sandbox import process
from cli.core.sandbox.state_directory import StateDirectory
from tests.support.helpers import infra
from tests.support.stories import Tiny

ERROR = """<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>
<Code>{0}</Code><Message>{1}</Message></Error><RequestId>1</RequestId></ErrorResponse>"""

NO_CREDENTIALS = (
    "infra: there are no valid AWS credentials: use aws sso login and AWS_PROFILE, or set AWS_ACCESS_KEY_ID and "
    "AWS_SECRET_ACCESS_KEY\n"
)


class Refusing(BaseHTTPRequestHandler):
    """AWS that refuses every request."""

    error = ("", "")

    def do_POST(self) -> None:  # the name that http.server calls
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        content = ERROR.format(*self.error).encode()
        self.send_response(403)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_HEAD = do_POST  # noqa: N815

    def log_message(self, format: str, *arguments: Any) -> None: ...


@pytest.fixture
def refusing() -> Iterator[str]:
    """The URL of AWS that refuses every request, with `Refusing.error`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def on_aws(tiny: Tiny, **variables: str) -> subprocess.CompletedProcess[str]:
    """Ask for the outputs of dev on AWS, as far as these variables let it."""
    nowhere = dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"), os.devnull)
    cleared = dict.fromkeys((name for name in os.environ if name.startswith("AWS_")), "")
    given = {**cleared, **nowhere, "AWS_EC2_METADATA_DISABLED": "true", **variables}
    return infra("output", "dev", root=tiny.root, cwd=tiny.root, variables=given, timeout=300)


def test_without_credentials(tiny: Tiny) -> None:
    done = on_aws(tiny)
    assert (done.returncode, done.stdout) == (7, "")
    assert done.stderr == NO_CREDENTIALS


@pytest.mark.parametrize(
    ("code", "text", "says"),
    [
        (
            "ExpiredToken",
            "The security token included in the request is expired",
            "infra: the AWS credentials have expired: renew them, for example with aws sso login\n",
        ),
        (
            "InvalidClientTokenId",
            "The security token included in the request is invalid.",
            NO_CREDENTIALS,
        ),
    ],
)
def test_with_credentials_that_aws_refuses(
    tiny: Tiny, refusing: str, code: str, text: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Refusing, "error", (code, text))
    keys = {"AWS_ACCESS_KEY_ID": "ASIAOLD", "AWS_SECRET_ACCESS_KEY": "old", "AWS_SESSION_TOKEN": "old"}
    done = on_aws(tiny, AWS_ENDPOINT_URL=refusing, **keys)
    assert (done.returncode, done.stdout, done.stderr) == (7, "", says)


def test_with_the_credentials_of_another_account(tiny: Tiny, tmp_path: Path) -> None:
    """The sandbox of another account, which says that it is the one of dev."""
    other = replace(tiny, sandbox=tmp_path / "sandbox")
    state_directory = StateDirectory(other.sandbox / "dev")
    record = process.up(state_directory, "999999999999")
    state_directory.write(replace(record, account_id="111111111111"))
    try:
        refused = other.data("plan", "dev", "--sandbox", code=10)
    finally:
        process.reset(state_directory)
    assert refused["refused"] == "wrong-account"
    assert refused["message"] == (
        "the credentials belong to account 999999999999, which is not the account of dev: choose others, for example "
        "with AWS_PROFILE"
    )


def test_without_a_provider(tiny: Tiny, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "rc").write_text(f'provider_installation {{\n  filesystem_mirror {{ path = "{tmp_path}/empty" }}\n}}\n')
    variables = {"INFRA_SANDBOX_DIRECTORY": str(tmp_path / "sandbox"), "TF_CLI_CONFIG_FILE": str(tmp_path / "rc")}
    try:
        done = infra("output", "dev", "--sandbox", root=tiny.root, cwd=tiny.root, variables=variables, timeout=300)
    finally:
        process.reset(StateDirectory(tmp_path / "sandbox" / "dev"))
    assert (done.returncode, done.stdout) == (7, "")
    assert done.stderr.startswith("infra: terraform has no provider that fits (Failed to query available provider pack")
    assert "a mirror or plugin cache named in its CLI configuration (TF_CLI_CONFIG_FILE)" in done.stderr
    assert done.stderr.count("infra: ") == 1


def test_a_lock_that_another_holds_is_waited_for_and_then_named(tiny: Tiny) -> None:
    record = StateDirectory(tiny.sandbox / "dev").running()
    assert record is not None
    lock = {"ID": "11111111-2222-3333-4444-555555555555", "Operation": "OperationTypeApply", "Who": "ann@host"}
    lock |= {"Created": "2026-11-22T12:00:00Z", "Version": "1.11.4", "Info": "", "Path": ""}
    where = {"Bucket": "meals-dev-state-111111111111", "Key": "dev/terraform.tfstate.tflock"}
    client_of(record, "s3").put_object(**where, Body=json.dumps(lock).encode())
    begun = time.monotonic()
    done = tiny.infra("drift", "dev", "--sandbox", "--lock-timeout", "5", code=9)
    assert time.monotonic() - begun > 5
    assert done.stderr == (
        "infra: the state of dev is locked by ann@host, OperationTypeApply, since 2026-11-22 12:00:00 +0000 UTC (lock "
        "11111111-2222-3333-4444-555555555555). Wait until that run ends; if it died, run infra unlock dev\n"
    )
