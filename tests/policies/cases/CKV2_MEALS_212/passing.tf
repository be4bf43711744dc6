resource "aws_vpc" "meals" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_network_acl" "own" {
  vpc_id = aws_vpc.meals.id
}

resource "aws_default_network_acl" "unused" {
  default_network_acl_id = aws_vpc.meals.default_network_acl_id
}

resource "aws_vpc" "without_acls" {
  cidr_block = "10.1.0.0/16"
}
