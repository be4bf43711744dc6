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

resource "aws_vpc_security_group_ingress_rule" "broker_ingress_5671" {
  security_group_id = aws_security_group.broker.id
  cidr_ipv4         = "10.0.0.0/16"
  ip_protocol       = "tcp"
  from_port         = 5671
  to_port           = 5671
}
