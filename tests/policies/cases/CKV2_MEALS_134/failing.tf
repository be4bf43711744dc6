variable "endpoint" {
  type = string
}

# expect: fail
resource "aws_lb_listener" "http" {
  load_balancer_arn = "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/app/edge/1"

  default_action {
    type = "authenticate-oidc"
    authenticate_oidc {
      issuer                 = "https://accounts.example"
      authorization_endpoint = "https://accounts.example/authorize"
      token_endpoint         = "http://accounts.example/token"
      user_info_endpoint     = "https://accounts.example/user"
      client_id              = "meals"
      client_secret          = "arn"
    }
  }
}

# expect: fail
resource "aws_alb_listener_rule" "http" {
  listener_arn = "arn:aws:elasticloadbalancing:us-east-1:111111111111:listener/app/edge/1/1"

  action {
    type = "authenticate-oidc"
    authenticate_oidc {
      issuer                 = "https://accounts.example"
      authorization_endpoint = "https://accounts.example/authorize"
      token_endpoint         = "HTTP://accounts.example/token"
      user_info_endpoint     = "https://accounts.example/user"
      client_id              = "meals"
      client_secret          = "arn"
    }
  }
}

# expect: unknown
resource "aws_lb_listener" "unknown" {
  load_balancer_arn = "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/app/edge/1"

  default_action {
    type = "authenticate-oidc"
    authenticate_oidc {
      issuer                 = "https://accounts.example"
      authorization_endpoint = "https://accounts.example/authorize"
      token_endpoint         = var.endpoint
      user_info_endpoint     = "https://accounts.example/user"
      client_id              = "meals"
      client_secret          = "arn"
    }
  }
}

# expect: fail
resource "aws_cognito_identity_provider" "http" {
  user_pool_id  = "us-east-1_1"
  provider_name = "accounts"
  provider_type = "OIDC"

  provider_details = {
    oidc_issuer = "https://accounts.example"
    token_url   = "http://accounts.example/token"
  }
}

# expect: fail
resource "aws_apigatewayv2_authorizer" "http" {
  api_id          = "api"
  authorizer_type = "JWT"
  name            = "accounts"

  jwt_configuration {
    issuer = "http://accounts.example"
  }
}
