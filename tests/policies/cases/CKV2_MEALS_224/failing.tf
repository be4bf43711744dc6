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
