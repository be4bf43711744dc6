resource "aws_lambda_permission" "of_service" {
  function_name = "report"
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  source_arn    = "arn:aws:events:us-east-1:111122223333:rule/daily"
}

resource "aws_lambda_permission" "of_account" {
  function_name = "report"
  action        = "lambda:InvokeFunction"
  principal     = "111122223333"
}

resource "aws_lambda_permission" "of_organization" {
  function_name    = "report"
  action           = "lambda:InvokeFunction"
  principal        = "*"
  principal_org_id = "o-1234567890"
}

resource "aws_lambda_layer_version_permission" "of_organization" {
  layer_name      = "tools"
  version_number  = 1
  statement_id    = "organization"
  action          = "lambda:GetLayerVersion"
  principal       = "*"
  organization_id = "o-1234567890"
}

resource "aws_lambda_function_url" "of_iam" {
  function_name      = "report"
  authorization_type = "AWS_IAM"
}

resource "aws_s3_bucket" "images" {
  bucket = "images"
}

resource "aws_lambda_permission" "declared_bucket" {
  function_name = "report"
  action        = "lambda:InvokeFunction"
  principal     = "s3.amazonaws.com"
  source_arn    = aws_s3_bucket.images.arn
}

resource "aws_lambda_permission" "bucket_of_account" {
  function_name  = "report"
  action         = "lambda:InvokeFunction"
  principal      = "s3.amazonaws.com"
  source_arn     = "arn:aws:s3:::elsewhere"
  source_account = "111122223333"
}

resource "aws_lambda_permission" "rules_of_account" {
  function_name = "report"
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  source_arn    = "arn:aws:events:us-east-1:111122223333:rule/*"
}

resource "aws_api_gateway_rest_api" "orders" {
  name = "orders"
}

resource "aws_lambda_permission" "methods_of_api" {
  function_name = "report"
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.orders.execution_arn}/*/*"
}

data "aws_partition" "current" {}

resource "aws_lambda_permission" "of_partition" {
  function_name  = "report"
  action         = "lambda:InvokeFunction"
  principal      = "events.${data.aws_partition.current.dns_suffix}"
  source_account = "111122223333"
}
