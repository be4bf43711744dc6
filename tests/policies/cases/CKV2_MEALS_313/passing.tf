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

resource "aws_lb" "edge_public_load-balancer_95678F9E" {
  internal           = false
  load_balancer_type = "application"
  subnets            = [aws_subnet.network_replica-1_public-subnet_89E2E8C2.id]
  security_groups    = [aws_security_group.public.id]
}

resource "aws_security_group" "public" {
  vpc_id = aws_vpc.meals.id
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

resource "aws_launch_template" "event_store" {
  network_interfaces {
    associate_public_ip_address = "false"
    security_groups             = [aws_security_group.event_store.id]
  }
}

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

resource "aws_launch_template" "purchase_gateway" {
  network_interfaces {
    associate_public_ip_address = "false"
    security_groups             = [aws_security_group.purchase_gateway.id]
  }
}

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

resource "aws_msk_cluster" "streaming_cluster_6FC87717" {
  cluster_name = "meals"
  broker_node_group_info {
    client_subnets  = [aws_subnet.network_replica-1_private-subnet_D7636063.id]
    security_groups = [aws_security_group.cluster.id]
  }
}

resource "aws_security_group" "cluster" {
  vpc_id = aws_vpc.meals.id
}

resource "aws_pipes_pipe" "streaming_notification-requests_meal-ready_B2798673" {
  name     = "meal-ready"
  role_arn = "arn:aws:iam::111111111111:role/pipes"
  source   = aws_msk_cluster.streaming_cluster_6FC87717.arn
  target   = "arn:aws:sns:us-east-1:111111111111:meal-ready"
}

resource "aws_vpc_endpoint" "network_interface-endpoints_kms_875F32AD" {
  vpc_id             = aws_vpc.meals.id
  service_name       = "com.amazonaws.us-east-1.kms"
  vpc_endpoint_type  = "Interface"
  subnet_ids         = [aws_subnet.network_replica-1_private-subnet_D7636063.id]
  security_group_ids = [aws_security_group.endpoint.id]
}

resource "aws_security_group" "endpoint" {
  vpc_id = aws_vpc.meals.id
}
