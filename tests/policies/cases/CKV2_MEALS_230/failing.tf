variable "authorization_type" {
  type = string
}

# expect: fail
resource "aws_lambda_function_url" "open" {
  function_name      = "f"
  authorization_type = "NONE"
}

# expect: unknown
resource "aws_lambda_function_url" "unknown" {
  function_name      = "g"
  authorization_type = var.authorization_type
}
