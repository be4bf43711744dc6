variable "public" {
  type = bool
}

# expect: fail
resource "aws_instance" "server" {
  associate_public_ip_address = "true"
}

# expect: unknown
resource "aws_instance" "unknown" {
  associate_public_ip_address = var.public
}

# expect: fail
resource "aws_launch_template" "server" {
  network_interfaces {
    associate_public_ip_address = false
  }
  network_interfaces {
    associate_public_ip_address = true
  }
}

# expect: fail
resource "aws_launch_configuration" "server" {
  associate_public_ip_address = true
}

# expect: fail
resource "aws_ecs_service" "server" {
  network_configuration {
    subnets          = ["subnet-0123456789abcdef0"]
    assign_public_ip = true
  }
}

# expect: fail
resource "aws_spot_fleet_request" "fleet" {
  launch_specification {
    ami                         = "ami-12345678"
    associate_public_ip_address = true
  }
}

# expect: fail
resource "aws_drs_replication_configuration_template" "public" {
  create_public_ip = true
}
