resource "aws_ami_launch_permission" "account" {
  image_id   = "ami-12345678"
  account_id = "111122223333"
}

resource "aws_ssm_document" "account" {
  name          = "d"
  document_type = "Command"
  content       = "{}"

  permissions = {
    type        = "Share"
    account_ids = "111122223333"
  }
}

resource "aws_iam_role" "partner" {
  name               = "partner"
  assume_role_policy = "{}"
}

resource "aws_vpc_endpoint_service" "named" {
  acceptance_required = true
  allowed_principals  = ["arn:aws:iam::111122223333:root", aws_iam_role.partner.arn]
}

resource "aws_vpc_endpoint_service_allowed_principal" "named" {
  vpc_endpoint_service_id = aws_vpc_endpoint_service.named.id
  principal_arn           = aws_iam_role.partner.arn
}

resource "aws_cognito_identity_pool" "users" {
  identity_pool_name = "users"
}

resource "aws_imagebuilder_distribution_configuration" "accounts" {
  distribution {
    ami_distribution_configuration {
      launch_permission {
        user_ids = ["111122223333"]
      }
    }
  }
}

resource "aws_ec2_transit_gateway" "asks" {
  description = "asks"
}
