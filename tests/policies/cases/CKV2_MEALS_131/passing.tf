resource "aws_cloudfront_distribution" "https" {
  enabled = true

  origin {
    domain_name = "origin.meals.example"
    origin_id   = "origin"

    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }
  default_cache_behavior {
    target_origin_id       = "origin"
    viewer_protocol_policy = "redirect-to-https"
  }
}

resource "aws_cloudfront_distribution" "as_viewers" {
  enabled = true

  origin {
    domain_name = "origin.meals.example"
    origin_id   = "origin"

    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "match-viewer"
      origin_ssl_protocols   = ["TLSv1.1", "TLSv1.2"]
    }
  }
  default_cache_behavior {
    target_origin_id       = "origin"
    viewer_protocol_policy = "redirect-to-https"
  }
}

resource "aws_cloudfront_distribution" "bucket" {
  enabled = true

  origin {
    domain_name = "images.s3.us-east-1.amazonaws.com"
    origin_id   = "images"
  }
}

resource "aws_lightsail_distribution" "https" {
  name = "https"

  origin {
    name            = "server"
    region_name     = "us-east-1"
    protocol_policy = "https-only"
  }
}
