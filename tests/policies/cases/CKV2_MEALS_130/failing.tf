variable "policy" {
  type = string
}

# expect: fail
resource "aws_cloudfront_distribution" "http" {
  enabled = true

  default_cache_behavior {
    target_origin_id       = "images"
    viewer_protocol_policy = "allow-all"
  }
}

# expect: fail
resource "aws_cloudfront_distribution" "second_behaviour" {
  enabled = true

  default_cache_behavior {
    target_origin_id       = "images"
    viewer_protocol_policy = "https-only"
  }
  ordered_cache_behavior {
    path_pattern           = "/images/*"
    target_origin_id       = "images"
    viewer_protocol_policy = "https-only"
  }
  ordered_cache_behavior {
    path_pattern           = "/menu/*"
    target_origin_id       = "images"
    viewer_protocol_policy = "allow-all"
  }
}

# expect: unknown
resource "aws_cloudfront_distribution" "unknown" {
  enabled = true

  default_cache_behavior {
    target_origin_id       = "images"
    viewer_protocol_policy = var.policy
  }
}

# expect: fail
resource "aws_cloudfront_multitenant_distribution" "one_behavior" {
  default_cache_behavior {
    viewer_protocol_policy = "https-only"
  }

  cache_behavior {
    path_pattern           = "/old/*"
    viewer_protocol_policy = "allow-all"
  }
}
