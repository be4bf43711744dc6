variable "policy" {
  type = string
}

# expect: fail
resource "aws_sns_topic_policy" "everyone" {
  arn    = "arn:aws:sns:us-east-1:123456789012:t"
  policy = jsonencode({ Statement = { Effect = "Allow", Principal = "*", Action = "sns:Publish", Resource = "*" } })
}

# expect: fail
resource "aws_sqs_queue" "inline" {
  name   = "inline"
  policy = <<-JSON
    {"Statement": [{"Effect": "Allow", "Principal": {"AWS": ["*"]}, "Action": ["sqs:*"], "Resource": "*",
      "Condition": {"ArnEquals": {"aws:SourceArn": "arn:aws:sns:us-east-1:123456789012:t"}}}]}
  JSON
}

data "aws_iam_policy_document" "all_but_one" {
  statement {
    actions   = ["kms:Decrypt"]
    resources = ["*"]
    not_principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::123456789012:root"]
    }
  }
}

# expect: fail
resource "aws_kms_key" "all_but_one" {
  policy = data.aws_iam_policy_document.all_but_one.json
}

# expect: fail
resource "aws_s3_bucket_policy" "by_address" {
  bucket = "b"
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = "arn:aws:s3:::b/*"
      Condition = { IpAddress = { "aws:SourceIp" = "198.51.100.0/24" } }
    }]
  })
}

# expect: unknown
resource "aws_ecr_repository_policy" "unknown" {
  repository = "r"
  policy     = var.policy
}
