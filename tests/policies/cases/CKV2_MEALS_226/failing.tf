# expect: fail
resource "aws_vpc" "without" {
  cidr_block = "10.0.0.0/16"
}

# expect: fail
resource "aws_vpc" "rejected_only" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_flow_log" "rejected_only" {
  vpc_id       = aws_vpc.rejected_only.id
  traffic_type = "REJECT"
}

# expect: fail
resource "aws_flow_log" "of_nothing" {
  traffic_type = "ALL"
}
