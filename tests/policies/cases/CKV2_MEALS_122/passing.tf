resource "aws_security_group" "servers" {
  name = "servers"
}

resource "aws_security_group" "rabbit" {
  name = "rabbit"
}

resource "aws_mq_broker" "rabbit" {
  engine_type     = "RabbitMQ"
  security_groups = [aws_security_group.rabbit.id]
}

resource "aws_security_group" "stream" {
  name = "stream"
}

resource "aws_msk_cluster" "stream" {
  cluster_name = "stream"

  broker_node_group_info {
    instance_type   = "kafka.m7g.large"
    security_groups = [aws_security_group.stream.id]
  }
}

resource "aws_vpc_security_group_ingress_rule" "amqps" {
  security_group_id            = aws_security_group.rabbit.id
  referenced_security_group_id = aws_security_group.servers.id
  ip_protocol                  = "tcp"
  from_port                    = 5671
  to_port                      = 5671
}

resource "aws_security_group_rule" "iam" {
  type                     = "ingress"
  security_group_id        = aws_security_group.stream.id
  source_security_group_id = aws_security_group.servers.id
  protocol                 = "tcp"
  from_port                = 9098
  to_port                  = 9098
}

resource "aws_security_group" "active" {
  name = "active"

  ingress {
    security_groups = [aws_security_group.servers.id]
    protocol        = "tcp"
    from_port       = 61617
    to_port         = 61617
  }
}

resource "aws_mq_broker" "active" {
  engine_type     = "ActiveMQ"
  security_groups = [aws_security_group.active.id]
}

resource "aws_vpc_security_group_ingress_rule" "of_the_servers" {
  security_group_id            = aws_security_group.servers.id
  referenced_security_group_id = aws_security_group.servers.id
  ip_protocol                  = "tcp"
  from_port                    = 22
  to_port                      = 22
}

resource "aws_vpc_security_group_egress_rule" "outbound" {
  security_group_id            = aws_security_group.rabbit.id
  referenced_security_group_id = aws_security_group.servers.id
  ip_protocol                  = "tcp"
  from_port                    = 22
  to_port                      = 22
}
