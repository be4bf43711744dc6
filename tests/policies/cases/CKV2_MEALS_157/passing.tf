resource "aws_kms_key" "own" {
  enable_key_rotation = true
}

resource "aws_elasticache_replication_group" "good" {
  at_rest_encryption_enabled = true
  kms_key_id = aws_kms_key.own.arn
}

resource "aws_elasticache_replication_group" "as_text" {
  at_rest_encryption_enabled = "true"
  kms_key_id = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
}

resource "aws_elasticache_replication_group" "secondary" {
  global_replication_group_id = "primary"
  kms_key_id                  = aws_kms_key.own.arn
}

resource "aws_elasticache_serverless_cache" "menus" {
  engine     = "valkey"
  name       = "menus"
  kms_key_id = aws_kms_key.own.arn
}

resource "aws_memorydb_cluster" "menus" {
  name        = "menus"
  kms_key_arn = aws_kms_key.own.arn
}
