resource "aws_db_instance" "unsaid" {
  engine = "postgres"
}

resource "aws_redshift_cluster" "said" {
  cluster_identifier  = "said"
  publicly_accessible = false
}

resource "aws_dms_replication_instance" "said" {
  replication_instance_id = "said"
  publicly_accessible     = "false"
}

resource "aws_opensearch_domain" "inside" {
  domain_name = "inside"
  vpc_options {
    subnet_ids = ["subnet-0123456789abcdef0"]
  }
}

resource "aws_sagemaker_notebook_instance" "inside" {
  name                   = "inside"
  direct_internet_access = "Disabled"
}
