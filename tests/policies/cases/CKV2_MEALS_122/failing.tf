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

variable "port" {
  type = number
}

# expect: fail
resource "aws_vpc_security_group_ingress_rule" "amqp" {
  security_group_id            = aws_security_group.rabbit.id
  referenced_security_group_id = aws_security_group.servers.id
  ip_protocol                  = "tcp"
  from_port                    = 5671
  to_port                      = 5672
}

# expect: fail
resource "aws_vpc_security_group_ingress_rule" "openwire_on_rabbit" {
  security_group_id            = aws_security_group.rabbit.id
  referenced_security_group_id = aws_security_group.servers.id
  ip_protocol                  = "tcp"
  from_port                    = 61617
  to_port                      = 61617
}

# expect: fail
resource "aws_security_group_rule" "plaintext" {
  type                     = "ingress"
  security_group_id        = aws_security_group.stream.id
  source_security_group_id = aws_security_group.servers.id
  protocol                 = "tcp"
  from_port                = 9092
  to_port                  = 9092
}

# expect: fail
resource "aws_security_group" "everything" {
  name = "everything"

  ingress {
    self      = true
    protocol  = "-1"
    from_port = 0
    to_port   = 0
  }
}

resource "aws_msk_serverless_cluster" "stream" {
  cluster_name = "stream"

  vpc_config {
    subnet_ids         = ["subnet-1"]
    security_group_ids = [aws_security_group.everything.id]
  }
}

# expect: unknown
resource "aws_vpc_security_group_ingress_rule" "unknown" {
  security_group_id            = aws_security_group.rabbit.id
  referenced_security_group_id = aws_security_group.servers.id
  ip_protocol                  = "tcp"
  from_port                    = var.port
  to_port                      = var.port
}
