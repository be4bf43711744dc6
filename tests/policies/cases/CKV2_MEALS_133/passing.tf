variable "domain" {
  default = "meals.example"
}

resource "aws_cognito_user_pool_client" "web" {
  name          = "web"
  user_pool_id  = "us-east-1_1"
  callback_urls = ["https://${var.domain}/oauth2/idpresponse", "meals://signed-in"]
  logout_urls   = ["https://${var.domain}/"]
}

resource "aws_cognito_user_pool_client" "machine" {
  name         = "machine"
  user_pool_id = "us-east-1_1"
}
