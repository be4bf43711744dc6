"""Terraform of a small network and of a few policies, and what a change of it opens and closes."""

from __future__ import annotations

from pathlib import Path

from cli.core.change.model import ChangeProof
from cli.core.change.text import headlines
from cli.core.diff.snapshots import change_between
from tests.support.hcl import resource

NETWORK = (
    resource("aws_vpc.v", cidr_block="10.0.0.0/16")
    + resource("aws_internet_gateway.v", vpc_id="aws_vpc.v.id")
    + resource("aws_subnet.s", vpc_id="aws_vpc.v.id", cidr_block="10.0.1.0/24")
    + resource(
        "aws_default_route_table.v",
        default_route_table_id="aws_vpc.v.default_route_table_id",
        route={"cidr_block": "0.0.0.0/0", "gateway_id": "aws_internet_gateway.v.id"},
    )
)


def web(name: str = "web", *ports: int, group: str = "web", count: int | None = None) -> str:
    """A public server that the internet reaches on some ports."""
    rules = [
        {"protocol": "tcp", "from_port": port, "to_port": port, "cidr_blocks": ["0.0.0.0/0"]}
        for port in ports or (443,)
    ]
    return resource(f"aws_security_group.{group}", vpc_id="aws_vpc.v.id", ingress=rules) + resource(
        f"aws_instance.{name}",
        subnet_id="aws_subnet.s.id",
        associate_public_ip_address=True,
        vpc_security_group_ids=[f"aws_security_group.{group}.id"],
        **({} if count is None else {"count": count}),
    )


ANYBODY = '{ Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "arn:aws:s3:::of-us/*" }'
ORGANIZATION = 'Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-abc" } }'


def bucket(statement: str = ANYBODY, more: str = "") -> str:
    """A bucket with a policy of one statement, and other Terraform."""
    return f"""
resource "aws_s3_bucket" "b" {{
  bucket = "of-us"
}}
resource "aws_s3_bucket_policy" "p" {{
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({{ Version = "2012-10-17", Statement = [{statement}] }})
}}
{more}"""


def role(trusted: str, key: str = "AWS", condition: str = "{}") -> str:
    """A role that somebody may assume."""
    action = "AssumeRoleWithWebIdentity" if key == "Federated" else "AssumeRole"
    return f"""
resource "aws_iam_role" "r" {{
  name               = "r"
  assume_role_policy = jsonencode({{ Version = "2012-10-17", Statement = [{{
    Effect = "Allow", Action = "sts:{action}", Principal = {{ {key} = "{trusted}" }}, Condition = {condition}
  }}] }})
}}
"""


def topic(principal: str = '"*"', actions: str = '["sns:Publish"]', deny: str = "") -> str:
    """A topic with a policy of which the account and the region are not known."""
    statement = f'{{ Effect = "Allow", Principal = {principal}, Action = {actions}, Resource = aws_sns_topic.t.arn }}'
    return f"""
resource "aws_sns_topic" "t" {{
  name = "t"
}}
resource "aws_sns_topic_policy" "t" {{
  arn    = aws_sns_topic.t.arn
  policy = jsonencode({{ Version = "2012-10-17", Statement = [{", ".join(filter(None, [statement, deny]))}] }})
}}
"""


def change(directory: Path, before: str, after: str) -> ChangeProof:
    """The difference of two texts of Terraform."""
    places = (directory / "before", directory / "after")
    for place, text in zip(places, (before, after), strict=True):
        place.mkdir(parents=True)
        (place / "main.tf").write_text(text)
    return change_between(*places)


def first_lines(directory: Path, before: str, after: str) -> list[str]:
    """The first lines of it."""
    return list(headlines(change(directory, before, after)))
