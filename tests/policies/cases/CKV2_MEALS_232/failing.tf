# expect: fail
resource "aws_default_vpc" "used" {
  tags = { Name = "default" }
}

# expect: fail
resource "aws_default_subnet" "used" {
  availability_zone = "us-east-1a"
}

# expect: fail
resource "aws_default_vpc" "with_subnets" {
}

resource "aws_default_security_group" "locked" {
  vpc_id = aws_default_vpc.with_subnets.id
}

resource "aws_subnet" "s" {
  vpc_id     = aws_default_vpc.with_subnets.id
  cidr_block = "172.31.128.0/24"
}

# expect: fail
resource "aws_default_vpc" "with_rules" {
}

resource "aws_default_security_group" "with_rules" {
  vpc_id = aws_default_vpc.with_rules.id

  ingress {
    protocol  = "-1"
    from_port = 0
    to_port   = 0
    self      = true
  }
}

# expect: fail
resource "aws_default_subnet" "closed_and_used" {
  availability_zone       = "us-east-1b"
  map_public_ip_on_launch = false
}

resource "aws_network_interface" "in_default_subnet" {
  subnet_id = aws_default_subnet.closed_and_used.id
}
