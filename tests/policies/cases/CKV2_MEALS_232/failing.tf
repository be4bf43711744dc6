# expect: fail
resource "aws_default_vpc" "used" {
  tags = { Name = "default" }
}

# expect: fail
resource "aws_default_subnet" "used" {
  availability_zone = "us-east-1a"
}
