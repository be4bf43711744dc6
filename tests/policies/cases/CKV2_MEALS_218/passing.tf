resource "aws_db_instance" "unsaid" {
  engine = "postgres"
}

resource "aws_redshift_cluster" "unsaid" {
  cluster_identifier = "unsaid"
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

resource "aws_sagemaker_notebook_instance" "unsaid" {
  name = "unsaid"
}

resource "aws_opensearch_domain" "where_no_subnet_is" {
  domain_name = "where-no-subnet-is"
}

resource "aws_db_snapshot" "own" {
  db_instance_identifier = "orders"
  db_snapshot_identifier = "orders"
}

resource "aws_db_cluster_snapshot" "for_named_accounts" {
  db_cluster_identifier          = "orders"
  db_cluster_snapshot_identifier = "orders"
  shared_accounts                = ["123456789012"]
}

resource "aws_opensearchserverless_security_policy" "inside" {
  name = "inside"
  type = "network"
  policy = jsonencode([{
    Rules       = [{ ResourceType = "collection", Resource = ["collection/menus"] }]
    SourceVPCEs = ["vpce-12345678"]
  }])
}

resource "aws_opensearchserverless_security_policy" "encryption" {
  name   = "encryption"
  type   = "encryption"
  policy = jsonencode({ Rules = [{ ResourceType = "collection", Resource = ["collection/menus"] }], AWSOwnedKey = true })
}
