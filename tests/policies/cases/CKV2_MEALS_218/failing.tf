variable "public" {
  type = bool
}

# expect: fail
resource "aws_db_instance" "said" {
  engine              = "postgres"
  publicly_accessible = true
}

# expect: unknown
resource "aws_rds_cluster_instance" "unknown" {
  engine              = "aurora-postgresql"
  publicly_accessible = var.public
}

# expect: fail
resource "aws_redshift_cluster" "unsaid" {
  cluster_identifier = "unsaid"
}

# expect: fail
resource "aws_neptune_cluster_instance" "said" {
  publicly_accessible = "true"
}

# expect: fail
resource "aws_opensearch_domain" "outside" {
  domain_name = "outside"
}

# expect: fail
resource "aws_sagemaker_notebook_instance" "unsaid" {
  name = "unsaid"
}
