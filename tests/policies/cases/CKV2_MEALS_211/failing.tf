resource "aws_vpc" "meals" {
  cidr_block = "10.0.0.0/16"
}

# expect: fail
resource "aws_default_network_acl" "used" {
  default_network_acl_id = aws_vpc.meals.default_network_acl_id
  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
  }
}

# expect: fail
resource "aws_network_acl_rule" "by_attribute" {
  network_acl_id = aws_vpc.meals.default_network_acl_id
  rule_number    = 110
  rule_action    = "allow"
  protocol       = "tcp"
  cidr_block     = "10.0.0.0/16"
  from_port      = 443
  to_port        = 443
}

resource "aws_vpc" "with_network_acls" {
  cidr_block = "10.7.0.0/16"
}

resource "aws_network_acl" "own" {
  vpc_id = aws_vpc.with_network_acls.id
}

# expect: fail
resource "aws_default_network_acl" "beside_others" {
  default_network_acl_id = aws_vpc.with_network_acls.default_network_acl_id

  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
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
