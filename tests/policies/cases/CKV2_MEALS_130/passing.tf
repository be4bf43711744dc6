resource "aws_cloudfront_distribution" "images" {
  enabled = true

  default_cache_behavior {
    target_origin_id       = "images"
    viewer_protocol_policy = "redirect-to-https"
  }
  ordered_cache_behavior {
    path_pattern           = "/private/*"
    target_origin_id       = "images"
    viewer_protocol_policy = "https-only"
  }
}
