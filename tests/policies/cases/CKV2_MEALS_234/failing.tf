resource "aws_vpc" "meals" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "meals" {
  vpc_id = aws_vpc.meals.id
}

resource "aws_subnet" "private" {
  vpc_id                  = aws_vpc.meals.id
  cidr_block              = "10.0.2.0/24"
  map_public_ip_on_launch = false
  tags                    = { Tier = "private" }
}

resource "aws_subnet" "edge" {
  vpc_id     = aws_vpc.meals.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_route_table" "edge" {
  vpc_id = aws_vpc.meals.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.meals.id
  }
}

resource "aws_route_table_association" "edge" {
  subnet_id      = aws_subnet.edge.id
  route_table_id = aws_route_table.edge.id
}

variable "networks" {
  type = list(string)
}

# expect: fail
resource "aws_security_group" "event_store" {
  name = "event-store"
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

# expect: fail
resource "aws_vpc_security_group_egress_rule" "ipv6" {
  security_group_id = aws_security_group.event_store.id
  cidr_ipv6         = "::/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

# expect: unknown
resource "aws_security_group_rule" "unknown" {
  type              = "egress"
  security_group_id = aws_security_group.event_store.id
  cidr_blocks       = var.networks
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_instance" "event_store" {
  subnet_id              = aws_subnet.private.id
  vpc_security_group_ids = [aws_security_group.event_store.id]
}

resource "aws_security_group" "in_parts" {
  name = "in-parts"
}

# expect: fail
resource "aws_security_group_rule" "part" {
  type              = "egress"
  security_group_id = aws_security_group.in_parts.id
  cidr_blocks       = ["2.0.0.0/8"]
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
}

# expect: fail
resource "aws_vpc_security_group_egress_rule" "other_part" {
  security_group_id = aws_security_group.in_parts.id
  cidr_ipv4         = "3.0.0.0/8"
  ip_protocol       = "-1"
}

resource "aws_instance" "in_parts" {
  subnet_id              = aws_subnet.private.id
  vpc_security_group_ids = [aws_security_group.in_parts.id]
}
