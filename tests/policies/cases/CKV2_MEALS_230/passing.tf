resource "aws_lambda_permission" "topic" {
  action        = "lambda:InvokeFunction"
  function_name = "f"
  principal     = "sns.amazonaws.com"
  source_arn    = "arn:aws:sns:us-east-1:123456789012:t"
}

resource "aws_lambda_permission" "organization" {
  action           = "lambda:InvokeFunction"
  function_name    = "f"
  principal        = "*"
  principal_org_id = "o-0123456789"
}

resource "aws_lambda_function_url" "signed" {
  function_name      = "f"
  authorization_type = "AWS_IAM"
}
