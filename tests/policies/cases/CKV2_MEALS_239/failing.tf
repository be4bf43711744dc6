variable "routing" {
  type = bool
}

# expect: fail
resource "aws_sagemaker_notebook_instance" "outside" {
  direct_internet_access = "Disabled"
}

# expect: fail
resource "aws_sagemaker_notebook_instance" "both" {
  subnet_id = "subnet-12345678"
}

# expect: fail
resource "aws_sagemaker_model" "open" {
  name = "open"
}

# expect: fail
resource "aws_sagemaker_domain" "open" {
  domain_name = "open"
}

# expect: fail
resource "aws_redshift_cluster" "open" {
  cluster_identifier = "open"
}

# expect: unknown
resource "aws_redshiftserverless_workgroup" "unknown" {
  enhanced_vpc_routing = var.routing
}

# expect: fail
resource "aws_transfer_server" "open" {
  protocols = ["SFTP"]
}

# expect: fail
resource "aws_appstream_fleet" "open" {
  enable_default_internet_access = true
}

# expect: fail
resource "aws_workspaces_directory" "open" {
  workspace_creation_properties {
    enable_internet_access = true
  }
}

# expect: fail
resource "aws_mwaa_environment" "open" {
  webserver_access_mode = "PUBLIC_ONLY"
}
