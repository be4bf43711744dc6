variable "policy" {
  type = string
}

# expect: fail
resource "aws_sqs_queue" "without" {
  name = "without"
}

# expect: fail
resource "aws_sqs_queue" "sends_only" {
  name = "sends-only"
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "sqs:SendMessage"
      Resource  = "*"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

# expect: fail
resource "aws_sqs_queue" "no_condition_on_transport" {
  name = "no-condition-on-transport"
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "sqs:*"
      Resource  = "*"
      Condition = { StringNotEquals = { "aws:SourceAccount" = "111122223333" } }
    }]
  })
}

# expect: fail
resource "aws_sqs_queue" "one_caller" {
  name = "one-caller"
}

resource "aws_sqs_queue_policy" "one_caller" {
  queue_url = aws_sqs_queue.one_caller.url
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = { Service = "sns.amazonaws.com" }
      Action    = "sqs:*"
      Resource  = "*"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

# expect: unknown
resource "aws_sqs_queue" "unknown" {
  name   = "unknown"
  policy = var.policy
}

# expect: fail
resource "aws_sqs_queue" "two_policies" {
  name = "two-policies"
}

resource "aws_sqs_queue_policy" "first_of_two" {
  queue_url = aws_sqs_queue.two_policies.url
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "sqs:*"
      Resource  = "*"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

resource "aws_sqs_queue_policy" "second_of_two" {
  queue_url = aws_sqs_queue.two_policies.url
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:role/reader" }
      Action    = "sqs:*"
      Resource  = "*"
    }]
  })
}

# expect: fail
resource "aws_sqs_queue_policy" "elsewhere" {
  queue_url = "https://sqs.us-east-1.amazonaws.com/111122223333/elsewhere"
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:role/reader" }
      Action    = "sqs:*"
      Resource  = "*"
    }]
  })
}
