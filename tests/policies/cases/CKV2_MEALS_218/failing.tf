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
resource "aws_redshift_cluster" "said" {
  cluster_identifier  = "said"
  publicly_accessible = true
}

# expect: fail
resource "aws_neptune_cluster_instance" "said" {
  publicly_accessible = "true"
}

resource "aws_subnet" "private" {
  vpc_id     = "vpc-0123456789abcdef0"
  cidr_block = "10.0.2.0/24"
}

# expect: fail
resource "aws_opensearch_domain" "outside" {
  domain_name = "outside"
}

# expect: fail
resource "aws_sagemaker_notebook_instance" "said" {
  name                   = "said"
  direct_internet_access = "Enabled"
}

# expect: fail
resource "aws_db_snapshot" "public" {
  db_instance_identifier = "orders"
  db_snapshot_identifier = "orders"
  shared_accounts        = ["123456789012", "all"]
}

# expect: fail
resource "aws_opensearch_domain" "without_subnets" {
  domain_name = "without-subnets"

  vpc_options {
    security_group_ids = ["sg-12345678"]
  }
}

# expect: fail
resource "aws_opensearchserverless_security_policy" "public" {
  name = "public"
  type = "network"
  policy = jsonencode([{
    Rules           = [{ ResourceType = "collection", Resource = ["collection/menus"] }]
    AllowFromPublic = true
  }])
}

# expect: fail
resource "aws_neptunegraph_graph" "public" {
  public_connectivity = true
}

# expect: fail
resource "aws_timestreaminfluxdb_db_instance" "public" {
  publicly_accessible = true
}
