resource "aws_s3_bucket" "images" {
  bucket = "images"
}

resource "aws_s3_bucket_public_access_block" "images" {
  bucket                  = aws_s3_bucket.images.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_access_point" "by_default" {
  bucket = aws_s3_bucket.images.id
  name   = "by-default"
}

resource "aws_s3_access_point" "said" {
  bucket = aws_s3_bucket.images.id
  name   = "said"

  public_access_block_configuration {
    block_public_acls       = true
    block_public_policy     = true
    ignore_public_acls      = true
    restrict_public_buckets = true
  }
}

resource "aws_s3control_multi_region_access_point" "images" {
  details {
    name = "images"
  }
}
