variable "network" {
  type = string
}

resource "aws_vpc_peering_connection" "peer" {
  vpc_id      = "vpc-0123456789abcdef0"
  peer_vpc_id = "vpc-0123456789abcdef1"
}

# expect: fail
resource "aws_route" "everything" {
  route_table_id            = "rtb-0123456789abcdef0"
  destination_cidr_block    = "0.0.0.0/0"
  vpc_peering_connection_id = aws_vpc_peering_connection.peer.id
}

# expect: unknown
resource "aws_route" "unknown" {
  route_table_id            = "rtb-0123456789abcdef0"
  destination_cidr_block    = var.network
  vpc_peering_connection_id = aws_vpc_peering_connection.peer.id
}

# expect: fail
resource "aws_route_table" "inline" {
  vpc_id = "vpc-0123456789abcdef0"
  route {
    ipv6_cidr_block           = "::/0"
    vpc_peering_connection_id = "pcx-0123456789abcdef0"
  }
}
