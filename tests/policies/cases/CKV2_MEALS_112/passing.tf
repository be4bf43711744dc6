resource "aws_sqs_queue" "encoded" {
  name = "encoded"
}

resource "aws_sqs_queue_policy" "encoded" {
  queue_url = aws_sqs_queue.encoded.url
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = { AWS = "*" }
      Action    = ["sqs:*"]
      Resource  = aws_sqs_queue.encoded.arn
      Condition = { Bool = { "aws:SecureTransport" = ["false"] } }
    }]
  })
}

resource "aws_sqs_queue" "inline" {
  name   = "inline"
  policy = "{\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"SQS:*\",\"Resource\":\"arn:aws:sqs:us-east-1:111122223333:inline\",\"Condition\":{\"Bool\":{\"aws:SecureTransport\":false}}}]}"
}

resource "aws_sqs_queue" "generated" {
  name = "generated"
}

data "aws_iam_policy_document" "generated" {
  statement {
    effect    = "Deny"
    actions   = ["*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = [false]
    }
  }
}

resource "aws_sqs_queue_policy" "generated" {
  queue_url = aws_sqs_queue.generated.id
  policy    = data.aws_iam_policy_document.generated.json
}

resource "aws_sqs_queue_policy" "elsewhere" {
  queue_url = "https://sqs.us-east-1.amazonaws.com/111122223333/elsewhere"
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
