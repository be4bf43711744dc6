resource "aws_subnet" "said" {
  vpc_id                  = "vpc-0123456789abcdef0"
  map_public_ip_on_launch = "false"
}

resource "aws_subnet" "unsaid" {
  for_each = toset(["a", "b"])
  vpc_id   = "vpc-0123456789abcdef0"
}

resource "aws_default_subnet" "said" {
  availability_zone       = "us-east-1a"
  map_public_ip_on_launch = false
}
