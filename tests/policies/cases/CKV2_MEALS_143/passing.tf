resource "aws_kms_key" "own" {
  enable_key_rotation = true
}

resource "aws_dynamodb_table" "events" {
  name     = "events"
  hash_key = "id"

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.own.arn
  }

  replica {
    region_name = "us-west-2"
    kms_key_arn = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  }
}

resource "aws_dynamodb_table_replica" "events" {
  global_table_arn = aws_dynamodb_table.events.arn
  kms_key_arn      = aws_kms_key.own.arn
}

resource "aws_dax_cluster" "encrypted" {
  cluster_name = "encrypted"

  server_side_encryption {
    enabled = true
  }
}
