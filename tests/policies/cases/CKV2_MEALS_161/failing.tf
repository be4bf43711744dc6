variable "source" {
  type = string
}

# expect: fail
resource "aws_sns_topic_policy" "anyone" {
  arn    = "arn:aws:sns:us-east-1:111122223333:t"
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "s3.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = "*"
    }]
  })
}

# expect: fail
resource "aws_sns_topic_policy" "any_bucket" {
  arn    = "arn:aws:sns:us-east-1:111122223333:t"
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "s3.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = "*"
      Condition = { ArnLike = { "aws:SourceArn" = "arn:aws:s3:::*" } }
    }]
  })
}

# expect: fail
resource "aws_sns_topic_policy" "any_rule" {
  arn    = "arn:aws:sns:us-east-1:111122223333:t"
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = "*"
      Condition = { ArnLike = { "aws:SourceArn" = "arn:aws:events:*:*:rule/daily" } }
    }]
  })
}

# expect: fail
resource "aws_sns_topic_policy" "if_there_is_a_source" {
  arn    = "arn:aws:sns:us-east-1:111122223333:t"
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "s3.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = "*"
      Condition = { StringEqualsIfExists = { "aws:SourceAccount" = "111122223333" } }
    }]
  })
}

# expect: unknown
resource "aws_sns_topic_policy" "unknown" {
  arn    = "arn:aws:sns:us-east-1:111122223333:t"
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "s3.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = "*"
      Condition = { ArnLike = { "aws:SourceArn" = var.source } }
    }]
  })
}

# expect: fail
resource "aws_sqs_queue" "inline" {
  name   = "q"
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "sns.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = "*"
    }]
  })
}

# expect: fail
resource "aws_sqs_queue_policy" "by_name" {
  queue_url = "https://sqs.us-east-1.amazonaws.com/111122223333/q"
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "sqs:SendMessage"
      Resource  = "*"
      Condition = { StringEquals = { "aws:PrincipalServiceName" = "sns.amazonaws.com" } }
    }]
  })
}

# expect: fail
resource "aws_s3_bucket_policy" "any_distribution" {
  bucket = "images"
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "cloudfront.amazonaws.com" }
      Action    = "s3:GetObject"
      Resource  = "*"
    }]
  })
}

# expect: fail
resource "aws_s3_bucket_policy" "logs_of_anyone" {
  bucket = "logs"
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "logdelivery.elasticloadbalancing.amazonaws.com" }
      Action    = "s3:PutObject"
      Resource  = "arn:aws:s3:::logs/AWSLogs/*"
    }]
  })
}

# expect: fail
resource "aws_secretsmanager_secret_policy" "anyone" {
  secret_arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:s"
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "redshift.amazonaws.com" }
      Action    = "secretsmanager:GetSecretValue"
      Resource  = "*"
    }]
  })
}

# expect: fail
resource "aws_cloudwatch_log_resource_policy" "anyone" {
  policy_name = "anyone"
  policy_document = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "route53.amazonaws.com" }
      Action    = "logs:PutLogEvents"
      Resource  = "*"
    }]
  })
}
