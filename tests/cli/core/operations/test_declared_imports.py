"""A bucket and a table that were in AWS before: an entry in the settings has the next apply take them over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.stories import Tiny, make

STACKS = "modules/stacks.py"
GROUP = '        logs = Construct(stack, "logs")\n'
EXISTING = """        orders = S3Bucket(Construct(stack, "orders"), "bucket", bucket="orders-of-old")
        table = DynamodbTable(
            Construct(stack, "orders-table"),
            "table",
            name="orders-of-old",
            billing_mode="PAY_PER_REQUEST",
            hash_key="id",
            attribute=[DynamodbTableAttribute(name="id", type="S")],
            point_in_time_recovery=DynamodbTablePointInTimeRecovery(enabled=True),
        )
        for resource, rules in ((orders, ACCEPTED), (table, ("CKV_AWS_119", "CKV2_MEALS_143"))):
            for rule in rules:
                suppress(resource, rule=rule, reason="A resource of a test", expires="2099-12-31")
"""
CLASSES = "DynamodbTable, DynamodbTableAttribute, DynamodbTablePointInTimeRecovery"


@pytest.fixture
def tiny(terraform: str, tmp_path: Path) -> Iterator[Tiny]:
    """A checkout with a bucket and a table besides, and a sandbox that has both already."""
    made = make(tmp_path)
    made.change(GROUP, EXISTING + GROUP, file=STACKS)
    made.change(
        "from constructs import Construct\n",
        f"from cdktf_cdktf_provider_aws.dynamodb_table import {CLASSES}\nfrom constructs import Construct\n",
        file=STACKS,
    )
    made.commit()
    made.infra("sandbox", "up", "dev")
    made.client("s3").create_bucket(Bucket="orders-of-old")
    made.client("s3").put_object(Bucket="orders-of-old", Key="first", Body=b"order")
    made.client("dynamodb").create_table(
        TableName="orders-of-old",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )
    yield made
    made.infra("sandbox", "reset")


def test_a_bucket_and_a_table_are_taken_over(tiny: Tiny) -> None:
    tiny.change(
        "\nnetwork:",
        "\nimports:\n  orders/bucket: orders-of-old\n  orders-table/table: orders-of-old\n\nnetwork:",
    )
    created = tiny.client("dynamodb").describe_table(TableName="orders-of-old")["Table"]["CreationDateTime"]
    plan = tiny.infra("plan", "dev", "--sandbox", code=2).stdout
    assert "dev: 2 to update in place (2 imported), 3 to create" in plan
    assert plan.count("imported as orders-of-old") == 2
    assert "to destroy" not in plan
    assert "to replace" not in plan

    tiny.infra("apply", "dev", "--sandbox", "--yes")
    table = tiny.client("dynamodb").describe_table(TableName="orders-of-old")["Table"]
    assert table["CreationDateTime"] == created
    assert tiny.client("s3").get_object(Bucket="orders-of-old", Key="first")["Body"].read() == b"order"

    again = tiny.infra("plan", "dev", "--sandbox")
    assert "dev: no changes" in again.stdout
    assert again.stderr.count("its entry under imports in envs/dev.yaml can go") == 2
