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
