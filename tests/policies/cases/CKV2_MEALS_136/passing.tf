variable "host" {
  type = string
}

resource "aws_kinesis_firehose_delivery_stream" "metrics" {
  name        = "metrics"
  destination = "http_endpoint"

  http_endpoint_configuration {
    url = "https://intake.example/v1/input"
  }
}

resource "aws_kinesis_firehose_delivery_stream" "bucket" {
  name        = "bucket"
  destination = "extended_s3"
}

resource "aws_cloudwatch_event_api_destination" "payments" {
  name                = "payments"
  invocation_endpoint = "https://payments.example/events"
}

resource "aws_cloudwatch_event_connection" "payments" {
  name = "payments"

  auth_parameters {
    oauth {
      authorization_endpoint = "https://payments.example/token"
    }
  }
}

resource "aws_api_gateway_integration" "function" {
  type = "AWS_PROXY"
  uri  = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/f/invocations"
}

resource "aws_apigatewayv2_integration" "https" {
  integration_type = "HTTP_PROXY"
  integration_uri  = "https://menu.meals.example/{proxy}"
}
