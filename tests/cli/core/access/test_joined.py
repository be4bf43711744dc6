"""One question about data takes the whole way: connection to the endpoint, its policy, role, policy of the table, key.

Each link by itself stops the answer, and the blockers name it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.core.access.ends import actions_named, callers_named, things_named
from cli.core.access.question import AccessReply, ask, report
from cli.core.access.world import worlds_at

MAIN = """
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "s" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_route_table" "t" { vpc_id = aws_vpc.v.id }
resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.s.id
  route_table_id = aws_route_table.t.id
}
resource "aws_vpc_endpoint" "dynamodb" {
  vpc_id          = aws_vpc.v.id
  service_name    = "com.amazonaws.eu-west-1.dynamodb"
  route_table_ids = [aws_route_table.t.id]
  policy = jsonencode({ Statement = [
    { Sid = "Reads", Effect = "Allow", Action = "dynamodb:GetItem", Principal = "*", Resource = "*" }
  ] })
}
resource "aws_security_group" "core" {
  vpc_id = aws_vpc.v.id
  egress {
    from_port       = 443
    to_port         = 443
    protocol        = "tcp"
    prefix_list_ids = [aws_vpc_endpoint.dynamodb.prefix_list_id]
  }
}
resource "aws_iam_role" "core" {
  name               = "core"
  assume_role_policy = jsonencode({ Statement = [
    { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }
  ] })
}
resource "aws_iam_role_policy" "core" {
  role   = aws_iam_role.core.name
  policy = jsonencode({ Statement = [
    { Sid = "ReadEvents", Effect = "Allow", Action = "dynamodb:GetItem", Resource = aws_dynamodb_table.events.arn },
    { Sid = "UseKey", Effect = "Allow", Action = "kms:Decrypt", Resource = aws_kms_key.events.arn }
  ] })
}
resource "aws_iam_instance_profile" "core" { role = aws_iam_role.core.name }
resource "aws_instance" "core" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.s.id
  vpc_security_group_ids = [aws_security_group.core.id]
  iam_instance_profile   = aws_iam_instance_profile.core.name
}
resource "aws_kms_key" "events" {
  policy = jsonencode({ Statement = [
    { Sid = "Account", Effect = "Allow", Action = "kms:*", Resource = "*"
      Principal = { AWS = "arn:aws:iam::111122223333:root" } }
  ] })
}
resource "aws_dynamodb_table" "events" {
  name = "events"
  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.events.arn
  }
}
resource "aws_dynamodb_resource_policy" "events" {
  resource_arn = aws_dynamodb_table.events.arn
  policy       = jsonencode({ Statement = [
    { Sid = "OnlyThroughEndpoint", Effect = "Deny", Action = "dynamodb:*", Principal = "*", Resource = "*"
      Condition = { StringNotEquals = { "aws:SourceVpce" = aws_vpc_endpoint.dynamodb.id } } }
  ] })
}
"""


def _asked(tmp_path: Path, main: str) -> tuple[AccessReply, str]:
    (tmp_path / "main.tf").write_text(main)
    world = worlds_at([tmp_path])
    asked = actions_named(things_named(world, "aws_dynamodb_table.events"), "dynamodb:GetItem")
    reply = ask(world, callers_named(world, "aws_instance.core"), asked)
    return reply, report(world, reply, asked)


def test_all_links_together_are_a_yes_that_names_each(tmp_path: Path) -> None:
    reply, text = _asked(tmp_path, MAIN)
    assert reply
    assert "from endpoint dynamodb from" in text
    assert all(name in text for name in ("Reads allows it", "ReadEvents allows it", "UseKey allows it", "kms:Decrypt"))
    assert "assumed" not in text


@pytest.mark.parametrize(
    ("old", "new", "blocker"),
    [
        ("route_table_ids = [aws_route_table.t.id]", "route_table_ids = []", "OnlyThroughEndpoint"),
        ('protocol        = "tcp"', 'protocol        = "udp"', "OnlyThroughEndpoint"),
        ("subnet_id      = aws_subnet.s.id", 'subnet_id      = "subnet-0"', "OnlyThroughEndpoint"),
        (
            'Sid = "Reads", Effect = "Allow", Action = "dynamodb:GetItem"',
            'Effect = "Allow", Action = "dynamodb:PutItem"',
            "no endpoint policy allows dynamodb:GetItem",
        ),
        ('Action = "dynamodb:GetItem", Resource', 'Action = "dynamodb:PutItem", Resource', "identity policy allows"),
        ('{ "aws:SourceVpce" = aws_vpc_endpoint.dynamodb.id }', '{ "aws:PrincipalArn" = "x" }', "OnlyThroughEndpoint"),
        ('Action = "kms:Decrypt"', 'Action = "kms:Encrypt"', "needs kms:Decrypt on aws_kms_key.events"),
        ("arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:role/other", "needs kms:Decrypt"),
    ],
    ids=[
        "route",
        "security group",
        "subnet",
        "endpoint policy",
        "role",
        "table policy",
        "use of the key",
        "key policy",
    ],
)
def test_each_link_alone_is_a_no(tmp_path: Path, old: str, new: str, blocker: str) -> None:
    assert old in MAIN
    reply, text = _asked(tmp_path, MAIN.replace(old, new))
    assert not reply, text
    assert blocker in text
