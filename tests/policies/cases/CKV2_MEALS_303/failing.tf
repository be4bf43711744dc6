resource "aws_vpc" "meals" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "meals" {
  vpc_id = aws_vpc.meals.id
}

resource "aws_subnet" "network_replica-1_public-subnet_89E2E8C2" {
  vpc_id     = aws_vpc.meals.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_subnet" "network_replica-1_private-subnet_D7636063" {
  vpc_id     = aws_vpc.meals.id
  cidr_block = "10.0.2.0/24"
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.meals.id
}

resource "aws_route" "public" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.meals.id
}

resource "aws_route_table_association" "public" {
  route_table_id = aws_route_table.public.id
  subnet_id      = aws_subnet.network_replica-1_public-subnet_89E2E8C2.id
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.meals.id
}

resource "aws_route_table_association" "private" {
  route_table_id = aws_route_table.private.id
  subnet_id      = aws_subnet.network_replica-1_private-subnet_D7636063.id
}

# expect: fail
resource "aws_lb" "edge_public_load-balancer_95678F9E" {
  internal           = false
  load_balancer_type = "application"
  subnets            = [aws_subnet.network_replica-1_public-subnet_89E2E8C2.id]
  security_groups    = [aws_security_group.public.id]
}

resource "aws_security_group" "public" {
  vpc_id = aws_vpc.meals.id
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.edge_public_load-balancer_95678F9E.arn
  protocol          = "HTTP"
  port              = 80
  default_action {
    type = "redirect"
    redirect {
      protocol    = "HTTPS"
      port        = "443"
      status_code = "HTTP_301"
    }
  }
}

resource "aws_launch_template" "core" {
  network_interfaces {
    associate_public_ip_address = "true"
    security_groups             = [aws_security_group.core.id]
  }
}

resource "aws_autoscaling_group" "servers_core-server_scaling-group_6C523D81" {
  max_size            = 2
  min_size            = 1
  vpc_zone_identifier = [aws_subnet.network_replica-1_public-subnet_89E2E8C2.id]
  launch_template {
    id = aws_launch_template.core.id
  }
}

resource "aws_security_group" "core" {
  vpc_id = aws_vpc.meals.id
}

resource "aws_lb_target_group" "edge_public_load-balancer_core-server_BE6784EA" {
  vpc_id   = aws_vpc.meals.id
  protocol = "HTTPS"
  port     = 8443
  health_check {
    port = "traffic-port"
  }
}

resource "aws_autoscaling_attachment" "core" {
  autoscaling_group_name = aws_autoscaling_group.servers_core-server_scaling-group_6C523D81.name
  lb_target_group_arn    = aws_lb_target_group.edge_public_load-balancer_core-server_BE6784EA.arn
}

resource "aws_lb_listener" "core" {
  load_balancer_arn = aws_lb.edge_public_load-balancer_95678F9E.arn
  protocol          = "HTTPS"
  port              = 443
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.edge_public_load-balancer_core-server_BE6784EA.arn
  }
}

resource "aws_vpc_security_group_ingress_rule" "public_ingress_443" {
  security_group_id = aws_security_group.public.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_ingress_rule" "public_ingress_80" {
  security_group_id = aws_security_group.public.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 80
  to_port           = 80
}

resource "aws_vpc_security_group_ingress_rule" "core_from_public_8443" {
  security_group_id            = aws_security_group.core.id
  referenced_security_group_id = aws_security_group.public.id
  ip_protocol                  = "tcp"
  from_port                    = 8443
  to_port                      = 8443
}

resource "aws_vpc_security_group_egress_rule" "public_to_core_8443" {
  security_group_id            = aws_security_group.public.id
  referenced_security_group_id = aws_security_group.core.id
  ip_protocol                  = "tcp"
  from_port                    = 8443
  to_port                      = 8443
}

resource "aws_vpc_security_group_ingress_rule" "core_from_core_8443" {
  security_group_id            = aws_security_group.core.id
  referenced_security_group_id = aws_security_group.core.id
  ip_protocol                  = "tcp"
  from_port                    = 8443
  to_port                      = 8443
}

resource "aws_vpc_security_group_egress_rule" "core_to_core_8443" {
  security_group_id            = aws_security_group.core.id
  referenced_security_group_id = aws_security_group.core.id
  ip_protocol                  = "tcp"
  from_port                    = 8443
  to_port                      = 8443
}

resource "aws_mq_broker" "messaging_broker_F6BDD6B2" {
  broker_name         = "meals"
  engine_type         = "RabbitMQ"
  publicly_accessible = false
  security_groups     = [aws_security_group.broker.id]
  subnet_ids          = [aws_subnet.network_replica-1_private-subnet_D7636063.id]
}

resource "aws_security_group" "broker" {
  vpc_id = aws_vpc.meals.id
}

resource "aws_vpc_security_group_ingress_rule" "public_from_broker_443" {
  security_group_id            = aws_security_group.public.id
  referenced_security_group_id = aws_security_group.broker.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

resource "aws_vpc_security_group_egress_rule" "broker_to_public_443" {
  security_group_id            = aws_security_group.broker.id
  referenced_security_group_id = aws_security_group.public.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}
