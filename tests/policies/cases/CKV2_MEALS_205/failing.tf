resource "aws_vpc" "meals" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "meals" {
  vpc_id = aws_vpc.meals.id
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.meals.id
}

resource "aws_subnet" "associated" {
  vpc_id = aws_vpc.meals.id
}

resource "aws_route_table_association" "associated" {
  subnet_id      = aws_subnet.associated.id
  route_table_id = aws_route_table.private.id
}

# expect: fail
resource "aws_subnet" "left" {
  vpc_id = aws_vpc.meals.id
}
