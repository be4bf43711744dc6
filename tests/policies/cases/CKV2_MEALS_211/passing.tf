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

resource "aws_vpc" "relies_on_groups" {
  cidr_block = "10.7.0.0/16"
}

resource "aws_default_network_acl" "as_made" {
  default_network_acl_id = aws_vpc.relies_on_groups.default_network_acl_id

  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
  }
  ingress {
    rule_no         = 101
    action          = "allow"
    protocol        = "-1"
    ipv6_cidr_block = "::/0"
    from_port       = 0
    to_port         = 0
  }
  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
  }
}
