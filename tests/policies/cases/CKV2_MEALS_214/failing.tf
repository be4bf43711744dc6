variable "network" {
  type = string
}

# expect: fail
resource "aws_security_group" "broker" {
  name = "broker"
  ingress {
    from_port   = 5671
    to_port     = 5671
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/16"]
  }
}

resource "aws_mq_broker" "queue" {
  broker_name     = "queue"
  security_groups = [aws_security_group.broker.id]
}

resource "aws_security_group" "stream" {
  name = "stream"
}

# expect: fail
resource "aws_vpc_security_group_ingress_rule" "stream" {
  security_group_id = aws_security_group.stream.id
  cidr_ipv4         = var.network
  ip_protocol       = "tcp"
  from_port         = 9098
  to_port           = 9098
}

resource "aws_msk_cluster" "stream" {
  broker_node_group_info {
    security_groups = [aws_security_group.stream.id]
  }
}

resource "aws_security_group" "server" {
  name = "server"
}

# expect: fail
resource "aws_security_group_rule" "server" {
  type              = "ingress"
  security_group_id = aws_security_group.server.id
  prefix_list_ids   = ["pl-0123456789abcdef0"]
  protocol          = "tcp"
  from_port         = 2113
  to_port           = 2113
}

resource "aws_instance" "server" {
  vpc_security_group_ids = [aws_security_group.server.id]
  tags                   = { Name = "event-store" }
}

# expect: fail
resource "aws_security_group" "event_store" {
  name = "event-store"
  ingress {
    from_port   = 2113
    to_port     = 2113
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/16"]
  }
}
