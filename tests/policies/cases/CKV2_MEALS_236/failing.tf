variable "authorization" {
  type = string
}

# expect: fail
resource "aws_api_gateway_method" "open" {
  rest_api_id   = "1234567890"
  resource_id   = "r"
  http_method   = "GET"
  authorization = "NONE"
}

# expect: unknown
resource "aws_api_gateway_method" "unknown" {
  rest_api_id   = "1234567890"
  resource_id   = "r"
  http_method   = "GET"
  authorization = var.authorization
}

# expect: fail
resource "aws_apigatewayv2_route" "left_out" {
  api_id    = "1234567890"
  route_key = "POST /orders"
}

resource "aws_apigatewayv2_api" "socket" {
  name          = "socket"
  protocol_type = "WEBSOCKET"
}

# expect: fail
resource "aws_apigatewayv2_route" "connect" {
  api_id    = aws_apigatewayv2_api.socket.id
  route_key = "$connect"
}

# expect: fail
resource "aws_appsync_graphql_api" "key" {
  name                = "key"
  authentication_type = "API_KEY"
}
