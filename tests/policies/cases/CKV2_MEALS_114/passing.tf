data "aws_caller_identity" "current" {}

resource "aws_iam_role" "reader" {
  name               = "reader"
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = { Service = "ec2.amazonaws.com" }, Action = "sts:AssumeRole" }] })
}

resource "aws_s3_bucket_policy" "named" {
  bucket = "b"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" }
      Action    = "s3:*"
      Resource  = "*"
    }]
  })
}

resource "aws_s3_bucket_policy" "of_role" {
  bucket = "b"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = [aws_iam_role.reader.arn, "111122223333"] }
      Action    = "s3:*"
      Resource  = "*"
    }]
  })
}

resource "aws_s3_bucket_policy" "of_service" {
  bucket = "b"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "sns.amazonaws.com" }
      Action    = "s3:*"
      Resource  = "*"
    }]
  })
}

resource "aws_s3_bucket_policy" "of_organization" {
  bucket = "b"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:*"
      Resource  = "*"
      Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-1234567890" } }
    }]
  })
}

resource "aws_s3_bucket_policy" "of_account" {
  bucket = "b"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = "s3:*"
      Resource  = "*"
      Condition = { StringLike = { "AWS:SourceAccount" = ["111122223333"] } }
    }]
  })
}

resource "aws_s3_bucket_policy" "of_endpoint" {
  bucket = "b"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:*"
      Resource  = "*"
      Condition = { StringEquals = { "aws:SourceVpce" = "vpce-12345678" } }
    }]
  })
}

resource "aws_s3_bucket_policy" "denied" {
  bucket = "b"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = "*"
    }]
  })
}

resource "aws_s3_bucket" "without" {
  bucket = "without"
}

resource "aws_s3_access_point" "named" {
  bucket = "b"
  name   = "named"
}

resource "aws_s3_bucket" "ignored" {
  bucket = "ignored"
}

resource "aws_s3_bucket_public_access_block" "ignored" {
  bucket             = aws_s3_bucket.ignored.id
  ignore_public_acls = true
}

resource "aws_s3_bucket_acl" "ignored" {
  bucket = aws_s3_bucket.ignored.id
  acl    = "public-read"
}

resource "aws_s3_bucket_acl" "private" {
  bucket = "elsewhere"
  acl    = "private"
}

resource "aws_s3_bucket_acl" "logs" {
  bucket = "elsewhere"

  access_control_policy {
    grant {
      permission = "WRITE"

      grantee {
        type = "Group"
        uri  = "http://acs.amazonaws.com/groups/s3/LogDelivery"
      }
    }

    grant {
      permission = "READ"

      grantee {
        type = "CanonicalUser"
        id   = data.aws_canonical_user_id.current.id
      }
    }

    owner {
      id = data.aws_canonical_user_id.current.id
    }
  }
}

data "aws_canonical_user_id" "current" {}

resource "aws_s3_object" "without" {
  bucket = "elsewhere"
  key    = "menu"
}

resource "aws_s3_object" "ignored" {
  bucket = aws_s3_bucket.ignored.id
  key    = "menu"
  acl    = "public-read"
}

resource "aws_s3_bucket_object" "private" {
  bucket = "elsewhere"
  key    = "menu"
  acl    = "bucket-owner-full-control"
}

resource "aws_s3_object_copy" "account" {
  bucket = "elsewhere"
  key    = "menu"
  source = "elsewhere/old-menu"

  grant {
    type        = "CanonicalUser"
    id          = data.aws_canonical_user_id.current.id
    permissions = ["READ"]
  }
}

resource "aws_s3_bucket" "without_acls" {
  bucket = "without-acls"
}

resource "aws_s3_bucket_ownership_controls" "without_acls" {
  bucket = aws_s3_bucket.without_acls.id
  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_acl" "without_effect" {
  bucket = aws_s3_bucket.without_acls.id
  acl    = "public-read"
}
