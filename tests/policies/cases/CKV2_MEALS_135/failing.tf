variable "protocols" {
  default = ["http", "email"]
}

variable "protocol" {
  type = string
}

# expect: fail
resource "aws_sns_topic_subscription" "each" {
  for_each  = toset(var.protocols)
  topic_arn = "arn:aws:sns:us-east-1:111111111111:meal-ready"
  protocol  = "http"
  endpoint  = "http://pos.example/${each.key}"
}

# expect: fail
resource "aws_sns_topic_subscription" "http" {
  topic_arn = "arn:aws:sns:us-east-1:111111111111:meal-ready"
  protocol  = var.protocols[0]
  endpoint  = "http://pos.example/meals"
}

# expect: unknown
resource "aws_sns_topic_subscription" "unknown" {
  topic_arn = "arn:aws:sns:us-east-1:111111111111:meal-ready"
  protocol  = var.protocol
  endpoint  = "pos.example"
}
