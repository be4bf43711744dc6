data "aws_caller_identity" "current" {}

resource "aws_sns_topic" "inline" {
  name   = "inline"
  policy = <<-POLICY
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Action": "sns:*",
        "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": false}}
      }
    }
  POLICY
}

resource "aws_sns_topic" "encoded" {
  name = "encoded"
}

resource "aws_sns_topic_policy" "encoded" {
  arn = aws_sns_topic.encoded.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" }
        Action    = "sns:Publish"
        Resource  = aws_sns_topic.encoded.arn
      },
      {
        Effect    = "Deny"
        Principal = { AWS = ["*"] }
        Action    = ["sns:Publish", "sns:Subscribe"]
        Resource  = [aws_sns_topic.encoded.arn]
        Condition = { Bool = { "AWS:securetransport" = ["false"] } }
      },
    ]
  })
}

resource "aws_sns_topic" "generated" {
  name = "generated"
}

data "aws_iam_policy_document" "base" {
  statement {
    sid       = "DenyInsecureTransport"
    effect    = "Deny"
    actions   = ["sns:Publish"]
    resources = ["*"]

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
}

data "aws_iam_policy_document" "generated" {
  source_policy_documents = [data.aws_iam_policy_document.base.json]

  statement {
    sid       = "Own"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.generated.arn]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }
  }
}

resource "aws_sns_topic_policy" "generated" {
  arn    = aws_sns_topic.generated.arn
  policy = data.aws_iam_policy_document.generated.json
}

resource "aws_sns_topic" "each" {
  for_each = toset(["ready", "failed"])
  name     = each.key
}

resource "aws_sns_topic_policy" "each" {
  for_each = aws_sns_topic.each
  arn      = each.value.arn
  policy = jsonencode({
    Statement = [for effect in ["Deny"] : {
      Effect    = effect
      Principal = "*"
      Action    = "*"
      Resource  = "arn:aws:sns:us-east-1:111122223333:${each.value.name}"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

resource "aws_sns_topic_policy" "elsewhere" {
  arn = "arn:aws:sns:us-east-1:111122223333:elsewhere"
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "sns:*"
      Resource  = "*"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}
