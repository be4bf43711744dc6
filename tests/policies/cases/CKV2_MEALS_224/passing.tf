resource "aws_launch_template" "server" {
  metadata_options {
    http_tokens = "required"
  }
}

resource "aws_instance" "from_template" {
  launch_template {
    id = aws_launch_template.server.id
  }
}

resource "aws_instance" "without_metadata" {
  metadata_options {
    http_endpoint = "disabled"
  }
}

resource "aws_launch_configuration" "server" {
  metadata_options {
    http_tokens = "required"
  }
}

resource "aws_ec2_instance_metadata_defaults" "required" {
  http_tokens = "required"
}

resource "aws_imagebuilder_infrastructure_configuration" "required" {
  name = "required"

  instance_metadata_options {
    http_tokens = "required"
  }
}

resource "aws_instance" "asked_by_default" {
  ami           = "ami-12345678"
  instance_type = "t3.micro"
}
