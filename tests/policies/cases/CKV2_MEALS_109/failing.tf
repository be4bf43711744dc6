resource "aws_security_group" "servers" {
  name = "servers"
}

resource "aws_instance" "server" {
  vpc_security_group_ids = [aws_security_group.servers.id]
}

resource "aws_lb" "servers" {
  security_groups = [aws_security_group.servers.id]
}

resource "aws_lb_listener" "redirect" {
  load_balancer_arn = aws_lb.servers.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect"
    redirect {
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}

variable "port" {
  type = number
}

# expect: fail
resource "aws_vpc_security_group_ingress_rule" "shared_with_an_instance" {
  security_group_id = aws_security_group.servers.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 80
  to_port           = 80
}

resource "aws_security_group" "forwarding" {
  name = "forwarding"
}

resource "aws_lb" "forwarding" {
  security_groups = [aws_security_group.forwarding.id]
}

resource "aws_lb_listener" "forwarding" {
  load_balancer_arn = aws_lb.forwarding.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect"
    redirect {
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}

resource "aws_lb_listener_rule" "forwarding" {
  listener_arn = aws_lb_listener.forwarding.arn

  action {
    type             = "forward"
    target_group_arn = "arn:aws:elasticloadbalancing:us-east-1:111111111111:targetgroup/servers/1"
  }
  condition {
    path_pattern {
      values = ["/ordering*"]
    }
  }
}

# expect: fail
resource "aws_vpc_security_group_ingress_rule" "a_rule_forwards" {
  security_group_id = aws_security_group.forwarding.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 80
  to_port           = 80
}

# expect: fail
resource "aws_security_group" "range" {
  name = "range"

  ingress {
    cidr_blocks = ["10.0.0.0/8"]
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
  }
  ingress {
    cidr_blocks = ["8.8.8.8/32"]
    protocol    = "tcp"
    from_port   = "5671"
    to_port     = "5672"
  }
}

# expect: fail
resource "aws_default_security_group" "everything" {
  vpc_id = "vpc-1"

  ingress {
    ipv6_cidr_blocks = ["::/0"]
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
  }
}

# expect: fail
resource "aws_security_group_rule" "database" {
  type              = "ingress"
  security_group_id = aws_security_group.servers.id
  cidr_blocks       = ["0.0.0.0/1", "128.0.0.0/1"]
  protocol          = "6"
  from_port         = 5432
  to_port           = 5432
}

# expect: unknown
resource "aws_vpc_security_group_ingress_rule" "unknown" {
  security_group_id = aws_security_group.servers.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = var.port
  to_port           = var.port
}

data "aws_ec2_managed_prefix_list" "partners" {
  name = "partners"
}

# expect: unknown
resource "aws_vpc_security_group_ingress_rule" "looked_up_list" {
  security_group_id = "sg-12345678"
  prefix_list_id    = data.aws_ec2_managed_prefix_list.partners.id
  ip_protocol       = "tcp"
  from_port         = 5672
  to_port           = 5672
}

resource "aws_ec2_managed_prefix_list" "offices" {
  name           = "offices"
  address_family = "IPv4"
  max_entries    = 1

  entry {
    cidr = "8.8.8.0/24"
  }
}

# expect: fail
resource "aws_vpc_security_group_ingress_rule" "list" {
  security_group_id = "sg-12345678"
  prefix_list_id    = aws_ec2_managed_prefix_list.offices.id
  ip_protocol       = "tcp"
  from_port         = 5672
  to_port           = 5672
}

# expect: unknown
resource "aws_vpc_security_group_ingress_rule" "ssh_from_looked_up_list" {
  security_group_id = "sg-12345678"
  prefix_list_id    = data.aws_ec2_managed_prefix_list.partners.id
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
}
