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

# expect: fail
resource "aws_apprunner_service" "by_default" {
  service_name = "by-default"
}

# expect: fail
resource "aws_apprunner_service" "public" {
  service_name = "public"

  network_configuration {
    ingress_configuration {
      is_publicly_accessible = true
    }
  }
}

# expect: fail
resource "aws_apprunner_service" "other_direction" {
  service_name = "other-direction"

  network_configuration {
    egress_configuration {
      egress_type = "DEFAULT"
    }
  }
}

# expect: unknown
resource "aws_apprunner_service" "unknown" {
  service_name = "unknown"

  network_configuration {
    ingress_configuration {
      is_publicly_accessible = var.routing
    }
  }
}
