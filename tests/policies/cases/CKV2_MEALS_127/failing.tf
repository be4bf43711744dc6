variable "encrypted" {
  type = bool
}

# expect: fail
resource "aws_elasticache_replication_group" "plaintext" {
  replication_group_id = "plaintext"
}

# expect: fail
resource "aws_elasticache_replication_group" "preferred" {
  replication_group_id       = "preferred"
  transit_encryption_enabled = true
  transit_encryption_mode    = "preferred"
}

# expect: fail
resource "aws_elasticache_cluster" "memcached" {
  cluster_id = "memcached"
  engine     = "memcached"
}

# expect: fail
resource "aws_memorydb_cluster" "menu" {
  name        = "menu"
  tls_enabled = false
}

# expect: fail
resource "aws_dax_cluster" "menu" {
  cluster_name = "menu"
}

# expect: unknown
resource "aws_elasticache_replication_group" "unknown" {
  replication_group_id       = "unknown"
  transit_encryption_enabled = var.encrypted
}

# expect: fail
resource "aws_memorydb_multi_region_cluster" "off" {
  tls_enabled = false
}
