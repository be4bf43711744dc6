variable "policy" {
  type = string
}

variable "principal" {
  type = string
}

# expect: fail
resource "aws_s3_bucket_policy" "everyone" {
  bucket = "b"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:*"
      Resource  = "*"
    }]
  })
}

# expect: fail
resource "aws_s3_bucket_policy" "every_principal" {
  bucket = "b"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = "s3:*"
      Resource  = "*"
    }]
  })
}

# expect: fail
resource "aws_s3_bucket_policy" "among_others" {
  bucket = "b"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = ["arn:aws:iam::111122223333:root", "*"] }
      Action    = "s3:*"
      Resource  = "*"
    }]
  })
}

# expect: fail
resource "aws_s3_bucket_policy" "all_but_one" {
  bucket = "b"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      NotPrincipal = { AWS = "arn:aws:iam::111122223333:root" }
      Action    = "s3:*"
      Resource  = "*"
    }]
  })
}

# expect: fail
resource "aws_s3_bucket_policy" "over_tls" {
  bucket = "b"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:*"
      Resource  = "*"
      Condition = { Bool = { "aws:SecureTransport" = "true" } }
    }]
  })
}

# expect: fail
resource "aws_s3_bucket_policy" "of_any_source" {
  bucket = "b"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:*"
      Resource  = "*"
      Condition = { ArnLike = { "aws:SourceArn" = "*" } }
    }]
  })
}

# expect: fail
resource "aws_s3_bucket_policy" "of_an_address" {
  bucket = "b"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:*"
      Resource  = "*"
      Condition = { IpAddress = { "aws:SourceIp" = "198.51.100.7/32" } }
    }]
  })
}

# expect: fail
resource "aws_s3_bucket_policy" "of_the_internet" {
  bucket = "b"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:*"
      Resource  = "*"
      Condition = { IpAddress = { "aws:SourceIp" = ["0.0.0.0/1", "128.0.0.0/1"] } }
    }]
  })
}

# expect: fail
resource "aws_s3_bucket_policy" "if_there_is_a_source" {
  bucket = "b"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:*"
      Resource  = "*"
      Condition = { StringEqualsIfExists = { "aws:SourceAccount" = "111122223333" } }
    }]
  })
}

# expect: fail
resource "aws_s3_bucket_policy" "for_all_values" {
  bucket = "b"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:*"
      Resource  = "*"
      Condition = { "ForAllValues:StringEquals" = { "aws:PrincipalOrgID" = "o-1234567890" } }
    }]
  })
}

# expect: fail
resource "aws_s3_bucket_policy" "all_but_an_account" {
  bucket = "b"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:*"
      Resource  = "*"
      Condition = { StringNotEquals = { "aws:SourceAccount" = "111122223333" } }
    }]
  })
}

# expect: unknown
resource "aws_s3_bucket_policy" "unknown_principal" {
  bucket = "b"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = var.principal }
      Action    = "s3:*"
      Resource  = "*"
    }]
  })
}

# expect: unknown
resource "aws_s3_bucket_policy" "unknown" {
  bucket = "b"
  policy = var.policy
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

# expect: fail
resource "aws_s3_bucket" "inline" {
  bucket = "inline"
  policy = <<-POLICY
    {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::inline/*"}}
  POLICY
}

data "aws_iam_policy_document" "generated" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}

# expect: fail
resource "aws_s3_bucket_policy" "generated" {
  bucket = "b"
  policy = data.aws_iam_policy_document.generated.json
}

# expect: fail
resource "aws_s3_access_point" "open" {
  bucket = "b"
  name   = "open"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:*", Resource = "*" }] })
}

# expect: fail
resource "aws_s3_bucket" "canned_acl" {
  bucket = "canned-acl"
  acl    = "public-read"
}

# expect: fail
resource "aws_s3_bucket" "granted" {
  bucket = "granted"

  grant {
    type        = "Group"
    uri         = "http://acs.amazonaws.com/groups/global/AllUsers"
    permissions = ["READ"]
  }
}

# expect: fail
resource "aws_s3_bucket_acl" "canned" {
  bucket = "elsewhere"
  acl    = "authenticated-read"
}

# expect: fail
resource "aws_s3_bucket_acl" "granted" {
  bucket = "elsewhere"

  access_control_policy {
    grant {
      permission = "READ"

      grantee {
        type = "Group"
        uri  = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
      }
    }

    owner {
      id = "1234"
    }
  }
}

resource "aws_s3_bucket" "not_ignored" {
  bucket = "not-ignored"
}

resource "aws_s3_bucket_public_access_block" "not_ignored" {
  bucket             = aws_s3_bucket.not_ignored.id
  ignore_public_acls = false
}

# expect: fail
resource "aws_s3_bucket_acl" "not_ignored" {
  bucket = aws_s3_bucket.not_ignored.id
  acl    = "public-read-write"
}

# expect: fail
resource "aws_s3_bucket_acl" "ignored_by_one_block_of_two" {
  bucket = aws_s3_bucket.two_blocks.id
  acl    = "public-read"
}

resource "aws_s3_bucket" "two_blocks" {
  bucket = "two-blocks"
}

resource "aws_s3_bucket_public_access_block" "first_of_two" {
  bucket             = aws_s3_bucket.two_blocks.id
  ignore_public_acls = true
}

resource "aws_s3_bucket_public_access_block" "second_of_two" {
  bucket             = aws_s3_bucket.two_blocks.id
  ignore_public_acls = false
}

variable "acl" {
  type = string
}

# expect: unknown
resource "aws_s3_bucket_acl" "of_variable" {
  bucket = "elsewhere"
  acl    = var.acl
}

# expect: fail
resource "aws_s3_object" "canned" {
  bucket = "elsewhere"
  key    = "menu"
  acl    = "public-read"
}

# expect: fail
resource "aws_s3_bucket_object" "canned" {
  bucket = "elsewhere"
  key    = "menu"
  acl    = "authenticated-read"
}

# expect: fail
resource "aws_s3_object_copy" "canned" {
  bucket = "elsewhere"
  key    = "menu"
  source = "elsewhere/old-menu"
  acl    = "public-read-write"
}

# expect: fail
resource "aws_s3_object_copy" "granted" {
  bucket = "elsewhere"
  key    = "menu"
  source = "elsewhere/old-menu"

  grant {
    type        = "Group"
    uri         = "http://acs.amazonaws.com/groups/global/AllUsers"
    permissions = ["READ"]
  }
}

# expect: fail
resource "aws_s3_object" "not_ignored" {
  bucket = aws_s3_bucket.not_ignored.id
  key    = "menu"
  acl    = "public-read"
}

# expect: unknown
resource "aws_s3_object" "of_variable" {
  bucket = "elsewhere"
  key    = "menu"
  acl    = var.acl
}

resource "aws_s3_bucket" "with_acls" {
  bucket = "with-acls"
}

resource "aws_s3_bucket_ownership_controls" "with_acls" {
  bucket = aws_s3_bucket.with_acls.id
  rule {
    object_ownership = "BucketOwnerPreferred"
  }
}

# expect: fail
resource "aws_s3_bucket_acl" "of_bucket_with_acls" {
  bucket = aws_s3_bucket.with_acls.id
  acl    = "public-read"
}
