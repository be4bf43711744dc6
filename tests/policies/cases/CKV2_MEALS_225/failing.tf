variable "hops" {
  type = number
}

# expect: fail
resource "aws_launch_template" "two" {
  metadata_options {
    http_put_response_hop_limit = "2"
  }
}

# expect: unknown
resource "aws_instance" "unknown" {
  metadata_options {
    http_put_response_hop_limit = var.hops
  }
}
