variable "principal" {
  type = string
}

# expect: fail
resource "aws_lambda_permission" "everyone" {
  function_name = "report"
  action        = "lambda:InvokeFunction"
  principal     = "*"
}

# expect: fail
resource "aws_lambda_permission" "everyone_for_a_source" {
  function_name = "report"
  action        = "lambda:InvokeFunction"
  principal     = "*"
  source_arn    = "arn:aws:events:us-east-1:111122223333:rule/daily"
}

# expect: fail
resource "aws_lambda_permission" "any_customer_of_a_service" {
  function_name = "report"
  action        = "lambda:InvokeFunction"
  principal     = "sns.amazonaws.com"
}

# expect: unknown
resource "aws_lambda_permission" "unknown" {
  function_name = "report"
  action        = "lambda:InvokeFunction"
  principal     = var.principal
}

# expect: fail
resource "aws_lambda_layer_version_permission" "everyone" {
  layer_name     = "tools"
  version_number = 1
  statement_id   = "everyone"
  action         = "lambda:GetLayerVersion"
  principal      = "*"
}

# expect: fail
resource "aws_lambda_function_url" "open" {
  function_name      = "report"
  authorization_type = "NONE"
}

variable "source" {
  type = string
}

# expect: fail
resource "aws_lambda_permission" "any_bucket" {
  function_name = "report"
  action        = "lambda:InvokeFunction"
  principal     = "s3.amazonaws.com"
  source_arn    = "arn:aws:s3:::*"
}

# expect: fail
resource "aws_lambda_permission" "bucket_of_elsewhere" {
  function_name = "report"
  action        = "lambda:InvokeFunction"
  principal     = "s3.amazonaws.com"
  source_arn    = "arn:aws:s3:::images"
}

# expect: fail
resource "aws_lambda_permission" "any_rule" {
  function_name = "report"
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  source_arn    = "arn:aws:events:us-east-1:*:rule/daily"
}

# expect: fail
resource "aws_lambda_permission" "any_account" {
  function_name  = "report"
  action         = "lambda:InvokeFunction"
  principal      = "s3.amazonaws.com"
  source_account = "*"
}

# expect: unknown
resource "aws_lambda_permission" "unknown_source" {
  function_name = "report"
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  source_arn    = var.source
}
