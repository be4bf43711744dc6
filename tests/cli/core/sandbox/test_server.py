"""The server as a process: it starts, remembers, fails, dies, stops by itself; one per environment."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError

from benchmarks.inventory import client_of
from cli.core.sandbox import process
from cli.core.sandbox.process import SandboxError
from cli.core.sandbox.state_directory import ServerRecord, StateDirectory
from tests.support.sandbox import ACCOUNT_ID, Client


def buckets(record: ServerRecord) -> list[str]:
    """Names of the buckets."""
    return [bucket["Name"] for bucket in client_of(record, "s3").list_buckets()["Buckets"]]


def wait_until_gone(state_directory: StateDirectory, seconds: float = 60) -> None:
    """Wait until no server runs."""
    deadline = time.monotonic() + seconds
    while state_directory.running() is not None:
        assert time.monotonic() < deadline, "the server still runs"
        time.sleep(0.05)


def test_it_is_the_environments_account(shared: Client) -> None:
    assert shared("sts").get_caller_identity()["Account"] == ACCOUNT_ID


def test_it_listens_on_loopback_only(lasting: tuple[StateDirectory, ServerRecord]) -> None:
    _, record = lasting
    with socket.socket() as other, pytest.raises(ConnectionRefusedError):
        other.connect(("127.0.0.2", record.port))


def test_up_twice_is_one_server(lasting: tuple[StateDirectory, ServerRecord]) -> None:
    state_directory, record = lasting
    assert process.up(state_directory, ACCOUNT_ID) == record


def test_two_at_once_start_one_server(state_directory: StateDirectory) -> None:
    found: list[ServerRecord] = []
    threads = [threading.Thread(target=lambda: found.append(process.up(state_directory, ACCOUNT_ID))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert found[0] == found[1]


def test_what_it_holds_survives_a_stop_on_the_same_port(state_directory: StateDirectory, record: ServerRecord) -> None:
    client_of(record, "s3").create_bucket(Bucket="kept")
    assert process.down(state_directory)
    assert state_directory.running() is None
    again = process.up(state_directory, ACCOUNT_ID)
    assert again.port == record.port
    assert again.pid != record.pid
    assert buckets(again) == ["kept"]


def test_it_survives_being_killed_with_what_it_held_a_moment_ago(
    state_directory: StateDirectory, record: ServerRecord
) -> None:
    client_of(record, "s3").create_bucket(Bucket="kept")
    deadline = time.monotonic() + 60
    while not state_directory.memory.exists():
        assert time.monotonic() < deadline, "memory was never written"
        time.sleep(0.05)
    os.kill(record.pid, signal.SIGKILL)
    wait_until_gone(state_directory)
    assert buckets(process.up(state_directory, ACCOUNT_ID)) == ["kept"]


def test_it_takes_another_port_when_its_own_is_taken(state_directory: StateDirectory, record: ServerRecord) -> None:
    process.down(state_directory)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", record.port))
        other.listen()
        assert process.up(state_directory, ACCOUNT_ID).port != record.port


def test_it_stops_by_itself_and_remembers(state_directory: StateDirectory) -> None:
    record = process.up(state_directory, ACCOUNT_ID, idle_minutes=0.02)
    client_of(record, "s3").create_bucket(Bucket="kept")
    wait_until_gone(state_directory)
    assert buckets(process.up(state_directory, ACCOUNT_ID)) == ["kept"]


def test_reset_forgets_everything(state_directory: StateDirectory, record: ServerRecord) -> None:
    client_of(record, "s3").create_bucket(Bucket="gone")
    process.reset(state_directory)
    assert not state_directory.directory.exists()
    assert buckets(process.up(state_directory, ACCOUNT_ID)) == []


def test_a_sandbox_of_another_account_is_refused(lasting: tuple[StateDirectory, ServerRecord]) -> None:
    state_directory, _ = lasting
    with pytest.raises(SandboxError, match="runs for account 111111111111, but the environment's is 222222222222"):
        process.up(state_directory, "222222222222")


def test_a_memory_of_another_version_is_refused(state_directory: StateDirectory, record: ServerRecord) -> None:
    process.down(state_directory)
    state_directory.memory.write_bytes(b"moto 4.0, Python 3.8\n")
    with pytest.raises(SandboxError, match="forget it with infra sandbox reset"):
        process.up(state_directory, ACCOUNT_ID)


def test_a_memory_that_others_may_have_written_is_not_read(
    state_directory: StateDirectory, record: ServerRecord
) -> None:
    client_of(record, "s3").create_bucket(Bucket="kept")
    process.down(state_directory)
    assert state_directory.directory.stat().st_mode & 0o077 == 0
    assert state_directory.memory.stat().st_mode & 0o077 == 0
    state_directory.memory.chmod(0o620)
    with pytest.raises(SandboxError, match="is not yours alone to write"):
        process.up(state_directory, ACCOUNT_ID)


def test_a_memory_that_cannot_be_written_is_told_and_nothing_is_stopped(
    state_directory: StateDirectory, record: ServerRecord
) -> None:
    """A directory stands where the file should be, as good as a full disk and the same for root."""
    client_of(record, "s3").create_bucket(Bucket="kept")
    state_directory.memory.unlink(missing_ok=True)
    state_directory.memory.mkdir()
    with pytest.raises(SandboxError, match="what the sandbox holds cannot be written"):
        process.down(state_directory)
    assert buckets(record) == ["kept"]
    state_directory.memory.rmdir()
    assert process.down(state_directory)
    assert buckets(process.up(state_directory, ACCOUNT_ID)) == ["kept"]


def test_one_operation_fails_as_for_lack_of_a_permission(
    lasting: tuple[StateDirectory, ServerRecord],
) -> None:
    _, record = lasting
    process.ask(record, "faults", {"fail_at": "s3:CreateBucket:2", "die_at": None})
    s3: Any = client_of(record, "s3")
    s3.create_bucket(Bucket="first-of-three")
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.create_bucket(Bucket="second-of-three")
    s3.create_bucket(Bucket="third-of-three")
    assert [name for name in buckets(record) if name.endswith("-of-three")] == ["first-of-three", "third-of-three"]


@pytest.mark.parametrize(
    ("service", "operation", "call"),
    [
        ("kafka", "CreateConfiguration", lambda c: c.create_configuration(Name="a", ServerProperties=b"")),
        ("sns", "CreateTopic", lambda c: c.create_topic(Name="a")),
        ("ec2", "CreateVpc", lambda c: c.create_vpc(CidrBlock="10.0.0.0/16")),
        ("dynamodb", "DeleteTable", lambda c: c.delete_table(TableName="abc")),
        ("route53", "CreateHostedZone", lambda c: c.create_hosted_zone(Name="a.example", CallerReference="1")),
        ("logs", "CreateLogGroup", lambda c: c.create_log_group(logGroupName="a")),
    ],
)
def test_it_fails_in_the_words_of_every_protocol(
    lasting: tuple[StateDirectory, ServerRecord], service: str, operation: str, call: Any
) -> None:
    _, record = lasting
    process.ask(record, "faults", {"fail_at": f"{service}:{operation}", "die_at": None})
    with pytest.raises(ClientError) as error:
        call(client_of(record, service))
    assert error.value.response["Error"]["Code"] == "AccessDenied"


def test_a_request_whose_answer_was_lost_is_not_carried_out_again(shared: Client) -> None:
    """Two attempts at one request share an id; without it they are two requests."""
    secrets = shared("secretsmanager")

    def attempt(request: Any, **_: Any) -> None:
        request.headers["amz-sdk-invocation-id"] = "5f0c4a9e"

    secrets.meta.events.register("before-send.secretsmanager.CreateSecret", attempt)
    first, second = (secrets.create_secret(Name="once", SecretString="1") for _ in range(2))
    assert first["ARN"] == second["ARN"]
    with pytest.raises(ClientError, match="ResourceExistsException"):
        shared("secretsmanager").create_secret(Name="once", SecretString="1")


def test_it_dies_with_what_was_done_before_and_without_what_was_not(
    state_directory: StateDirectory, record: ServerRecord
) -> None:
    process.ask(record, "faults", {"fail_at": None, "die_at": "3"})
    s3: Any = client_of(record, "s3")
    s3.create_bucket(Bucket="first")
    s3.list_buckets()
    s3.create_bucket(Bucket="second")
    with pytest.raises((ConnectionClosedError, EndpointConnectionError)):
        s3.create_bucket(Bucket="third")
    wait_until_gone(state_directory)
    assert buckets(process.up(state_directory, ACCOUNT_ID)) == ["first", "second"]


def test_whoever_dies_has_answered_exactly_what_it_did(state_directory: StateDirectory, record: ServerRecord) -> None:
    """Eight clients at once; without this, terraform would make things twice that it was never told of."""
    process.ask(record, "faults", {"fail_at": None, "die_at": "30"})
    answered: list[str] = []

    def make(client: int) -> None:
        s3 = client_of(record, "s3")
        for number in range(20):
            name = f"bucket-{client}-{number}"
            try:
                s3.create_bucket(Bucket=name)
            except (ConnectionClosedError, EndpointConnectionError):
                return
            answered.append(name)

    threads = [threading.Thread(target=make, args=[client]) for client in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wait_until_gone(state_directory)
    assert len(answered) == 29
    assert sorted(buckets(process.up(state_directory, ACCOUNT_ID))) == sorted(answered)


def test_it_does_not_start_where_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FileExistsError):
        process.up(StateDirectory(tmp_path / "file" / "dev"), ACCOUNT_ID)


def test_a_sandbox_that_does_not_answer_is_told() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        record = ServerRecord(1, other.getsockname()[1], ACCOUNT_ID, 30)
        with pytest.raises(SandboxError, match="does not answer"):
            process.ask(record, "status")


def test_what_is_held_is_done_once_when_it_is_let_go(state_directory: StateDirectory, record: ServerRecord) -> None:
    process.ask(record, "faults", {"fail_at": None, "die_at": None, "hold_at": "2"})
    client_of(record, "s3").create_bucket(Bucket="first")
    held = threading.Thread(target=lambda: client_of(record, "s3", attempts=3).create_bucket(Bucket="second"))
    held.start()
    while process.ask(record, "status")["hold_at"] != "now":
        assert held.is_alive()
    assert process.ask(record, "status")["changes"] == 1
    process.ask(record, "faults", {"fail_at": None, "die_at": None})
    held.join()
    assert buckets(record) == ["first", "second"]
