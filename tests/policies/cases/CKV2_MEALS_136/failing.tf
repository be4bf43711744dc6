variable "endpoint" {
  type = string
}

# expect: fail
resource "aws_kinesis_firehose_delivery_stream" "metrics" {
  name        = "metrics"
  destination = "http_endpoint"

  http_endpoint_configuration {
    url = "http://intake.example/v1/input"
  }
}

# expect: fail
resource "aws_kinesis_firehose_delivery_stream" "splunk" {
  name        = "splunk"
  destination = "splunk"

  splunk_configuration {
    hec_endpoint = "http://splunk.example:8088"
  }
}

# expect: fail
resource "aws_cloudwatch_event_api_destination" "payments" {
  name                = "payments"
  invocation_endpoint = "http://payments.example/events"
}

# expect: fail
resource "aws_cloudwatch_event_connection" "payments" {
  name = "payments"

  auth_parameters {
    oauth {
      authorization_endpoint = "http://payments.example/token"
    }
  }
}

# expect: fail
resource "aws_api_gateway_integration" "http" {
  type = "HTTP_PROXY"
  uri  = "http://menu.meals.example"
}

# expect: unknown
resource "aws_cloudwatch_event_api_destination" "unknown" {
  name                = "unknown"
  invocation_endpoint = var.endpoint
}
