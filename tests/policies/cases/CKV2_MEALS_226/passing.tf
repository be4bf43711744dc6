resource "aws_vpc" "meals" {
  for_each   = toset(["10.0.0.0/16", "10.1.0.0/16"])
  cidr_block = each.value
}

resource "aws_flow_log" "meals" {
  for_each     = aws_vpc.meals
  vpc_id       = each.value.id
  traffic_type = "ALL"
}
