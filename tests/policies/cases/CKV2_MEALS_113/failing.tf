variable "policy" {
  type = string
}

# expect: fail
resource "aws_dynamodb_resource_policy" "allows_only" {
  resource_arn = "arn:aws:dynamodb:us-east-1:111122223333:table/events"
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:role/reader" }
      Action    = "dynamodb:Query"
      Resource  = "*"
    }]
  })
}

# expect: fail
resource "aws_dynamodb_resource_policy" "too_little" {
  resource_arn = "arn:aws:dynamodb:us-east-1:111122223333:table/events"
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

# expect: fail
resource "aws_efs_file_system_policy" "allows_secure" {
  file_system_id = "fs-12345678"
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:role/reader" }
      Action    = "elasticfilesystem:ClientMount"
      Resource  = "*"
      Condition = { Bool = { "aws:SecureTransport" = "true" } }
    }]
  })
}

# expect: unknown
resource "aws_efs_file_system_policy" "unknown" {
  file_system_id = "fs-12345678"
  policy         = var.policy
}
