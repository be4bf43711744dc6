variable "tokens" {
  type = string
}

# expect: fail
resource "aws_launch_template" "unsaid" {
  name = "unsaid"
}

# expect: fail
resource "aws_launch_template" "optional" {
  metadata_options {
    http_tokens = "optional"
  }
}

# expect: fail
resource "aws_instance" "from_template" {
  launch_template {
    id = aws_launch_template.optional.id
  }
}

# expect: fail
resource "aws_launch_configuration" "half" {
  metadata_options {
    http_endpoint = "enabled"
  }
}

# expect: unknown
resource "aws_instance" "unknown" {
  metadata_options {
    http_tokens = var.tokens
  }
}

# expect: fail
resource "aws_ec2_instance_metadata_defaults" "any" {
  http_put_response_hop_limit = 1
}

# expect: fail
resource "aws_imagebuilder_infrastructure_configuration" "without" {
  name = "without"
}
