# expect: fail
resource "aws_api_gateway_stage" "left_out" {
  rest_api_id   = "1234567890"
  deployment_id = "1"
  stage_name    = "live"
}

resource "aws_api_gateway_rest_api" "servers" {
  name = "servers"
}

resource "aws_api_gateway_integration" "servers" {
  rest_api_id = aws_api_gateway_rest_api.servers.id
  resource_id = "r"
  http_method = "GET"
  type        = "HTTP_PROXY"
  uri         = "https://server.example"
}

# expect: fail
resource "aws_api_gateway_stage" "servers" {
  rest_api_id   = aws_api_gateway_rest_api.servers.id
  deployment_id = "1"
  stage_name    = "live"
}
