resource "aws_vpc" "meals" {
  count      = 2
  cidr_block = "10.0.0.0/16"
}

resource "aws_default_security_group" "unused" {
  count  = 2
  vpc_id = aws_vpc.meals[count.index].id
}

resource "aws_subnet" "private" {
  count      = 2
  vpc_id     = aws_vpc.meals[count.index].id
  cidr_block = "10.0.2.0/24"
}

resource "aws_vpc" "without_subnets" {
  cidr_block = "10.1.0.0/16"
}
