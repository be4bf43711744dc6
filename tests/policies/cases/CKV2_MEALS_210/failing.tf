# expect: fail
resource "aws_vpc" "left" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "left" {
  vpc_id     = aws_vpc.left.id
  cidr_block = "10.0.2.0/24"
}

resource "aws_vpc" "adopted" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_default_security_group" "unused" {
  vpc_id = aws_vpc.adopted.id
}

resource "aws_subnet" "adopted" {
  vpc_id     = aws_vpc.adopted.id
  cidr_block = "10.1.2.0/24"
}
