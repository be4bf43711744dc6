variable "public" {
  type = bool
}

locals {
  subnets = { a = true, b = true }
}

# expect: fail
resource "aws_subnet" "said" {
  vpc_id                  = "vpc-0123456789abcdef0"
  map_public_ip_on_launch = true
}

# expect: fail
resource "aws_subnet" "each" {
  for_each                = local.subnets
  vpc_id                  = "vpc-0123456789abcdef0"
  map_public_ip_on_launch = each.value
}

# expect: unknown
resource "aws_subnet" "unknown" {
  vpc_id                  = "vpc-0123456789abcdef0"
  map_public_ip_on_launch = var.public
}

# expect: fail
resource "aws_default_subnet" "unsaid" {
  availability_zone = "us-east-1a"
}
