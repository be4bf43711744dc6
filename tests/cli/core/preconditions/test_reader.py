"""The reader of an account cannot change it, and tells what it may not ask from what it does not know."""

from __future__ import annotations

import time
from typing import Any

import pytest

from cli.core.preconditions.model import Judgement, NotAllowed, NotKnown, Precondition, PreconditionState, Subject, ok
from cli.core.preconditions.reader import AccountReader, NotARead
from cli.core.preconditions.run import run
from cli.core.sandbox import process
from cli.core.sandbox.state_directory import ServerRecord
from cli.core.terraform.failures import NoCredentials
from tests.support.preconditions import CannedAccount, subject_of
from tests.support.sandbox import ACCOUNT_ID, Client


@pytest.mark.parametrize(
    ("service", "operation", "arguments"),
    [
        ("s3", "create_bucket", {"Bucket": "never-made"}),
        ("s3", "delete_bucket", {"Bucket": "never-made"}),
        ("secretsmanager", "put_secret_value", {"SecretId": "never-made", "SecretString": "x"}),
        ("sts", "assume_role", {"RoleArn": "arn:aws:iam::111111111111:role/any", "RoleSessionName": "any"}),
        ("iam", "create_service_linked_role", {"AWSServiceName": "kafka.amazonaws.com"}),
        ("service-quotas", "request_service_quota_increase", {"ServiceCode": "vpc"}),
    ],
)
def test_what_is_not_a_read_is_refused(
    reads: AccountReader, service: str, operation: str, arguments: dict[str, Any]
) -> None:
    with pytest.raises(NotARead):
        reads.ask(service, operation, **arguments)


def test_clients_of_the_reader_refuse_changes_by_themselves(reads: AccountReader, client: Client) -> None:
    with pytest.raises(NotARead, match="s3:CreateBucket is not a read"):
        reads._client("s3").create_bucket(Bucket="never-made")
    assert client("s3").list_buckets()["Buckets"] == []


def test_all_pages_are_read(reads: AccountReader, client: Client) -> None:
    sns = client("sns")
    for number in range(120):
        sns.create_topic(Name=f"page-{number}")
    topics = (reads.ask("sns", "list_topics") or {})["Topics"]
    assert len(topics) == 120
    for topic in topics:
        sns.delete_topic(TopicArn=topic["TopicArn"])


def test_refused_questions_are_not_allowed(record: ServerRecord, reads: AccountReader) -> None:
    process.ask(record, "faults", {"fail_at": "ec2:DescribeVpcs", "die_at": None})
    try:
        with pytest.raises(NotAllowed, match="ec2:DescribeVpcs"):
            reads.ask("ec2", "describe_vpcs")
    finally:
        process.ask(record, "faults", {"fail_at": None, "die_at": None})


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("mq", "describe_broker_engine_types"),
        ("kafka", "list_kafka_versions"),
        ("sns", "get_sms_sandbox_account_status"),
        ("pinpoint-sms-voice-v2", "describe_spend_limits"),
    ],
)
def test_what_moto_lacks_is_not_known_in_the_sandbox(reads: AccountReader, service: str, operation: str) -> None:
    with pytest.raises(NotKnown, match="not known in the sandbox"):
        reads.ask(service, operation)


def test_a_service_that_does_not_answer_is_not_known() -> None:
    nobody = AccountReader(ACCOUNT_ID, "us-east-1", sandbox_endpoint="http://127.0.0.1:9")
    with pytest.raises(NotKnown, match="EndpointConnectionError"):
        nobody.ask("ec2", "describe_vpcs")


def test_without_credentials_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/dev/null")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(NoCredentials, match="aws sso login"):
        AccountReader(ACCOUNT_ID, "us-east-1").ask("sts", "get_caller_identity")


def _precondition(name: str, ask: Any) -> Precondition[Any]:
    def judge(_: Subject, answer: str) -> Judgement:
        return ok(answer)

    return Precondition(name=name, why="", actions=("ec2:DescribeVpcs",), ask=ask, judge=judge)


def test_a_slow_answer_does_not_hold_up_the_others() -> None:
    def forbidden(*_: Any) -> str:
        raise NotAllowed("ec2:DescribeVpcs: UnauthorizedOperation")

    def slow(*_: Any) -> str:
        time.sleep(60)
        return "late"

    preconditions = [
        _precondition("slow", slow),
        _precondition("quick", lambda *_: "there"),
        _precondition("forbidden", forbidden),
    ]
    results = run(preconditions, subject_of("dev", {}), CannedAccount({}), time_limit_seconds=0.2)
    assert [(result.name, result.state) for result in results] == [
        ("slow", PreconditionState.UNKNOWN),
        ("quick", PreconditionState.OK),
        ("forbidden", PreconditionState.NOT_ALLOWED),
    ]
    assert results[0].found == "no answer within 0.2 s"
    assert "allow ec2:DescribeVpcs" in results[2].remedy


def test_a_mistake_of_ours_is_no_answer() -> None:
    def broken(*_: Any) -> str:
        raise LookupError("a mistake")

    with pytest.raises(LookupError, match="a mistake"):
        run([_precondition("broken", broken)], subject_of("dev", {}), CannedAccount({}))
