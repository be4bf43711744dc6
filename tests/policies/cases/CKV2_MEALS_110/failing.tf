variable "policy" {
  type = string
}

# expect: fail
resource "aws_sns_topic" "without_policy" {
  name = "without-policy"
}

# expect: fail
resource "aws_sns_topic" "allows_only" {
  name = "allows-only"
}

resource "aws_sns_topic_policy" "allows_only" {
  arn    = aws_sns_topic.allows_only.arn
  policy = "{\"Statement\": [{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"sns:Publish\", \"Resource\": \"*\"}]}"
}

# expect: fail
resource "aws_sns_topic" "denies_the_secure" {
  name = "denies-the-secure"
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "sns:*"
      Resource  = "*"
      Condition = { Bool = { "aws:SecureTransport" = "true" } }
    }]
  })
}

# expect: fail
resource "aws_sns_topic" "denies_one_caller" {
  name = "denies-one-caller"
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = { AWS = "arn:aws:iam::111122223333:root" }
      Action    = "sns:*"
      Resource  = "*"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

# expect: fail
resource "aws_sns_topic" "denies_too_little" {
  name = "denies-too-little"
}

data "aws_iam_policy_document" "denies_too_little" {
  statement {
    effect      = "Deny"
    not_actions = ["sns:Publish"]
    resources   = [aws_sns_topic.denies_too_little.arn]

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

resource "aws_sns_topic_policy" "denies_too_little" {
  arn    = aws_sns_topic.denies_too_little.arn
  policy = data.aws_iam_policy_document.denies_too_little.json
}

# expect: fail
resource "aws_sns_topic" "denies_under_two_conditions" {
  name = "denies-under-two-conditions"
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "sns:*"
      Resource  = "*"
      Condition = {
        Bool         = { "aws:SecureTransport" = "false" }
        StringEquals = { "aws:SourceAccount" = "111122223333" }
      }
    }]
  })
}

# expect: fail
resource "aws_sns_topic" "policy_is_of_another" {
  name = "policy-is-of-another"
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "sns:*"
      Resource  = aws_sns_topic.without_policy.arn
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

# expect: unknown
resource "aws_sns_topic" "unknown" {
  name   = "unknown"
  policy = var.policy
}

# expect: fail
resource "aws_sns_topic" "two_policies" {
  name = "two-policies"
}

resource "aws_sns_topic_policy" "first_of_two" {
  arn = aws_sns_topic.two_policies.arn
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

resource "aws_sns_topic_policy" "second_of_two" {
  arn = aws_sns_topic.two_policies.arn
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:role/reader" }
      Action    = "sns:*"
      Resource  = "*"
    }]
  })
}

# expect: fail
resource "aws_sns_topic_policy" "elsewhere" {
  arn = "arn:aws:sns:us-east-1:111122223333:elsewhere"
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:role/reader" }
      Action    = "sns:*"
      Resource  = "*"
    }]
  })
}
