resource "aws_security_group" "servers" {
  name = "servers"
}

variable "protocol" {
  type = string
}

# expect: fail
resource "aws_vpc_security_group_ingress_rule" "amqp" {
  security_group_id            = aws_security_group.servers.id
  referenced_security_group_id = aws_security_group.servers.id
  ip_protocol                  = "tcp"
  from_port                    = 5672
  to_port                      = 5672
}

resource "aws_launch_template" "servers" {
  vpc_security_group_ids = [aws_security_group.servers.id]
}

# expect: fail
resource "aws_vpc_security_group_ingress_rule" "http_of_servers" {
  security_group_id            = aws_security_group.servers.id
  referenced_security_group_id = aws_security_group.servers.id
  ip_protocol                  = "tcp"
  from_port                    = 8080
  to_port                      = 8080
}

# expect: fail
resource "aws_vpc_security_group_egress_rule" "kafka" {
  security_group_id            = aws_security_group.servers.id
  referenced_security_group_id = aws_security_group.servers.id
  ip_protocol                  = "tcp"
  from_port                    = 9092
  to_port                      = 9098
}

resource "aws_instance" "member" {
  vpc_security_group_ids = [aws_security_group.itself.id]
}

# expect: fail
resource "aws_security_group" "itself" {
  name = "itself"

  ingress {
    self      = true
    protocol  = "-1"
    from_port = 0
    to_port   = 0
  }
}

# expect: fail
resource "aws_security_group_rule" "network" {
  type              = "ingress"
  security_group_id = aws_security_group.servers.id
  cidr_blocks       = ["10.0.0.0/16"]
  protocol          = "tcp"
  from_port         = 0
  to_port           = 1024
}

# expect: fail
resource "aws_security_group_rule" "whatever_network" {
  type              = "ingress"
  security_group_id = aws_security_group.servers.id
  cidr_blocks       = [aws_vpc.elsewhere.cidr_block]
  protocol          = "tcp"
  from_port         = 23
  to_port           = 23
}

# expect: unknown
resource "aws_security_group_rule" "unknown" {
  type                     = "ingress"
  security_group_id        = aws_security_group.servers.id
  source_security_group_id = aws_security_group.servers.id
  protocol                 = var.protocol
  from_port                = 80
  to_port                  = 80
}

# expect: fail
resource "aws_security_group" "unused" {
  name = "unused"

  ingress {
    cidr_blocks = ["10.0.0.0/8"]
    self        = true
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
  }
}

resource "aws_security_group" "edge" {
  name = "edge"
}

resource "aws_lb" "edge" {
  internal        = true
  security_groups = [aws_security_group.edge.id]
}

resource "aws_lb_listener" "forward" {
  load_balancer_arn = aws_lb.edge.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.servers.arn
  }
}

# expect: fail
resource "aws_vpc_security_group_ingress_rule" "http_without_redirect" {
  security_group_id = aws_security_group.edge.id
  cidr_ipv4         = "10.0.0.0/8"
  ip_protocol       = "tcp"
  from_port         = 80
  to_port           = 80
}
