resource "aws_s3_bucket" "images" {
  bucket = "images"
}

resource "aws_cloudfront_origin_access_control" "images" {
  name = "images"
}

resource "aws_cloudfront_distribution" "control" {
  origin {
    origin_id                = "images"
    domain_name              = aws_s3_bucket.images.bucket_regional_domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.images.id
  }

  origin {
    origin_id   = "server"
    domain_name = "server.example"

    custom_origin_config {
      origin_protocol_policy = "https-only"
    }
  }
}

resource "aws_cloudfront_distribution" "identity" {
  origin {
    origin_id   = "images"
    domain_name = aws_s3_bucket.images.bucket_regional_domain_name

    s3_origin_config {
      origin_access_identity = "origin-access-identity/cloudfront/E1"
    }
  }
}
