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

variable "public" {
  type = bool
}

# expect: fail
resource "aws_instance" "private" {
  subnet_id                   = aws_subnet.private.id
  associate_public_ip_address = true
}

# A subnet that says nothing, whose route table leads nowhere.
resource "aws_subnet" "quiet" {
  vpc_id     = aws_vpc.meals.id
  cidr_block = "10.0.3.0/24"
}

resource "aws_route_table" "quiet" {
  vpc_id = aws_vpc.meals.id
}

resource "aws_route_table_association" "quiet" {
  subnet_id      = aws_subnet.quiet.id
  route_table_id = aws_route_table.quiet.id
}

# expect: fail
resource "aws_instance" "quiet" {
  count                       = 2
  subnet_id                   = aws_subnet.quiet.id
  associate_public_ip_address = true
}

# expect: unknown
resource "aws_instance" "unknown" {
  subnet_id                   = aws_subnet.private.id
  associate_public_ip_address = var.public
}

# expect: fail
resource "aws_launch_template" "private" {
  dynamic "network_interfaces" {
    for_each = ["true"]
    content {
      associate_public_ip_address = network_interfaces.value
    }
  }
}

resource "aws_autoscaling_group" "mixed" {
  vpc_zone_identifier = [aws_subnet.edge.id, aws_subnet.private.id]
  mixed_instances_policy {
    launch_template {
      launch_template_specification {
        launch_template_id = aws_launch_template.private.id
      }
    }
  }
}

# expect: fail
resource "aws_launch_configuration" "private" {
  associate_public_ip_address = true
}

resource "aws_autoscaling_group" "old" {
  launch_configuration = aws_launch_configuration.private.name
  vpc_zone_identifier  = [aws_subnet.private.id]
}

resource "aws_network_interface" "private" {
  subnet_id = aws_subnet.private.id
}

# expect: fail
resource "aws_eip" "of_interface" {
  network_interface = aws_network_interface.private.id
}

# expect: fail
resource "aws_eip_association" "of_instance" {
  instance_id   = aws_instance.private.id
  allocation_id = "eipalloc-0123456789abcdef0"
}

# expect: fail
resource "aws_nat_gateway" "private" {
  subnet_id     = aws_subnet.private.id
  allocation_id = "eipalloc-0123456789abcdef0"
}
