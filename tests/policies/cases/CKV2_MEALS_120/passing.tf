resource "aws_security_group" "servers" {
  name = "servers"
}

resource "aws_security_group" "broker" {
  name = "broker"

  ingress {
    security_groups = [aws_security_group.servers.id]
    protocol        = "tcp"
    from_port       = 5671
    to_port         = 5671
  }
}

resource "aws_vpc_security_group_ingress_rule" "database" {
  security_group_id            = aws_security_group.broker.id
  referenced_security_group_id = aws_security_group.servers.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_db_instance" "menu" {
  vpc_security_group_ids = [aws_security_group.broker.id]
}

resource "aws_security_group_rule" "public" {
  type              = "ingress"
  security_group_id = aws_security_group.broker.id
  cidr_blocks       = ["0.0.0.0/0"]
  protocol          = "tcp"
  from_port         = 80
  to_port           = 80
}

resource "aws_vpc_security_group_egress_rule" "stream" {
  security_group_id            = aws_security_group.servers.id
  referenced_security_group_id = aws_security_group.broker.id
  ip_protocol                  = "tcp"
  from_port                    = 9094
  to_port                      = 9098
}
