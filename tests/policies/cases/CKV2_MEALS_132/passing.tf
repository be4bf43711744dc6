resource "aws_api_gateway_domain_name" "api" {
  domain_name     = "api.meals.example"
  security_policy = "TLS_1_2"
}

resource "aws_apigatewayv2_domain_name" "api" {
  domain_name = "api.meals.example"

  domain_name_configuration {
    certificate_arn = "arn:aws:acm:us-east-1:111111111111:certificate/1"
    endpoint_type   = "REGIONAL"
    security_policy = "TLS_1_2"
  }
}

resource "aws_cloudfront_distribution" "images" {
  enabled = true

  viewer_certificate {
    acm_certificate_arn      = "arn:aws:acm:us-east-1:111111111111:certificate/1"
    minimum_protocol_version = "TLSv1.2_2021"
    ssl_support_method       = "sni-only"
  }
}

resource "aws_opensearch_domain" "menu" {
  domain_name = "menu"

  domain_endpoint_options {
    tls_security_policy = "Policy-Min-TLS-1-2-PFS-2023-10"
  }
}

resource "aws_iot_domain_configuration" "by_default" {
  name = "by-default"
}

resource "aws_iot_domain_configuration" "said" {
  name = "said"

  tls_config {
    security_policy = "IoTSecurityPolicy_TLS13_1_2_2022_10"
  }
}
