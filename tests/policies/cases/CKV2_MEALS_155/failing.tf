variable "key" {
  type = string
}

# expect: fail
resource "aws_rds_cluster" "default" {
  description = "default"
}

# expect: fail
resource "aws_rds_cluster" "managed" {
  storage_encrypted = true
}

# expect: fail
resource "aws_rds_cluster" "off" {
  storage_encrypted = false
  kms_key_id = "alias/own"
}

# expect: unknown
resource "aws_rds_cluster" "unknown" {
  storage_encrypted = true
  kms_key_id = var.key
}

# expect: fail
resource "aws_db_instance" "plain" {
  engine = "postgres"
}

# expect: fail
resource "aws_neptune_cluster" "managed" {
  storage_encrypted = true
}

# expect: fail
resource "aws_docdb_cluster" "plain" {
  engine = "docdb"
}

# expect: fail
resource "aws_rds_cluster_instance" "insights" {
  cluster_identifier           = "orders"
  performance_insights_enabled = true
}

# expect: fail
resource "aws_rds_cluster" "serverless" {
  engine_mode = "serverless"
}
