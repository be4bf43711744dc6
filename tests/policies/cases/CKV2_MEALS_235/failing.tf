variable "block" {
  type = bool
}

# expect: fail
resource "aws_s3_bucket" "without" {
  bucket = "without"
}

resource "aws_s3_bucket" "partly" {
  bucket = "partly"
}

# expect: fail
resource "aws_s3_bucket_public_access_block" "partly" {
  bucket              = aws_s3_bucket.partly.id
  block_public_acls   = true
  block_public_policy = true
}

resource "aws_s3_bucket" "unknown" {
  bucket = "unknown"
}

# expect: unknown
resource "aws_s3_bucket_public_access_block" "unknown" {
  bucket                  = aws_s3_bucket.unknown.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = var.block
}

# expect: fail
resource "aws_s3_account_public_access_block" "off" {
  block_public_acls = true
}

# expect: fail
resource "aws_s3_access_point" "off" {
  bucket = aws_s3_bucket.partly.id
  name   = "off"

  public_access_block_configuration {
    block_public_policy = false
  }
}

# expect: fail
resource "aws_s3control_multi_region_access_point" "off" {
  details {
    name = "images"

    public_access_block {
      restrict_public_buckets = false
    }
  }
}
