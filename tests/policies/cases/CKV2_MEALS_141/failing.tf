variable "algorithm" {
  type = string
}

# expect: fail
resource "aws_s3_bucket" "without" {
  bucket = "without"
}

# expect: fail
resource "aws_s3_bucket" "of_s3" {
  bucket = "of-s3"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "of_s3" {
  bucket = aws_s3_bucket.of_s3.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

# expect: fail
resource "aws_s3_bucket" "without_key" {
  bucket = "without-key"

  server_side_encryption_configuration {
    rule {
      apply_server_side_encryption_by_default {
        sse_algorithm = "aws:kms"
      }
    }
  }
}

# expect: fail
resource "aws_s3_bucket" "managed" {
  bucket = "managed"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "managed" {
  bucket = aws_s3_bucket.managed.bucket

  rule {
    apply_server_side_encryption_by_default {
      kms_master_key_id = "alias/aws/s3"
      sse_algorithm     = "aws:kms"
    }
  }
}

# expect: unknown
resource "aws_s3_bucket" "unknown" {
  bucket = "unknown"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "unknown" {
  bucket = aws_s3_bucket.unknown.id

  rule {
    apply_server_side_encryption_by_default {
      kms_master_key_id = "alias/own"
      sse_algorithm     = var.algorithm
    }
  }
}
