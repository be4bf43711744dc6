resource "aws_kms_key" "own" {
  enable_key_rotation = true
}

resource "aws_rds_cluster" "good" {
  storage_encrypted = true
  kms_key_id = aws_kms_key.own.arn
}

resource "aws_rds_cluster" "as_text" {
  storage_encrypted = "true"
  kms_key_id = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
}

resource "aws_db_instance" "orders" {
  storage_encrypted = true
  kms_key_id        = aws_kms_key.own.arn
}

resource "aws_db_instance" "replica" {
  replicate_source_db = aws_db_instance.orders.identifier
}

resource "aws_neptune_cluster" "graph" {
  storage_encrypted = true
  kms_key_arn       = aws_kms_key.own.arn
}

resource "aws_docdb_cluster" "documents" {
  kms_key_id        = aws_kms_key.own.arn
}

resource "aws_rds_cluster_instance" "insights" {
  cluster_identifier              = "orders"
  performance_insights_enabled    = true
  performance_insights_kms_key_id = "alias/own"
}

resource "aws_rds_cluster_instance" "plain" {
  cluster_identifier = "orders"
}

resource "aws_rds_cluster" "serverless" {
  engine_mode = "serverless"
  kms_key_id  = "alias/own"
}
