resource "aws_vpc" "meals" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "meals" {
  vpc_id = aws_vpc.meals.id
}

resource "aws_vpn_gateway" "meals" {
  vpc_id = aws_vpc.meals.id
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.meals.id
  tags   = { Name = "meals-public" }
}

resource "aws_route" "public_to_internet" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.meals.id
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.meals.id
  tags   = { Name = "meals-private" }

  route {
    cidr_block = "10.0.0.0/16"
    gateway_id = "local"
  }

  route {
    cidr_block = "192.168.0.0/16"
    gateway_id = aws_vpn_gateway.meals.id
  }
}

resource "aws_subnet" "private" {
  count      = 2
  vpc_id     = aws_vpc.meals.id
  cidr_block = cidrsubnet(aws_vpc.meals.cidr_block, 8, count.index)
}

resource "aws_route_table_association" "private" {
  count          = 2
  subnet_id      = aws_subnet.private[count.index].id
  route_table_id = aws_route_table.private.id
}

resource "aws_route" "private_to_office" {
  route_table_id         = aws_route_table.private.id
  destination_cidr_block = "172.16.0.0/12"
  gateway_id             = aws_vpn_gateway.meals.id
}

resource "aws_default_route_table" "main" {
  default_route_table_id = aws_vpc.meals.default_route_table_id
  route                  = []
}
