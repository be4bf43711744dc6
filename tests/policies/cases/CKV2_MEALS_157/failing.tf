variable "key" {
  type = string
}

# expect: fail
resource "aws_elasticache_replication_group" "default" {
  description = "default"
}

# expect: fail
resource "aws_elasticache_replication_group" "managed" {
  at_rest_encryption_enabled = true
}

# expect: fail
resource "aws_elasticache_replication_group" "off" {
  at_rest_encryption_enabled = false
  kms_key_id = "alias/own"
}

# expect: unknown
resource "aws_elasticache_replication_group" "unknown" {
  at_rest_encryption_enabled = true
  kms_key_id = var.key
}

# expect: fail
resource "aws_elasticache_serverless_cache" "managed" {
  engine = "valkey"
  name   = "managed"
}

# expect: fail
resource "aws_memorydb_cluster" "managed" {
  name = "managed"
}
