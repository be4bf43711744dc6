resource "aws_launch_template" "one" {
  metadata_options {
    http_put_response_hop_limit = 1
  }
}

resource "aws_instance" "unsaid" {
  metadata_options {
    http_tokens = "required"
  }
}
