variable "action" {
  type = string
}

# expect: fail
resource "aws_network_acl" "telnet" {
  vpc_id = "vpc-1"

  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    cidr_block = "0.0.0.0/0"
    from_port  = 20
    to_port    = 25
  }
}

# expect: fail
resource "aws_network_acl_rule" "broker" {
  network_acl_id = "acl-1"
  rule_number    = 100
  rule_action    = "allow"
  protocol       = "6"
  cidr_block     = "0.0.0.0/0"
  from_port      = 5672
  to_port        = 5672
}

# expect: fail
resource "aws_default_network_acl" "everything" {
  default_network_acl_id = "acl-1"

  ingress {
    rule_no         = 100
    action          = "allow"
    protocol        = "-1"
    ipv6_cidr_block = "::/0"
    from_port       = 0
    to_port         = 0
  }
}

# expect: unknown
resource "aws_network_acl_rule" "unknown" {
  network_acl_id = "acl-1"
  rule_number    = 100
  rule_action    = var.action
  protocol       = "tcp"
  cidr_block     = "0.0.0.0/0"
  from_port      = 23
  to_port        = 23
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
