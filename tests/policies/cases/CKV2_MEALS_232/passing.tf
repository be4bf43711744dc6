resource "aws_vpc" "meals" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_default_vpc" "on_its_way_out" {
  force_destroy = true
}

resource "aws_default_vpc" "locked" {
}

resource "aws_default_security_group" "locked" {
  vpc_id = aws_default_vpc.locked.id
}

resource "aws_default_network_acl" "locked" {
  default_network_acl_id = aws_default_vpc.locked.default_network_acl_id
}

resource "aws_default_subnet" "closed" {
  availability_zone       = "us-east-1a"
  map_public_ip_on_launch = false
}
