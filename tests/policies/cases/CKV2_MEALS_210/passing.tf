resource "aws_vpc" "meals" {
  count      = 2
  cidr_block = "10.0.0.0/16"
}

resource "aws_default_security_group" "unused" {
  count  = 2
  vpc_id = aws_vpc.meals[count.index].id
}
