resource "aws_vpc" "meals" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "meals" {
  vpc_id = aws_vpc.meals.id
}

resource "aws_default_route_table" "main" {
  default_route_table_id = aws_vpc.meals.default_route_table_id
  route                  = []
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.meals.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.meals.id
  }
}

resource "aws_route" "public" {
  route_table_id              = aws_route_table.public.id
  destination_ipv6_cidr_block = "::/0"
  gateway_id                  = aws_internet_gateway.meals.id
}
