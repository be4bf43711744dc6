"""Terraform that the examples of several rules have in common."""

from __future__ import annotations

PRIVATE_SUBNET = """\
resource "aws_subnet" "private" {
  vpc_id = aws_vpc.meals.id
  tags   = { Tier = "private" }
}
"""
"""A subnet that says that it is private."""

PRIVATE_SERVER = f"""\
{PRIVATE_SUBNET}resource "aws_security_group" "event_store" {{
  name = "event-store"
}}
resource "aws_instance" "event_store" {{
  subnet_id              = aws_subnet.private.id
  vpc_security_group_ids = [aws_security_group.event_store.id]
}}
"""
"""A server in that subnet, with a security group to which an example adds a rule."""

NETWORK_ACL_RULE = """\
resource "aws_network_acl_rule" "https" {
  network_acl_id = aws_network_acl.public.id
  rule_number    = 100
  rule_action    = "allow"
  protocol       = "tcp"
  cidr_block     = "0.0.0.0/0"
  from_port      = 443
  to_port        = 443
}
"""
"""A rule of a network ACL that lets HTTPS in from everywhere."""

NETWORK_ACL_RULE_OF_EVERYTHING = """\
resource "aws_network_acl_rule" "everything" {
  network_acl_id = aws_network_acl.public.id
  rule_number    = 100
  rule_action    = "allow"
  protocol       = "-1"
  cidr_block     = "0.0.0.0/0"
}
"""
"""A rule of a network ACL that lets everything in from everywhere."""

READER = '{ AWS = "arn:aws:iam::111122223333:role/reader" }'
"""A principal."""

PLAINTEXT = '{ Bool = { "aws:SecureTransport" = "false" } }'
"""A condition: the call does not use TLS."""


def group_rule(
    direction: str, name: str, *, group: str, peer: str, port: int | None = None, last: int | None = None
) -> str:
    """A rule of a security group for a peer, another group or a network; without a port it is for everything."""
    arguments = {"security_group_id": f"aws_security_group.{group}.id"}
    if "/" in peer:
        arguments["cidr_ipv4"] = f'"{peer}"'
    else:
        arguments["referenced_security_group_id"] = f"aws_security_group.{peer}.id"
    arguments["ip_protocol"] = '"tcp"' if port else '"-1"'
    if port:
        arguments |= {"from_port": str(port), "to_port": str(last or port)}
    width = max(map(len, arguments))
    lines = "".join(f"  {argument:{width}} = {value}\n" for argument, value in arguments.items())
    return f'resource "aws_vpc_security_group_{direction}_rule" "{name}" {{\n{lines}}}\n'


def policy(
    type_: str,
    target: str,
    *,
    action: str,
    effect: str = "Allow",
    principal: str = '"*"',
    resource: str = '"*"',
    condition: str = "",
) -> str:
    """A resource policy with one statement; `target` is the argument that names the resource it belongs to."""
    return f"""\
resource "{type_}" "p" {{
  {target}
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect    = "{effect}"
      Principal = {principal}
      Action    = "{action}"
      Resource  = {resource}
{f"      Condition = {condition}" if condition else ""}
    }}]
  }})
}}
""".replace("\n\n", "\n")
