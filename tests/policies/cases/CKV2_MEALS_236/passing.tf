resource "aws_api_gateway_rest_api" "private" {
  name = "private"

  endpoint_configuration {
    types = ["PRIVATE"]
  }
}

resource "aws_api_gateway_method" "private" {
  rest_api_id   = aws_api_gateway_rest_api.private.id
  resource_id   = "r"
  http_method   = "GET"
  authorization = "NONE"
}

resource "aws_api_gateway_method" "signed" {
  rest_api_id   = "1234567890"
  resource_id   = "r"
  http_method   = "GET"
  authorization = "AWS_IAM"
}

resource "aws_api_gateway_method" "preflight" {
  rest_api_id   = "1234567890"
  resource_id   = "r"
  http_method   = "OPTIONS"
  authorization = "NONE"
}

resource "aws_api_gateway_method" "key" {
  rest_api_id      = "1234567890"
  resource_id      = "r"
  http_method      = "GET"
  authorization    = "NONE"
  api_key_required = true
}

resource "aws_apigatewayv2_route" "token" {
  api_id             = "1234567890"
  route_key          = "POST /orders"
  authorization_type = "JWT"
}

resource "aws_apigatewayv2_api" "socket" {
  name          = "socket"
  protocol_type = "WEBSOCKET"
}

resource "aws_apigatewayv2_route" "message" {
  api_id    = aws_apigatewayv2_api.socket.id
  route_key = "$default"
}

resource "aws_appsync_graphql_api" "pool" {
  name                = "pool"
  authentication_type = "AMAZON_COGNITO_USER_POOLS"
}

resource "aws_api_gateway_rest_api" "limited" {
  name   = "limited"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = "111122223333" }, Action = "*", Resource = "*" }] })
}

resource "aws_api_gateway_method" "limited" {
  rest_api_id   = aws_api_gateway_rest_api.limited.id
  resource_id   = "r"
  http_method   = "GET"
  authorization = "NONE"
}
