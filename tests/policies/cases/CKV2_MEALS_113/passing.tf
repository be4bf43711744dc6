resource "aws_dynamodb_table" "events" {
  name           = "events"
  hash_key       = "id"
  stream_enabled = true
}

resource "aws_dynamodb_resource_policy" "events" {
  resource_arn = aws_dynamodb_table.events.arn
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "dynamodb:*"
      Resource  = aws_dynamodb_table.events.arn
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

resource "aws_dynamodb_resource_policy" "stream" {
  resource_arn = "arn:aws:dynamodb:us-east-1:111122223333:table/events/stream/2026-01-01T00:00:00.000"
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = ["dynamodb:GetRecords", "dynamodb:GetShardIterator"]
      Resource  = "*"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

resource "aws_efs_file_system_policy" "shared" {
  file_system_id = "fs-12345678"
  policy         = <<-POLICY
    {
      "Statement": [
        {
          "Effect": "Deny",
          "Principal": {"AWS": "*"},
          "Action": "*",
          "Resource": "arn:aws:elasticfilesystem:us-east-1:111122223333:file-system/fs-12345678",
          "Condition": {"Bool": {"aws:SecureTransport": "false"}}
        }
      ]
    }
  POLICY
}
