resource "aws_sagemaker_notebook_instance" "inside" {
  subnet_id              = "subnet-12345678"
  direct_internet_access = "Disabled"
}

resource "aws_sagemaker_model" "isolated" {
  enable_network_isolation = true
}

resource "aws_sagemaker_model" "inside" {
  vpc_config {
    subnets = ["subnet-12345678"]
  }
}

resource "aws_sagemaker_domain" "inside" {
  app_network_access_type = "VpcOnly"
}

resource "aws_redshift_cluster" "inside" {
  enhanced_vpc_routing = true
}

resource "aws_redshiftserverless_workgroup" "inside" {
  enhanced_vpc_routing = true
}

resource "aws_transfer_server" "inside" {
  endpoint_type = "VPC"
}

resource "aws_appstream_fleet" "inside" {
  name = "inside"
}

resource "aws_workspaces_directory" "inside" {
  workspace_creation_properties {
    enable_internet_access = false
  }
}

resource "aws_mwaa_environment" "inside" {
  name = "inside"
}

resource "aws_apprunner_service" "inside" {
  service_name = "inside"

  network_configuration {
    ingress_configuration {
      is_publicly_accessible = false
    }
  }
}
