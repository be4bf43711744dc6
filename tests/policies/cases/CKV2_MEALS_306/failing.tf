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

resource "aws_lb" "edge_private-load-balancer_8EF5E8C0" {
  internal           = true
  load_balancer_type = "application"
  subnets            = [aws_subnet.network_replica-1_private-subnet_D7636063.id]
  security_groups    = [aws_security_group.internal.id]
}

resource "aws_security_group" "internal" {
  vpc_id = aws_vpc.meals.id
}

resource "aws_launch_template" "event_store" {
  network_interfaces {
    associate_public_ip_address = "false"
    security_groups             = [aws_security_group.event_store.id]
  }
}

# expect: fail
resource "aws_autoscaling_group" "event-store_server_scaling-group_6A3C6F9D" {
  max_size            = 2
  min_size            = 1
  vpc_zone_identifier = [aws_subnet.network_replica-1_private-subnet_D7636063.id]
  launch_template {
    id = aws_launch_template.event_store.id
  }
}

resource "aws_security_group" "event_store" {
  vpc_id = aws_vpc.meals.id
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

resource "aws_lb_target_group" "edge_private-load-balancer_event-store_FC94C88E" {
  vpc_id   = aws_vpc.meals.id
  protocol = "HTTPS"
  port     = 2113
  health_check {
    port = "traffic-port"
  }
}

resource "aws_autoscaling_attachment" "event_store" {
  autoscaling_group_name = aws_autoscaling_group.event-store_server_scaling-group_6A3C6F9D.name
  lb_target_group_arn    = aws_lb_target_group.edge_private-load-balancer_event-store_FC94C88E.arn
}

resource "aws_lb_listener" "event_store" {
  load_balancer_arn = aws_lb.edge_private-load-balancer_8EF5E8C0.arn
  protocol          = "HTTPS"
  port              = 2113
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.edge_private-load-balancer_event-store_FC94C88E.arn
  }
}

resource "aws_vpc_security_group_ingress_rule" "internal_from_core_2113" {
  security_group_id            = aws_security_group.internal.id
  referenced_security_group_id = aws_security_group.core.id
  ip_protocol                  = "tcp"
  from_port                    = 2113
  to_port                      = 2113
}

resource "aws_vpc_security_group_egress_rule" "core_to_internal_2113" {
  security_group_id            = aws_security_group.core.id
  referenced_security_group_id = aws_security_group.internal.id
  ip_protocol                  = "tcp"
  from_port                    = 2113
  to_port                      = 2113
}

resource "aws_vpc_security_group_ingress_rule" "event_store_from_internal_2113" {
  security_group_id            = aws_security_group.event_store.id
  referenced_security_group_id = aws_security_group.internal.id
  ip_protocol                  = "tcp"
  from_port                    = 2113
  to_port                      = 2113
}

resource "aws_vpc_security_group_egress_rule" "internal_to_event_store_2113" {
  security_group_id            = aws_security_group.internal.id
  referenced_security_group_id = aws_security_group.event_store.id
  ip_protocol                  = "tcp"
  from_port                    = 2113
  to_port                      = 2113
}

resource "aws_vpc_security_group_ingress_rule" "event_store_from_event_store_2113" {
  security_group_id            = aws_security_group.event_store.id
  referenced_security_group_id = aws_security_group.event_store.id
  ip_protocol                  = "tcp"
  from_port                    = 2113
  to_port                      = 2113
}

resource "aws_vpc_security_group_egress_rule" "event_store_to_event_store_2113" {
  security_group_id            = aws_security_group.event_store.id
  referenced_security_group_id = aws_security_group.event_store.id
  ip_protocol                  = "tcp"
  from_port                    = 2113
  to_port                      = 2113
}

resource "aws_vpc_security_group_ingress_rule" "event_store_from_core_22" {
  security_group_id            = aws_security_group.event_store.id
  referenced_security_group_id = aws_security_group.core.id
  ip_protocol                  = "tcp"
  from_port                    = 22
  to_port                      = 22
}

resource "aws_vpc_security_group_egress_rule" "core_to_event_store_22" {
  security_group_id            = aws_security_group.core.id
  referenced_security_group_id = aws_security_group.event_store.id
  ip_protocol                  = "tcp"
  from_port                    = 22
  to_port                      = 22
}
