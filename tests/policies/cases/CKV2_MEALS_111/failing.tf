variable "policy" {
  type = string
}

# expect: fail
resource "aws_s3_bucket" "without" {
  bucket = "without"
}

# expect: fail
resource "aws_s3_bucket" "bucket_only" {
  bucket = "bucket-only"
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = "arn:aws:s3:::bucket-only"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

# expect: fail
resource "aws_s3_bucket" "objects_only" {
  bucket = "objects-only"
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = "arn:aws:s3:::objects-only/*"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

# expect: fail
resource "aws_s3_bucket" "some_objects" {
  bucket = "some-objects"
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = ["arn:aws:s3:::some-objects", "arn:aws:s3:::some-objects/images/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

# expect: fail
resource "aws_s3_bucket" "reads_only" {
  bucket = "reads-only"
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = ["s3:GetObject", "s3:ListBucket"]
      Resource  = ["arn:aws:s3:::reads-only", "arn:aws:s3:::reads-only/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

# expect: fail
resource "aws_s3_bucket" "allows_secure" {
  bucket = "allows-secure"
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:root" }
      Action    = "s3:*"
      Resource  = ["arn:aws:s3:::allows-secure", "arn:aws:s3:::allows-secure/*"]
      Condition = { Bool = { "aws:SecureTransport" = "true" } }
    }]
  })
}

# expect: fail
resource "aws_s3_bucket" "denies_secure" {
  bucket = "denies-secure"
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = "*"
      Condition = { Bool = { "aws:SecureTransport" = "true" } }
    }]
  })
}

# expect: fail
resource "aws_s3_bucket" "spares_some_callers" {
  bucket = "spares-some-callers"
  policy = jsonencode({
    Statement = [{
      Effect       = "Deny"
      NotPrincipal = { AWS = "arn:aws:iam::111122223333:root" }
      Action       = "s3:*"
      Resource     = "*"
      Condition    = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

# expect: fail
resource "aws_s3_bucket" "spares_its_objects" {
  bucket = "spares-its-objects"
  policy = jsonencode({
    Statement = [{
      Effect      = "Deny"
      Principal   = "*"
      Action      = "s3:*"
      NotResource = "arn:aws:s3:::spares-its-objects/*"
      Condition   = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

# expect: fail
resource "aws_s3_bucket" "policy_is_of_another" {
  bucket = "policy-is-of-another"
}

resource "aws_s3_bucket_policy" "policy_is_of_another" {
  bucket = aws_s3_bucket.policy_is_of_another.id
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [aws_s3_bucket.without.arn, "${aws_s3_bucket.without.arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

# expect: unknown
resource "aws_s3_bucket" "unknown" {
  bucket = "unknown"
  policy = var.policy
}

# expect: fail
resource "aws_s3_bucket" "two_policies" {
  bucket = "two-policies"
}

resource "aws_s3_bucket_policy" "first_of_two" {
  bucket = aws_s3_bucket.two_policies.id
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = ["arn:aws:s3:::two-policies", "arn:aws:s3:::two-policies/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

resource "aws_s3_bucket_policy" "second_of_two" {
  bucket = aws_s3_bucket.two_policies.id
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:role/reader" }
      Action    = "s3:GetObject"
      Resource  = "arn:aws:s3:::two-policies/*"
    }]
  })
}

# expect: fail
resource "aws_s3_bucket_policy" "elsewhere" {
  bucket = "elsewhere"
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:role/reader" }
      Action    = "s3:GetObject"
      Resource  = "arn:aws:s3:::elsewhere/*"
    }]
  })
}

# expect: fail
resource "aws_s3_bucket_policy" "objects_elsewhere" {
  bucket = "elsewhere"
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = "arn:aws:s3:::elsewhere/*"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}
