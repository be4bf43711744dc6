variable "gateway_id" {
  type = string
}

resource "aws_vpc" "meals" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "meals" {
  vpc_id = aws_vpc.meals.id
}

resource "aws_nat_gateway" "meals" {
  subnet_id = "subnet-0123456789abcdef0"
}

# expect: fail
resource "aws_route_table" "inline" {
  vpc_id = aws_vpc.meals.id
  tags   = { Tier = "private" }

  route {
    cidr_block = "10.0.0.0/16"
    gateway_id = "local"
  }

  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.meals.id
  }
}

# expect: fail
resource "aws_route_table" "dynamic" {
  vpc_id = aws_vpc.meals.id
  tags   = { Name = "intra-a" }

  dynamic "route" {
    for_each = ["10.1.0.0/16", "10.2.0.0/16"]
    content {
      cidr_block         = route.value
      transit_gateway_id = "tgw-0123456789abcdef0"
    }
  }
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.meals.id
}

# expect: fail
resource "aws_route" "to_internet" {
  route_table_id         = aws_route_table.private.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.meals.id
}

# expect: fail
resource "aws_route" "half_of_the_internet" {
  route_table_id         = aws_route_table.private.id
  destination_cidr_block = "128.0.0.0/1"
  gateway_id             = "igw-0123456789abcdef0"
}

# expect: fail
resource "aws_route" "to_egress_only" {
  route_table_id              = aws_route_table.private.id
  destination_ipv6_cidr_block = "::/0"
  egress_only_gateway_id      = "eigw-0123456789abcdef0"
}

# expect: fail
resource "aws_route" "to_peering" {
  route_table_id            = aws_route_table.private.id
  destination_cidr_block    = "10.1.0.0/16"
  vpc_peering_connection_id = "pcx-0123456789abcdef0"
}

# expect: unknown
resource "aws_route" "to_unknown" {
  route_table_id         = aws_route_table.private.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = var.gateway_id
}

# Its name and tags say nothing, or the contrary, but its subnet is private.
resource "aws_route_table" "swapped" {
  vpc_id = aws_vpc.meals.id
  tags   = { Name = "public" }
}

resource "aws_subnet" "orders" {
  vpc_id     = aws_vpc.meals.id
  cidr_block = "10.0.2.0/24"
  tags       = { Name = "subnet-2", Tier = "private" }
}

resource "aws_route_table_association" "swapped" {
  subnet_id      = aws_subnet.orders.id
  route_table_id = aws_route_table.swapped.id
}

# expect: fail
resource "aws_route" "of_swapped" {
  route_table_id         = aws_route_table.swapped.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.meals.id
}
