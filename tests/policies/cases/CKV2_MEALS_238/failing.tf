variable "principal" {
  type = string
}

# expect: fail
resource "aws_ami_launch_permission" "all" {
  image_id = "ami-12345678"
  group    = "all"
}

# expect: fail
resource "aws_ssm_document" "all" {
  name          = "d"
  document_type = "Command"
  content       = "{}"

  permissions = {
    type        = "Share"
    account_ids = "All"
  }
}

# expect: fail
resource "aws_vpc_endpoint_service" "all" {
  acceptance_required = true
  allowed_principals  = ["arn:aws:iam::111122223333:root", "*"]
}

# expect: fail
resource "aws_vpc_endpoint_service_allowed_principal" "all" {
  vpc_endpoint_service_id = aws_vpc_endpoint_service.all.id
  principal_arn           = "*"
}

# expect: unknown
resource "aws_vpc_endpoint_service_allowed_principal" "unknown" {
  vpc_endpoint_service_id = aws_vpc_endpoint_service.all.id
  principal_arn           = var.principal
}

# expect: fail
resource "aws_cognito_identity_pool" "guests" {
  identity_pool_name               = "guests"
  allow_unauthenticated_identities = true
}

# expect: fail
resource "aws_imagebuilder_distribution_configuration" "all" {
  distribution {
    ami_distribution_configuration {
      launch_permission {
        user_groups = ["all"]
      }
    }
  }
}

# expect: fail
resource "aws_ec2_transit_gateway" "accepts" {
  auto_accept_shared_attachments = "enable"
}
