resource "aws_vpc_endpoint" "dynamodb" {
  service_name = "com.amazonaws.us-east-1.dynamodb"
}

resource "aws_dynamodb_table" "event_store" {
  name           = "meals-event-store"
  stream_enabled = true
}

resource "aws_dynamodb_resource_policy" "event_store" {
  resource_arn = aws_dynamodb_table.event_store.arn
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = ["dynamodb:*"]
      Resource  = "*"
      Condition = {
        StringNotEquals = { "aws:SourceVpce" = aws_vpc_endpoint.dynamodb.id }
        ArnNotEquals    = { "aws:PrincipalArn" = "arn:aws:iam::123456789012:role/backup" }
        BoolIfExists    = { "aws:PrincipalIsAWSService" = "false" }
      }
    }]
  })
}

resource "aws_dynamodb_resource_policy" "stream" {
  resource_arn = aws_dynamodb_table.event_store.stream_arn
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = ["dynamodb:GetRecords", "dynamodb:GetShardIterator"]
      Resource  = "*"
      Condition = {
        StringNotEquals = { "aws:SourceVpce" = aws_vpc_endpoint.dynamodb.id }
        ArnNotEquals    = { "aws:PrincipalArn" = "arn:aws:iam::123456789012:role/backup" }
        BoolIfExists    = { "aws:PrincipalIsAWSService" = "false" }
      }
    }]
  })
}

resource "aws_dynamodb_table" "sessions" {
  name = "sessions"
}
