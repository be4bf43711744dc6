"""terraform applying when the sandbox dies: what AWS being out of reach leaves behind, and how an operator ends it."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

from cli.engine.sandbox import process
from cli.engine.sandbox.override import OLDEST_PROVIDER, content, variables
from cli.engine.sandbox.place import Place, Record
from tests.cli.sandbox.conftest import ACCOUNT_ID, client_of
from tests.conftest import without_terraform

STATE_BUCKET = "state-of-a-test"

STACK = {
    "terraform": {
        "required_providers": {"aws": {"source": "hashicorp/aws", "version": OLDEST_PROVIDER}},
        "backend": {"s3": {"bucket": STATE_BUCKET, "key": "test.tfstate", "region": "us-east-1", "use_lockfile": True}},
    },
    "provider": {"aws": [{"region": "us-east-1", "allowed_account_ids": [ACCOUNT_ID]}]},
    "resource": {
        "aws_s3_bucket": {"data": {"bucket": "data-of-a-test"}},
        "aws_s3_bucket_versioning": {
            "data": {"bucket": "${aws_s3_bucket.data.id}", "versioning_configuration": {"status": "Enabled"}}
        },
        "aws_sns_topic": {"topic": {"count": 5, "name": "topic-${count.index}"}},
        "aws_sqs_queue": {"queue": {"count": 3, "name": "queue-${count.index}", "sqs_managed_sse_enabled": True}},
        "aws_cloudwatch_log_group": {"group": {"count": 5, "name": "group-${count.index}", "retention_in_days": 30}},
        "aws_ssm_parameter": {"one": {"name": "one", "type": "String", "value": "1"}},
    },
}


def test_an_apply_that_lost_aws_half_way_is_finished_by_the_next(terraform: str, place: Place, record: Record) -> None:
    directory = place.stacks / "test"
    directory.mkdir(parents=True)
    (directory / "cdk.tf.json").write_text(json.dumps(STACK))
    (directory / "zz_sandbox_override.tf.json").write_bytes(content(STACK, Path("unused")))
    client_of(record, "s3").create_bucket(Bucket=STATE_BUCKET)
    given = {**variables(record.endpoint, os.environ), "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [terraform, *arguments, "-no-color"]
        return subprocess.run(
            command, cwd=directory, env=given, capture_output=True, text=True, timeout=600, check=False
        )

    done = run("init", "-input=false")
    if "provider" in done.stderr:
        without_terraform(f"terraform has no AWS provider: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr

    process.ask(record, "faults", {"fail_at": None, "die_at": "15"})
    assert run("apply", "-auto-approve", "-input=false").returncode == 1
    record = process.up(place, ACCOUNT_ID)
    locked = re.search(r"ID: +(\S+)", run("plan", "-input=false").stderr)
    assert locked, "the lock of the apply that was cut off is still held"
    assert run("force-unlock", "-force", locked[1]).returncode == 0
    assert run("state", "push", "errored.tfstate").returncode == 0
    assert run("apply", "-auto-approve", "-input=false").returncode == 0
    done = run("plan", "-input=false", "-detailed-exitcode")
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(client_of(record, "sns").list_topics()["Topics"]) == 5
    assert len(client_of(record, "sqs").list_queues()["QueueUrls"]) == 3
    assert len(client_of(record, "logs").describe_log_groups()["logGroups"]) == 5
