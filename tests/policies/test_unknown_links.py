"""What may be linked is neither there nor absent: rules that ask for it say that they cannot tell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from policies.library.rule import UnknownFinding
from tests.support.hcl import resource
from tests.support.reading import load_files
from tests.support.rules import RULES

VARIABLES = 'variable "name" {\n  type = string\n}\n'
VPC = resource("aws_vpc.v", cidr_block="10.0.0.0/16")
SUBNET = VPC + resource("aws_subnet.s", vpc_id="aws_vpc.v.id")
TABLE = resource("aws_route_table.t", vpc_id="aws_vpc.v.id")
TOPIC = resource("aws_sns_topic.t", name="t")
BUCKET = resource("aws_s3_bucket.b", bucket="b")
POLICY = '{"Statement": []}'
PUBLIC_ACL = resource("aws_s3_bucket_acl.a", bucket="aws_s3_bucket.b.id", acl="public-read")
ENFORCED = {"bucket": "aws_s3_bucket.b.id", "rule": {"object_ownership": "BucketOwnerEnforced"}}
REFUSES_AN_ID = """
resource "aws_api_gateway_rest_api" "a" {
  name = "a"
  policy = jsonencode({ Statement = [
    { Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "*" },
    {
      Effect    = "Deny"
      Principal = "*"
      Action    = "execute-api:Invoke"
      Resource  = "arn:aws:execute-api:us-east-1:111122223333:abcdefghij/*"
      Condition = { NotIpAddress = { "aws:SourceIp" = "198.51.100.0/24" } }
    },
  ] })
}
"""
"""The id may be its own, once it has one."""


def perhaps(address: str, **arguments: Any) -> str:
    """A resource of which there may be none."""
    return resource(address, **arguments).replace("{\n", '{\n  count = var.name == "" ? 0 : 1\n', 1)


@pytest.mark.parametrize(
    ("rule", "address", "text"),
    [
        ("226", "aws_vpc.v", VPC + perhaps("aws_flow_log.l", vpc_id="aws_vpc.v.id")),
        ("226", "aws_vpc.v", f'{VPC}module "logs" {{\n  source = "elsewhere/logs/aws"\n  vpc = aws_vpc.v.id\n}}\n'),
        ("110", "aws_sns_topic.t", TOPIC + perhaps("aws_sns_topic_policy.p", arn="aws_sns_topic.t.arn", policy=POLICY)),
        ("111", "aws_s3_bucket.b", BUCKET + resource("aws_s3_bucket_policy.p", bucket="var.name", policy=POLICY)),
        (
            "205",
            "aws_subnet.s",
            SUBNET + TABLE + perhaps("aws_route_table_association.a", subnet_id="aws_subnet.s.id"),
        ),
        ("210", "aws_vpc.v", SUBNET + perhaps("aws_default_security_group.d", vpc_id="aws_vpc.v.id")),
        (
            "228",
            "aws_lb.b",
            resource("aws_lb.b") + perhaps("aws_wafv2_web_acl_association.w", resource_arn="aws_lb.b.arn"),
        ),
        (
            "235",
            "aws_s3_bucket.b",
            BUCKET + perhaps("aws_s3_bucket_public_access_block.p", bucket="aws_s3_bucket.b.id"),
        ),
        ("119", "aws_api_gateway_rest_api.a", REFUSES_AN_ID),
        ("114", "aws_s3_bucket_acl.a", BUCKET + PUBLIC_ACL + perhaps("aws_s3_bucket_ownership_controls.o", **ENFORCED)),
    ],
)
def test_a_possible_link_is_unknown(tmp_path: Path, rule: str, address: str, text: str) -> None:
    configuration = load_files(tmp_path, {"main.tf": VARIABLES + text})
    judged = {each.address: found for each, found in RULES[f"CKV2_MEALS_{rule}"].judge(configuration)}
    assert [type(each) for each in judged[address]] == [UnknownFinding]
