resource "aws_vpc" "meals" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "meals" {
  vpc_id = aws_vpc.meals.id
}

resource "aws_subnet" "private" {
  vpc_id                  = aws_vpc.meals.id
  cidr_block              = "10.0.2.0/24"
  map_public_ip_on_launch = false
  tags                    = { Tier = "private" }
}

resource "aws_subnet" "edge" {
  vpc_id     = aws_vpc.meals.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_route_table" "edge" {
  vpc_id = aws_vpc.meals.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.meals.id
  }
}

resource "aws_route_table_association" "edge" {
  subnet_id      = aws_subnet.edge.id
  route_table_id = aws_route_table.edge.id
}

resource "aws_security_group" "event_store" {
  name = "event-store"
  egress {
    from_port       = 443
    to_port         = 443
    protocol        = "tcp"
    prefix_list_ids = [aws_vpc_endpoint.s3.prefix_list_id]
    cidr_blocks     = ["10.0.0.0/16"]
  }
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id       = aws_vpc.meals.id
  service_name = "com.amazonaws.us-east-1.s3"
}

resource "aws_instance" "event_store" {
  subnet_id              = aws_subnet.private.id
  vpc_security_group_ids = [aws_security_group.event_store.id]
}

resource "aws_security_group" "public" {
  name = "public"
  egress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_instance" "public" {
  subnet_id              = aws_subnet.edge.id
  vpc_security_group_ids = [aws_security_group.public.id]
}
