resource "aws_vpc_endpoint" "dynamodb" {
  service_name = "com.amazonaws.us-east-1.dynamodb"
}

# expect: fail
resource "aws_dynamodb_table" "without" {
  name = "event-store"
}

# expect: fail
resource "aws_dynamodb_table" "if_exists" {
  name = "event-store"
}

resource "aws_dynamodb_resource_policy" "if_exists" {
  resource_arn = aws_dynamodb_table.if_exists.arn
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = ["dynamodb:*"]
      Resource  = "*"
      Condition = { StringNotEqualsIfExists = { "aws:SourceVpce" = aws_vpc_endpoint.dynamodb.id } }
    }]
  })
}

# expect: fail
resource "aws_dynamodb_table" "any_endpoint" {
  name = "event-store"
}

resource "aws_dynamodb_resource_policy" "any_endpoint" {
  resource_arn = aws_dynamodb_table.any_endpoint.arn
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = ["dynamodb:*"]
      Resource  = "*"
      Condition = { StringNotLike = { "aws:SourceVpce" = "vpce-*" } }
    }]
  })
}

# expect: fail
resource "aws_dynamodb_table" "spares_all_roles" {
  name = "event-store"
}

resource "aws_dynamodb_resource_policy" "spares_all_roles" {
  resource_arn = aws_dynamodb_table.spares_all_roles.arn
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = ["dynamodb:*"]
      Resource  = "*"
      Condition = {
        StringNotEquals = { "aws:SourceVpce" = "vpce-0123456789abcdef0" }
        ArnNotLike      = { "aws:PrincipalArn" = "arn:aws:iam::123456789012:role/*" }
      }
    }]
  })
}

# expect: fail
resource "aws_dynamodb_table" "reads_only" {
  name = "event-store"
}

resource "aws_dynamodb_resource_policy" "reads_only" {
  resource_arn = aws_dynamodb_table.reads_only.arn
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = ["dynamodb:GetItem", "dynamodb:Query"]
      Resource  = "*"
      Condition = { StringNotEquals = { "aws:SourceVpce" = aws_vpc_endpoint.dynamodb.id } }
    }]
  })
}

# Only its policy says what is meant.
# expect: fail
resource "aws_dynamodb_table" "orders" {
  name = "orders"
}

resource "aws_dynamodb_resource_policy" "orders" {
  resource_arn = aws_dynamodb_table.orders.arn
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = ["dynamodb:*"]
      Resource  = "*"
      Condition = { "ForAnyValue:StringNotEquals" = { "aws:SourceVpce" = aws_vpc_endpoint.dynamodb.id } }
    }]
  })
}

# expect: fail
resource "aws_dynamodb_table" "open_stream" {
  name           = "event-store"
  stream_enabled = true
}

resource "aws_dynamodb_resource_policy" "open_stream" {
  resource_arn = aws_dynamodb_table.open_stream.arn
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

# expect: fail
resource "aws_dynamodb_table" "second_event_store" {
  name = "second-event-store"
}

resource "aws_dynamodb_resource_policy" "first_of_two" {
  resource_arn = aws_dynamodb_table.second_event_store.arn
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "dynamodb:*"
      Resource  = "*"
      Condition = { StringNotEquals = { "aws:SourceVpce" = "vpce-12345678" } }
    }]
  })
}

resource "aws_dynamodb_resource_policy" "second_of_two" {
  resource_arn = aws_dynamodb_table.second_event_store.arn
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "dynamodb:*"
      Resource  = "*"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}
