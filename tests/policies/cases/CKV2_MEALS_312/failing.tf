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

resource "aws_vpc_endpoint" "s3" {
  vpc_id          = aws_vpc.meals.id
  service_name    = "com.amazonaws.us-east-1.s3"
  route_table_ids = [aws_route_table.private.id, aws_route_table.public.id]
}

resource "aws_vpc_endpoint" "dynamodb" {
  vpc_id          = aws_vpc.meals.id
  service_name    = "com.amazonaws.us-east-1.dynamodb"
  route_table_ids = [aws_route_table.private.id, aws_route_table.public.id]
}

resource "aws_launch_template" "core" {
  network_interfaces {
    associate_public_ip_address = "true"
    security_groups             = [aws_security_group.core.id]
  }
}

# expect: fail
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

resource "aws_vpc_security_group_egress_rule" "core_to_s3" {
  security_group_id = aws_security_group.core.id
  prefix_list_id    = aws_vpc_endpoint.s3.prefix_list_id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "core_to_dynamodb" {
  security_group_id = aws_security_group.core.id
  prefix_list_id    = aws_vpc_endpoint.dynamodb.prefix_list_id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "core_egress_80" {
  security_group_id = aws_security_group.core.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 80
  to_port           = 80
}
