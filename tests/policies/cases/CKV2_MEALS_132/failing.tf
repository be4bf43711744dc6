variable "policy" {
  type = string
}

# expect: fail
resource "aws_api_gateway_domain_name" "old" {
  domain_name     = "api.meals.example"
  security_policy = "TLS_1_0"
}

# expect: fail
resource "aws_api_gateway_domain_name" "default" {
  domain_name = "api.meals.example"
}

# expect: fail
resource "aws_cloudfront_distribution" "old" {
  enabled = true

  viewer_certificate {
    acm_certificate_arn      = "arn:aws:acm:us-east-1:111111111111:certificate/1"
    minimum_protocol_version = "TLSv1.1_2016"
    ssl_support_method       = "sni-only"
  }
}

# expect: fail
resource "aws_cloudfront_distribution" "own_certificate" {
  enabled = true

  viewer_certificate {
    cloudfront_default_certificate = true
    minimum_protocol_version       = "TLSv1.2_2021"
  }
}

# expect: fail
resource "aws_elasticsearch_domain" "default" {
  domain_name = "menu"
}

# expect: fail
resource "aws_cloudsearch_domain" "old" {
  name = "menu"

  endpoint_options {
    tls_security_policy = "Policy-Min-TLS-1-0-2019-07"
  }
}

# expect: unknown
resource "aws_api_gateway_domain_name" "unknown" {
  domain_name     = "api.meals.example"
  security_policy = var.policy
}

# expect: fail
resource "aws_cloudfront_multitenant_distribution" "old" {
  viewer_certificate {
    minimum_protocol_version = "TLSv1"
  }
}

# expect: fail
resource "aws_iot_domain_configuration" "old" {
  name = "old"

  tls_config {
    security_policy = "IoTSecurityPolicy_TLS12_1_0_2016_01"
  }
}
