resource "aws_instance" "unsaid" {
  subnet_id = "subnet-0123456789abcdef0"
}

resource "aws_launch_template" "server" {
  network_interfaces {
    associate_public_ip_address = "false"
  }
}

resource "aws_ecs_service" "server" {
  network_configuration {
    subnets          = ["subnet-0123456789abcdef0"]
    assign_public_ip = false
  }
}

resource "aws_launch_configuration" "unsaid" {
  image_id = "ami-0123456789abcdef0"
}
