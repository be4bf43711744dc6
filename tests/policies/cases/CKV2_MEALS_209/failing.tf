resource "aws_vpc" "meals" {
  cidr_block = "10.0.0.0/16"
}

# expect: fail
resource "aws_default_security_group" "as_made" {
  vpc_id = aws_vpc.meals.id
  ingress {
    protocol  = "-1"
    from_port = 0
    to_port   = 0
    self      = true
  }
}

# expect: fail
resource "aws_default_security_group" "out" {
  vpc_id = "vpc-0123456789abcdef0"
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["10.0.0.0/16"]
  }
}

# expect: fail
resource "aws_security_group_rule" "of_default" {
  security_group_id = aws_vpc.meals.default_security_group_id
  type              = "ingress"
  self              = true
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
}

# expect: fail
resource "aws_vpc_security_group_egress_rule" "of_adopted" {
  security_group_id = aws_default_security_group.as_made.id
  cidr_ipv4         = "10.0.0.0/16"
  ip_protocol       = "-1"
}
