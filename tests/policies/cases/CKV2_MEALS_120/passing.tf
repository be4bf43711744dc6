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

resource "aws_security_group" "unused" {
  name = "unused"

  ingress {
    self      = true
    protocol  = "-1"
    from_port = 0
    to_port   = 0
  }

  ingress {
    cidr_blocks = ["10.0.0.0/8"]
    protocol    = "tcp"
    from_port   = 80
    to_port     = 80
  }
}

resource "aws_security_group" "edge" {
  name = "edge"
}

resource "aws_lb" "edge" {
  internal        = true
  security_groups = [aws_security_group.edge.id]
}

resource "aws_lb_listener" "redirect" {
  load_balancer_arn = aws_lb.edge.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect"

    redirect {
      protocol    = "HTTPS"
      port        = "443"
      status_code = "HTTP_301"
    }
  }
}

resource "aws_vpc_security_group_ingress_rule" "redirect" {
  security_group_id = aws_security_group.edge.id
  cidr_ipv4         = "10.0.0.0/8"
  ip_protocol       = "tcp"
  from_port         = 80
  to_port           = 80
}
