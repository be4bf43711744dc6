# expect: fail
resource "aws_cloudfront_response_headers_policy" "left_out" {
  name = "left-out"

  security_headers_config {
    content_type_options {
      override = true
    }
  }
}

# expect: fail
resource "aws_cloudfront_response_headers_policy" "short" {
  name = "short"

  security_headers_config {
    strict_transport_security {
      access_control_max_age_sec = 300
      include_subdomains         = true
      override                   = true
    }
  }
}
