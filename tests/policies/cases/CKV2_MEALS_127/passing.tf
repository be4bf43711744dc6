resource "aws_elasticache_replication_group" "menu" {
  replication_group_id       = "menu"
  transit_encryption_enabled = true
}

resource "aws_elasticache_cluster" "member" {
  cluster_id           = "member"
  replication_group_id = aws_elasticache_replication_group.menu.id
}

resource "aws_elasticache_cluster" "memcached" {
  cluster_id                 = "memcached"
  engine                     = "memcached"
  transit_encryption_enabled = true
}

resource "aws_memorydb_cluster" "menu" {
  name = "menu"
}

resource "aws_dax_cluster" "menu" {
  cluster_name                     = "menu"
  cluster_endpoint_encryption_type = "TLS"
}

resource "aws_elasticache_replication_group" "secondary" {
  global_replication_group_id = "global-menus"
}
