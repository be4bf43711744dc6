resource "aws_lb_listener" "https" {
  load_balancer_arn = "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/app/edge/1"

  default_action {
    type = "authenticate-oidc"
    authenticate_oidc {
      issuer                 = "https://accounts.example"
      authorization_endpoint = "https://accounts.example/authorize"
      token_endpoint         = "https://accounts.example/token"
      user_info_endpoint     = "https://accounts.example/user"
      client_id              = "meals"
      client_secret          = "arn"
    }
  }
}

resource "aws_lb_listener_rule" "https" {
  listener_arn = "arn:aws:elasticloadbalancing:us-east-1:111111111111:listener/app/edge/1/1"

  action {
    type = "authenticate-oidc"
    authenticate_oidc {
      issuer                 = "https://accounts.example"
      authorization_endpoint = "https://accounts.example/authorize"
      token_endpoint         = "https://accounts.example/token"
      user_info_endpoint     = "https://accounts.example/user"
      client_id              = "meals"
      client_secret          = "arn"
    }
  }
}

resource "aws_iam_openid_connect_provider" "accounts" {
  url            = "https://accounts.example"
  client_id_list = ["meals"]
}

resource "aws_cognito_identity_provider" "accounts" {
  user_pool_id  = "us-east-1_1"
  provider_name = "accounts"
  provider_type = "OIDC"

  provider_details = {
    oidc_issuer = "https://accounts.example"
  }
}

resource "aws_apigatewayv2_authorizer" "accounts" {
  api_id          = "api"
  authorizer_type = "JWT"
  name            = "accounts"

  jwt_configuration {
    issuer = "https://accounts.example"
  }
}

resource "aws_eks_cluster" "kitchen" {
  name = "kitchen"
}

resource "aws_iam_openid_connect_provider" "cluster" {
  url            = aws_eks_cluster.kitchen.identity[0].oidc[0].issuer
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_cognito_user_pool" "guests" {
  name = "guests"
}

resource "aws_apigatewayv2_authorizer" "guests" {
  api_id          = "api"
  authorizer_type = "JWT"
  name            = "guests"

  jwt_configuration {
    issuer = "https://${aws_cognito_user_pool.guests.endpoint}"
  }
}
