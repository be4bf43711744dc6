"""What says nothing of itself is judged where others of the configuration are held to it, and not where it is alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.hcl import UNKNOWN, resource
from tests.support.reading import load_files
from tests.support.rules import RULES

TLS = {"Bool": {"aws:SecureTransport": "false"}}
REFUSAL = {"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "*", "Condition": TLS}
KITCHEN = {"AWS": "arn:aws:iam::111122223333:role/kitchen"}
PERMISSION = {"Effect": "Allow", "Principal": KITCHEN, "Action": "sns:Publish", "Resource": "*"}

REFUSING = resource("aws_sqs_queue.orders", name="orders", policy=json.dumps({"Statement": REFUSAL}))
ALLOWING = resource("aws_sns_topic.ready", name="ready", policy=json.dumps({"Statement": PERMISSION}))
NOT_KNOWN = UNKNOWN + resource("aws_s3_bucket.images", bucket="images", policy="var.unknown")
DESCRIBING = resource(
    "aws_launch_template.servers", block_device_mappings={"ebs": {"encrypted": True, "kms_key_id": "alias/own"}}
)
ENCRYPTING = resource("aws_s3_bucket.images", bucket="images") + resource(
    "aws_s3_bucket_server_side_encryption_configuration.images",
    bucket="aws_s3_bucket.images.id",
    rule={"apply_server_side_encryption_by_default": {"sse_algorithm": "aws:kms", "kms_master_key_id": "alias/own"}},
)


@pytest.mark.parametrize(
    ("rule", "type_", "others", "is_judged"),
    [
        ("CKV2_MEALS_110", "aws_sns_topic", "", False),
        ("CKV2_MEALS_110", "aws_sns_topic", REFUSING, True),
        ("CKV2_MEALS_111", "aws_s3_bucket", ALLOWING, False),
        ("CKV2_MEALS_111", "aws_s3_bucket", REFUSING, True),
        ("CKV2_MEALS_111", "aws_s3_bucket", NOT_KNOWN, True),
        ("CKV2_MEALS_112", "aws_sqs_queue", ALLOWING, False),
        ("CKV2_MEALS_112", "aws_sqs_queue", REFUSING, True),
        ("CKV2_MEALS_141", "aws_s3_bucket", REFUSING, False),
        ("CKV2_MEALS_141", "aws_s3_bucket", ENCRYPTING, True),
        ("CKV2_MEALS_142", "aws_instance", "", False),
        ("CKV2_MEALS_142", "aws_launch_template", "", False),
        ("CKV2_MEALS_142", "aws_launch_template", DESCRIBING, True),
    ],
)
def test_an_unset_argument(tmp_path: Path, rule: str, type_: str, others: str, is_judged: bool) -> None:
    configuration = load_files(tmp_path, {"main.tf": f'resource "{type_}" "bare" {{}}\n{others}'})
    found = {resource.name: findings for resource, findings in RULES[rule].judge(configuration)}
    assert bool(found["bare"]) is is_judged
