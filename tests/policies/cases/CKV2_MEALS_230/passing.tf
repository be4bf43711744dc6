resource "aws_lambda_function_url" "signed" {
  function_name      = "f"
  authorization_type = "AWS_IAM"
}

resource "aws_lambda_function_url" "signed_too" {
  function_name      = "g"
  authorization_type = upper("aws_iam")
}
