variable "network" {
  type = string
}

# expect: fail
resource "aws_security_group" "everything" {
  name = "everything"

  egress {
    cidr_blocks = ["0.0.0.0/0"]
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
  }
}

# expect: fail
resource "aws_vpc_security_group_egress_rule" "dns" {
  security_group_id = aws_security_group.everything.id
  cidr_ipv4         = "8.8.8.8/32"
  ip_protocol       = "udp"
  from_port         = 53
  to_port           = 53
}

# expect: fail
resource "aws_security_group_rule" "range" {
  type              = "egress"
  security_group_id = aws_security_group.everything.id
  cidr_blocks       = ["0.0.0.0/1", "128.0.0.0/1"]
  protocol          = "tcp"
  from_port         = 443
  to_port           = 8443
}

# expect: fail
resource "aws_vpc_security_group_egress_rule" "ipv6" {
  security_group_id = aws_security_group.everything.id
  cidr_ipv6         = "::/0"
  ip_protocol       = "-1"
}

# expect: unknown
resource "aws_vpc_security_group_egress_rule" "unknown" {
  security_group_id = aws_security_group.everything.id
  cidr_ipv4         = var.network
  ip_protocol       = "tcp"
  from_port         = 8443
  to_port           = 8443
}

# expect: fail
resource "aws_security_group" "used" {
  name = "used"

  ingress {
    cidr_blocks = ["10.0.0.0/8"]
    protocol    = "tcp"
    from_port   = 8443
    to_port     = 8443
  }

  egress {
    cidr_blocks = ["0.0.0.0/0"]
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
  }
}

resource "aws_instance" "member" {
  vpc_security_group_ids = [aws_security_group.used.id]
}

# expect: fail
resource "aws_security_group" "one_address" {
  name = "one-address"

  ingress {
    cidr_blocks = ["10.0.0.0/8"]
    protocol    = "tcp"
    from_port   = 8443
    to_port     = 8443
  }

  egress {
    cidr_blocks = ["8.8.8.8/32"]
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
  }
}
