resource "aws_vpc" "meals" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_default_network_acl" "unused" {
  default_network_acl_id = aws_vpc.meals.default_network_acl_id
}

resource "aws_network_acl" "own" {
  vpc_id = aws_vpc.meals.id
}

resource "aws_network_acl_rule" "own" {
  network_acl_id = aws_network_acl.own.id
  rule_number    = 100
  rule_action    = "allow"
  protocol       = "tcp"
  cidr_block     = "10.0.0.0/16"
  from_port      = 443
  to_port        = 443
}
