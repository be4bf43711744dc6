resource "aws_vpc" "meals" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_default_vpc" "on_its_way_out" {
  force_destroy = true
}
