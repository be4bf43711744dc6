variable "principal" {
  type = string
}

# expect: fail
resource "aws_lambda_permission" "everyone" {
  action        = "lambda:InvokeFunction"
  function_name = "f"
  principal     = "*"
}

# expect: unknown
resource "aws_lambda_permission" "unknown" {
  action        = "lambda:InvokeFunction"
  function_name = "f"
  principal     = var.principal
}

# expect: fail
resource "aws_lambda_function_url" "open" {
  function_name      = "f"
  authorization_type = "NONE"
}
