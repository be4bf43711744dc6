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

resource "aws_security_group" "event_store" {
  name = "event-store"
}

# expect: fail
resource "aws_vpc_security_group_ingress_rule" "network" {
  security_group_id = aws_security_group.event_store.id
  cidr_ipv4         = aws_vpc.meals.cidr_block
  ip_protocol       = "tcp"
  from_port         = 2113
  to_port           = 2113
}

# expect: fail
resource "aws_security_group_rule" "everything" {
  type                     = "ingress"
  security_group_id        = aws_security_group.event_store.id
  source_security_group_id = "sg-0123456789abcdef0"
  protocol                 = "-1"
  from_port                = 0
  to_port                  = 0
}

resource "aws_launch_template" "event_store" {
  vpc_security_group_ids = [aws_security_group.event_store.id]
}

resource "aws_autoscaling_group" "event_store" {
  vpc_zone_identifier = [aws_subnet.private.id]
  launch_template {
    id = aws_launch_template.event_store.id
  }
}

# expect: fail
resource "aws_security_group" "gateway" {
  name = "gateway"
  ingress {
    from_port   = 8443
    to_port     = 8443
    protocol    = "tcp"
    cidr_blocks = ["10.0.1.0/24"]
  }
}

resource "aws_network_interface" "gateway" {
  subnet_id       = aws_subnet.private.id
  security_groups = [aws_security_group.gateway.id]
}
