variable "callers" {
  type = string
}

resource "aws_network_acl" "own" {
  vpc_id = "vpc-0123456789abcdef0"
}

# expect: fail
resource "aws_network_acl_rule" "everything" {
  network_acl_id = aws_network_acl.own.id
  rule_number    = 100
  rule_action    = "allow"
  protocol       = -1
  cidr_block     = "0.0.0.0/0"
}

# expect: fail
resource "aws_network_acl_rule" "every_port" {
  network_acl_id  = aws_network_acl.own.id
  rule_number     = 110
  egress          = false
  rule_action     = "allow"
  protocol        = "6"
  ipv6_cidr_block = "::/0"
  from_port       = 0
  to_port         = 65535
}

# expect: unknown
resource "aws_network_acl_rule" "unknown" {
  network_acl_id = aws_network_acl.own.id
  rule_number    = 120
  rule_action    = "allow"
  protocol       = "tcp"
  cidr_block     = var.callers
  from_port      = 22
  to_port        = 22
}

# The denial comes too late.
# expect: fail
resource "aws_network_acl" "inline" {
  vpc_id = "vpc-0123456789abcdef0"
  ingress = [
    {
      rule_no         = 100
      action          = "allow"
      protocol        = "tcp"
      cidr_block      = "128.0.0.0/1"
      ipv6_cidr_block = null
      from_port       = 20
      to_port         = 4000
      icmp_code       = 0
      icmp_type       = 0
    },
    {
      rule_no         = 200
      action          = "deny"
      protocol        = "tcp"
      cidr_block      = "0.0.0.0/0"
      ipv6_cidr_block = null
      from_port       = 20
      to_port         = 4000
      icmp_code       = 0
      icmp_type       = 0
    },
  ]
}

# expect: fail
resource "aws_network_acl_rule" "rdp" {
  network_acl_id = aws_network_acl.own.id
  rule_number    = 130
  rule_action    = "allow"
  protocol       = "tcp"
  cidr_block     = "1.2.3.4/0"
  from_port      = 3380
  to_port        = 3400
}
