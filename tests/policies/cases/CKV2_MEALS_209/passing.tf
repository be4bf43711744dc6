resource "aws_vpc" "meals" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_default_security_group" "absent" {
  vpc_id = aws_vpc.meals.id
}

resource "aws_default_security_group" "empty" {
  vpc_id  = "vpc-0123456789abcdef0"
  ingress = []
  egress  = []
}

resource "aws_security_group" "own" {
  vpc_id = aws_vpc.meals.id
}

resource "aws_security_group_rule" "of_own" {
  security_group_id = aws_security_group.own.id
  type              = "ingress"
  self              = true
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
}
