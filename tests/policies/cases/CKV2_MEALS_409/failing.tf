resource "aws_sns_topic" "notifications_meal-ready_D7A83994" {
  name = "meals-meal-ready"
}

resource "aws_sns_topic_policy" "notifications_meal-ready_policy_5AF4F6B8" {
  arn = aws_sns_topic.notifications_meal-ready_D7A83994.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Tls"
      Effect    = "Deny"
      Action    = "sns:Publish"
      Principal = "*"
      Resource  = "*"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

# expect: fail
resource "aws_iam_role" "streaming_notification-requests_role_53E484A5" {
  name = "meals-pipes"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "pipes" {
  role = aws_iam_role.streaming_notification-requests_role_53E484A5.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = "Example", Effect = "Allow", Action = "sns:ListTopics", Resource = "*" }]
  })
}
