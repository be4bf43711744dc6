resource "aws_s3_bucket" "encoded" {
  bucket = "encoded"
}

resource "aws_s3_bucket_policy" "encoded" {
  bucket = aws_s3_bucket.encoded.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::111122223333:role/reader" }
        Action    = "s3:GetObject"
        Resource  = "${aws_s3_bucket.encoded.arn}/*"
      },
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.encoded.arn, "${aws_s3_bucket.encoded.arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

resource "aws_s3_bucket" "inline" {
  bucket = "inline"
  policy = <<-POLICY
    {
      "Statement": {
        "Effect": "Deny",
        "Principal": {"AWS": ["*"]},
        "Action": ["*"],
        "Resource": ["arn:aws:s3:::inline", "arn:aws:s3:::inline/*"],
        "Condition": {"BoolIfExists": {"AWS:SecureTransport": [false]}}
      }
    }
  POLICY
}

resource "aws_s3_bucket" "generated" {
  bucket = "generated"
}

data "aws_iam_policy_document" "generated" {
  statement {
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = ["arn:aws:s3:::generated"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }

  statement {
    effect      = "Deny"
    not_actions = ["iam:*"]
    resources   = ["arn:aws:s3:::generated/*"]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_s3_bucket_policy" "generated" {
  bucket = aws_s3_bucket.generated.bucket
  policy = data.aws_iam_policy_document.generated.json
}

resource "aws_s3_bucket" "named_by_aws" {
  bucket_prefix = "named-by-aws-"
}

resource "aws_s3_bucket_policy" "named_by_aws" {
  bucket = aws_s3_bucket.named_by_aws.id
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [for part in ["", "/*"] : "arn:aws:s3:::${aws_s3_bucket.named_by_aws.id}${part}"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

resource "aws_s3_bucket" "spares_another" {
  bucket = "spares-another"
  policy = jsonencode({
    Statement = [{
      Effect      = "Deny"
      Principal   = "*"
      Action      = "s3:*"
      NotResource = "arn:aws:s3:::another/*"
      Condition   = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

resource "aws_s3_bucket" "several" {
  count  = 2
  bucket = "several-${count.index}"
}

resource "aws_s3_bucket_policy" "several" {
  count  = 2
  bucket = aws_s3_bucket.several[count.index].id
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [for part in ["", "/*"] : "arn:aws:s3:::several-${count.index}${part}"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

resource "aws_s3_bucket" "without_interpolation" {
  bucket = "without-interpolation"
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = ["aws_s3_bucket.without_interpolation.arn"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

resource "aws_s3_bucket_policy" "elsewhere" {
  bucket = "elsewhere"
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = ["arn:aws:s3:::elsewhere", "arn:aws:s3:::elsewhere/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}
