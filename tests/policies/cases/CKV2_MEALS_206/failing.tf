resource "aws_vpc" "meals" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "meals" {
  vpc_id = aws_vpc.meals.id
}

# expect: fail
resource "aws_default_route_table" "main" {
  default_route_table_id = aws_vpc.meals.default_route_table_id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.meals.id
  }
}

# expect: fail
resource "aws_route" "by_attribute" {
  route_table_id         = aws_vpc.meals.main_route_table_id
  destination_cidr_block = "0.0.0.0/1"
  gateway_id             = aws_internet_gateway.meals.id
}

# expect: fail
resource "aws_route" "by_table" {
  route_table_id         = aws_default_route_table.main.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = "nat-0123456789abcdef0"
}

# expect: fail
resource "aws_route_table" "chosen" {
  vpc_id = aws_vpc.meals.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = "igw-0123456789abcdef0"
  }
}

resource "aws_main_route_table_association" "chosen" {
  vpc_id         = aws_vpc.meals.id
  route_table_id = aws_route_table.chosen.id
}
