resource "aws_kms_key" "own" {
  enable_key_rotation = true
}

resource "aws_s3_bucket" "attached" {
  bucket = "attached"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "attached" {
  bucket = aws_s3_bucket.attached.id

  rule {
    apply_server_side_encryption_by_default {
      kms_master_key_id = aws_kms_key.own.arn
      sse_algorithm     = "aws:kms"
    }
    bucket_key_enabled = true
  }
}

resource "aws_s3_bucket" "by_name" {
  bucket = "by-name"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "by_name" {
  bucket = "by-name"

  rule {
    apply_server_side_encryption_by_default {
      kms_master_key_id = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
      sse_algorithm     = "aws:kms:dsse"
    }
  }
}

resource "aws_s3_bucket" "inline" {
  bucket = "inline"

  server_side_encryption_configuration {
    rule {
      apply_server_side_encryption_by_default {
        kms_master_key_id = aws_kms_key.own.arn
        sse_algorithm     = "aws:kms"
      }
    }
  }
}

resource "aws_s3_bucket" "each" {
  for_each = toset(["a", "b"])
  bucket   = each.key
}

resource "aws_s3_bucket_server_side_encryption_configuration" "each" {
  for_each = aws_s3_bucket.each
  bucket   = each.value.id

  rule {
    apply_server_side_encryption_by_default {
      kms_master_key_id = aws_kms_key.own.arn
      sse_algorithm     = "aws:kms"
    }
  }
}

resource "aws_s3_bucket" "access_logs" {
  bucket = "access-logs"
}

resource "aws_s3_bucket_logging" "attached" {
  bucket        = aws_s3_bucket.attached.id
  target_bucket = aws_s3_bucket.access_logs.id
  target_prefix = "attached/"
}

resource "aws_s3_bucket" "for_log_delivery" {
  bucket = "for-log-delivery"
}

resource "aws_s3_bucket_acl" "for_log_delivery" {
  bucket = aws_s3_bucket.for_log_delivery.id
  acl    = "log-delivery-write"
}

resource "aws_s3_bucket" "load_balancer_logs" {
  bucket = "load-balancer-logs"
}

resource "aws_lb" "edge" {
  name = "edge"

  access_logs {
    bucket  = aws_s3_bucket.load_balancer_logs.bucket
    enabled = true
  }
}

resource "aws_s3_bucket" "for_log_service" {
  bucket = "for-log-service"
}

resource "aws_s3_bucket_policy" "for_log_service" {
  bucket = aws_s3_bucket.for_log_service.id
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "logging.s3.amazonaws.com" }
      Action    = "s3:PutObject"
      Resource  = "arn:aws:s3:::for-log-service/logs/*"
    }]
  })
}
