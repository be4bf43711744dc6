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

# expect: fail
resource "aws_autoscaling_group" "event_store" {
  vpc_zone_identifier = [aws_subnet.edge.id]
}

# expect: fail
resource "aws_autoscaling_group" "both" {
  vpc_zone_identifier = [aws_subnet.edge.id, aws_subnet.private.id]
}

# expect: fail
resource "aws_lb" "internal" {
  internal = true
  subnets  = aws_subnet.edge[*].id
  tags     = { Tier = "private" }
}
