resource "aws_api_gateway_rest_api" "functions" {
  name = "functions"
}

resource "aws_api_gateway_integration" "functions" {
  rest_api_id = aws_api_gateway_rest_api.functions.id
  resource_id = "r"
  http_method = "GET"
  type        = "AWS_PROXY"
}

resource "aws_api_gateway_stage" "functions" {
  rest_api_id   = aws_api_gateway_rest_api.functions.id
  deployment_id = "1"
  stage_name    = "live"
}

resource "aws_api_gateway_stage" "certificate" {
  rest_api_id           = "1234567890"
  deployment_id         = "1"
  stage_name            = "live"
  client_certificate_id = "abcdef"
}
