variable "key" {
  type = string
}

# expect: fail
resource "aws_dynamodb_table" "default" {
  name     = "default"
  hash_key = "id"
}

# expect: fail
resource "aws_dynamodb_table" "managed" {
  name     = "managed"
  hash_key = "id"

  server_side_encryption {
    enabled = true
  }
}

# expect: fail
resource "aws_dynamodb_table" "off" {
  name     = "off"
  hash_key = "id"

  server_side_encryption {
    enabled     = false
    kms_key_arn = "alias/own"
  }
}

# expect: fail
resource "aws_dynamodb_table" "replica" {
  name     = "replica"
  hash_key = "id"

  server_side_encryption {
    enabled     = true
    kms_key_arn = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  }

  replica {
    region_name = "us-west-2"
  }
}

# expect: unknown
resource "aws_dynamodb_table" "unknown" {
  name     = "unknown"
  hash_key = "id"

  server_side_encryption {
    enabled     = true
    kms_key_arn = var.key
  }
}

# expect: fail
resource "aws_dynamodb_table_replica" "managed" {
  global_table_arn = aws_dynamodb_table.unknown.arn
}

# expect: fail
resource "aws_dax_cluster" "plain" {
  cluster_name = "plain"
}
