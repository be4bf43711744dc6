variable "callback" {
  type = string
}

# expect: fail
resource "aws_cognito_user_pool_client" "callback" {
  name          = "callback"
  user_pool_id  = "us-east-1_1"
  callback_urls = ["https://meals.example/a", "http://meals.example/b"]
}

# expect: fail
resource "aws_cognito_user_pool_client" "logout" {
  name          = "logout"
  user_pool_id  = "us-east-1_1"
  callback_urls = ["https://meals.example/a"]
  logout_urls   = ["http://localhost:3000"]
}

# expect: unknown
resource "aws_cognito_user_pool_client" "unknown" {
  name          = "unknown"
  user_pool_id  = "us-east-1_1"
  callback_urls = [var.callback]
}
