# expect: fail
resource "aws_vpc" "meals" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_network_acl" "own" {
  vpc_id = aws_vpc.meals.id
}
