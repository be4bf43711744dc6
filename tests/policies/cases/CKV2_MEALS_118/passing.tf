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
