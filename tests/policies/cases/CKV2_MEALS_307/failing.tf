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

resource "aws_launch_template" "purchase_gateway" {
  network_interfaces {
    associate_public_ip_address = "false"
    security_groups             = [aws_security_group.purchase_gateway.id]
  }
}

# expect: fail
resource "aws_autoscaling_group" "purchase-gateway_server_scaling-group_889AB497" {
  max_size            = 2
  min_size            = 1
  vpc_zone_identifier = [aws_subnet.network_replica-1_private-subnet_D7636063.id]
  launch_template {
    id = aws_launch_template.purchase_gateway.id
  }
}

resource "aws_security_group" "purchase_gateway" {
  vpc_id = aws_vpc.meals.id
}

resource "aws_launch_template" "ordering" {
  network_interfaces {
    associate_public_ip_address = "true"
    security_groups             = [aws_security_group.ordering.id]
  }
}

resource "aws_autoscaling_group" "servers_ordering-server_scaling-group_F276E2A2" {
  max_size            = 2
  min_size            = 1
  vpc_zone_identifier = [aws_subnet.network_replica-1_public-subnet_89E2E8C2.id]
  launch_template {
    id = aws_launch_template.ordering.id
  }
}

resource "aws_security_group" "ordering" {
  vpc_id = aws_vpc.meals.id
}

resource "aws_lb_target_group" "edge_private-load-balancer_purchase-gateway_D71FAD3C" {
  vpc_id   = aws_vpc.meals.id
  protocol = "HTTPS"
  port     = 8443
  health_check {
    port = "traffic-port"
  }
}

resource "aws_autoscaling_attachment" "purchase_gateway" {
  autoscaling_group_name = aws_autoscaling_group.purchase-gateway_server_scaling-group_889AB497.name
  lb_target_group_arn    = aws_lb_target_group.edge_private-load-balancer_purchase-gateway_D71FAD3C.arn
}

resource "aws_lb_listener" "purchase_gateway" {
  load_balancer_arn = aws_lb.edge_private-load-balancer_8EF5E8C0.arn
  protocol          = "HTTPS"
  port              = 443
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.edge_private-load-balancer_purchase-gateway_D71FAD3C.arn
  }
}

resource "aws_vpc_security_group_ingress_rule" "internal_from_ordering_443" {
  security_group_id            = aws_security_group.internal.id
  referenced_security_group_id = aws_security_group.ordering.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

resource "aws_vpc_security_group_egress_rule" "ordering_to_internal_443" {
  security_group_id            = aws_security_group.ordering.id
  referenced_security_group_id = aws_security_group.internal.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

resource "aws_vpc_security_group_ingress_rule" "purchase_gateway_from_internal_8443" {
  security_group_id            = aws_security_group.purchase_gateway.id
  referenced_security_group_id = aws_security_group.internal.id
  ip_protocol                  = "tcp"
  from_port                    = 8443
  to_port                      = 8443
}

resource "aws_vpc_security_group_egress_rule" "internal_to_purchase_gateway_8443" {
  security_group_id            = aws_security_group.internal.id
  referenced_security_group_id = aws_security_group.purchase_gateway.id
  ip_protocol                  = "tcp"
  from_port                    = 8443
  to_port                      = 8443
}

resource "aws_vpc_security_group_ingress_rule" "purchase_gateway_from_ordering_22" {
  security_group_id            = aws_security_group.purchase_gateway.id
  referenced_security_group_id = aws_security_group.ordering.id
  ip_protocol                  = "tcp"
  from_port                    = 22
  to_port                      = 22
}

resource "aws_vpc_security_group_egress_rule" "ordering_to_purchase_gateway_22" {
  security_group_id            = aws_security_group.ordering.id
  referenced_security_group_id = aws_security_group.purchase_gateway.id
  ip_protocol                  = "tcp"
  from_port                    = 22
  to_port                      = 22
}
