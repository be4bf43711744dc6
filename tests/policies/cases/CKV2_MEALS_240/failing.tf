resource "aws_s3_bucket" "images" {
  bucket = "images"
}

# expect: fail
resource "aws_cloudfront_distribution" "left_out" {
  origin {
    origin_id   = "images"
    domain_name = aws_s3_bucket.images.bucket_regional_domain_name
  }
}

# expect: fail
resource "aws_cloudfront_distribution" "empty" {
  origin {
    origin_id   = "images"
    domain_name = "images.s3.us-east-1.amazonaws.com"

    s3_origin_config {
      origin_access_identity = ""
    }
  }
}
