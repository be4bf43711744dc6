resource "aws_security_group" "servers" {
  name = "servers"

  egress {
    cidr_blocks = ["10.0.0.0/16"]
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
  }
  ingress {
    cidr_blocks = ["0.0.0.0/0"]
    protocol    = "tcp"
    from_port   = 8443
    to_port     = 8443
  }
}

resource "aws_vpc_security_group_egress_rule" "external_systems" {
  security_group_id = aws_security_group.servers.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_security_group_rule" "group" {
  type                     = "egress"
  security_group_id        = aws_security_group.servers.id
  source_security_group_id = aws_security_group.servers.id
  protocol                 = "tcp"
  from_port                = 5671
  to_port                  = 5671
}

resource "aws_vpc_security_group_egress_rule" "bucket" {
  security_group_id = aws_security_group.servers.id
  prefix_list_id    = "pl-1"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_ingress_rule" "inbound" {
  security_group_id = aws_security_group.servers.id
  cidr_ipv4         = "8.8.8.8/32"
  ip_protocol       = "tcp"
  from_port         = 8443
  to_port           = 8443
}

resource "aws_security_group" "default_of_aws" {
  name = "default-of-aws"

  ingress {
    cidr_blocks = ["10.0.0.0/8"]
    protocol    = "tcp"
    from_port   = 8443
    to_port     = 8443
  }

  egress {
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
  }
}
