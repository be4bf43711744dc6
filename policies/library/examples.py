"""Terraform that the examples of several rules have in common."""

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
