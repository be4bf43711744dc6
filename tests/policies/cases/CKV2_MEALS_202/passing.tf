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

resource "aws_instance" "private" {
  subnet_id                   = aws_subnet.private.id
  associate_public_ip_address = false
}

resource "aws_instance" "public" {
  subnet_id                   = aws_subnet.edge.id
  associate_public_ip_address = true
}

resource "aws_launch_template" "private" {
  network_interfaces {
    associate_public_ip_address = "false"
  }
}

resource "aws_autoscaling_group" "private" {
  vpc_zone_identifier = [aws_subnet.private.id]
  launch_template {
    id = aws_launch_template.private.id
  }
}

resource "aws_launch_template" "public" {
  network_interfaces {
    associate_public_ip_address = "true"
  }
}

resource "aws_autoscaling_group" "public" {
  vpc_zone_identifier = [aws_subnet.edge.id]
  launch_template {
    id = aws_launch_template.public.id
  }
}

resource "aws_network_interface" "public" {
  subnet_id = aws_subnet.edge.id
}

resource "aws_eip" "public" {
  network_interface = aws_network_interface.public.id
}

resource "aws_nat_gateway" "private" {
  subnet_id         = aws_subnet.private.id
  connectivity_type = "private"
}
