resource "aws_sns_topic" "meal_ready" {
  name = "meal-ready"
}

variable "endpoint" {
  type = string
}

resource "aws_sns_topic_subscription" "https" {
  topic_arn = aws_sns_topic.meal_ready.arn
  protocol  = "https"
  endpoint  = "https://pos.example/meals"
}

resource "aws_sns_topic_subscription" "https_of_unknown_host" {
  topic_arn = aws_sns_topic.meal_ready.arn
  protocol  = "https"
  endpoint  = var.endpoint
}

resource "aws_sns_topic_subscription" "email" {
  topic_arn = aws_sns_topic.meal_ready.arn
  protocol  = "email"
  endpoint  = "kitchen@meals.example"
}
