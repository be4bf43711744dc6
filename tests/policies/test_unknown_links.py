"""What may be linked is neither there nor absent: rules that ask for it say that they cannot tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from policies.library.rule import UnknownFinding
from tests.support.reading import load_files
from tests.support.rules import RULES

VARIABLES = 'variable "name" {\n  type = string\n}\n'
VPC = 'resource "aws_vpc" "v" {\n  cidr_block = "10.0.0.0/16"\n}\n'
TOPIC = 'resource "aws_sns_topic" "t" {\n  name = "t"\n}\n'
BUCKET = 'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n'
PERHAPS = 'count = var.name == "" ? 0 : 1'
OF_TOPIC = "arn = aws_sns_topic.t.arn"
POLICY = "policy = jsonencode({ Statement = [] })"


@pytest.mark.parametrize(
    ("rule", "address", "text"),
    [
        ("226", "aws_vpc.v", f'{VPC}resource "aws_flow_log" "l" {{\n  {PERHAPS}\n  vpc_id = aws_vpc.v.id\n}}\n'),
        ("226", "aws_vpc.v", f'{VPC}module "logs" {{\n  source = "elsewhere/logs/aws"\n  vpc = aws_vpc.v.id\n}}\n'),
        (
            "110",
            "aws_sns_topic.t",
            f'{TOPIC}resource "aws_sns_topic_policy" "p" {{\n  {PERHAPS}\n  {OF_TOPIC}\n  {POLICY}\n}}\n',
        ),
        (
            "111",
            "aws_s3_bucket.b",
            f'{BUCKET}resource "aws_s3_bucket_policy" "p" {{\n  bucket = var.name\n  {POLICY}\n}}\n',
        ),
    ],
)
def test_a_possible_link_is_unknown(tmp_path: Path, rule: str, address: str, text: str) -> None:
    configuration = load_files(tmp_path, {"main.tf": VARIABLES + text})
    judged = {resource.address: found for resource, found in RULES[f"CKV2_MEALS_{rule}"].judge(configuration)}
    assert [type(each) for each in judged[address]] == [UnknownFinding]
