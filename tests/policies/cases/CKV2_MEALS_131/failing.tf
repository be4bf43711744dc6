variable "policy" {
  type = string
}

# expect: fail
resource "aws_cloudfront_distribution" "http" {
  enabled = true

  origin {
    domain_name = "origin.meals.example"
    origin_id   = "origin"

    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "http-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }
  default_cache_behavior {
    target_origin_id       = "origin"
    viewer_protocol_policy = "redirect-to-https"
  }
}

# expect: fail
resource "aws_cloudfront_distribution" "as_viewers" {
  enabled = true

  origin {
    domain_name = "origin.meals.example"
    origin_id   = "origin"

    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "match-viewer"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }
  default_cache_behavior {
    target_origin_id       = "origin"
    viewer_protocol_policy = "allow-all"
  }
}

# expect: fail
resource "aws_cloudfront_distribution" "sslv3" {
  enabled = true

  origin {
    domain_name = "origin.meals.example"
    origin_id   = "origin"

    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["SSLv3", "TLSv1.2"]
    }
  }
  default_cache_behavior {
    target_origin_id       = "origin"
    viewer_protocol_policy = "redirect-to-https"
  }
}

# expect: fail
resource "aws_cloudfront_distribution" "old" {
  enabled = true

  origin {
    domain_name = "origin.meals.example"
    origin_id   = "origin"

    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1", "TLSv1.1"]
    }
  }
  default_cache_behavior {
    target_origin_id       = "origin"
    viewer_protocol_policy = "redirect-to-https"
  }
}

# expect: unknown
resource "aws_cloudfront_distribution" "unknown" {
  enabled = true

  origin {
    domain_name = "origin.meals.example"
    origin_id   = "origin"

    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = var.policy
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }
  default_cache_behavior {
    target_origin_id       = "origin"
    viewer_protocol_policy = "redirect-to-https"
  }
}

# expect: fail
resource "aws_cloudfront_vpc_origin" "plain" {
  vpc_origin_endpoint_config {
    name                   = "plain"
    origin_protocol_policy = "http-only"
  }
}

# expect: fail
resource "aws_lightsail_distribution" "by_default" {
  name = "by-default"

  origin {
    name        = "server"
    region_name = "us-east-1"
  }
}
