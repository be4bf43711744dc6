data "aws_caller_identity" "current" {}

resource "aws_iam_role" "reader" {
  name               = "reader"
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = { Service = "ec2.amazonaws.com" }, Action = "sts:AssumeRole" }] })
}

resource "aws_ecr_repository_policy" "named" {
  repository = "servers"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" }
      Action    = "ecr:*"
      Resource  = "*"
    }]
  })
}

resource "aws_ecr_repository_policy" "of_role" {
  repository = "servers"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = [aws_iam_role.reader.arn, "111122223333"] }
      Action    = "ecr:*"
      Resource  = "*"
    }]
  })
}

resource "aws_ecr_repository_policy" "of_service" {
  repository = "servers"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "sns.amazonaws.com" }
      Action    = "ecr:*"
      Resource  = "*"
    }]
  })
}

resource "aws_ecr_repository_policy" "of_organization" {
  repository = "servers"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "ecr:*"
      Resource  = "*"
      Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-1234567890" } }
    }]
  })
}

resource "aws_ecr_repository_policy" "of_account" {
  repository = "servers"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = "ecr:*"
      Resource  = "*"
      Condition = { StringLike = { "AWS:SourceAccount" = ["111122223333"] } }
    }]
  })
}

resource "aws_ecr_repository_policy" "of_endpoint" {
  repository = "servers"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "ecr:*"
      Resource  = "*"
      Condition = { StringEquals = { "aws:SourceVpce" = "vpce-12345678" } }
    }]
  })
}

resource "aws_ecr_repository_policy" "denied" {
  repository = "servers"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "ecr:*"
      Resource  = "*"
    }]
  })
}

resource "aws_opensearch_domain" "inside" {
  domain_name     = "inside"
  access_policies = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "es:*", Resource = "*" }] })

  vpc_options {
    subnet_ids = ["subnet-12345678"]
  }
}

resource "aws_elasticsearch_domain" "inside" {
  domain_name = "inside"

  vpc_options {
    subnet_ids = ["subnet-12345678"]
  }
}

resource "aws_elasticsearch_domain_policy" "inside" {
  domain_name     = aws_elasticsearch_domain.inside.domain_name
  access_policies = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "es:*", Resource = "*" }] })
}

resource "aws_efs_file_system_policy" "through_mount_target" {
  file_system_id = "fs-12345678"
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = "elasticfilesystem:ClientMount"
      Condition = { Bool = { "elasticfilesystem:AccessedViaMountTarget" = "true" } }
    }]
  })
}

resource "aws_secretsmanager_secret" "without" {
  name = "without"
}

resource "aws_api_gateway_rest_api" "private" {
  name = "private"

  endpoint_configuration {
    types = ["PRIVATE"]
  }
}

resource "aws_api_gateway_rest_api_policy" "private" {
  rest_api_id = aws_api_gateway_rest_api.private.id
  policy      = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "*" }] })
}

resource "aws_api_gateway_rest_api_policy" "named" {
  rest_api_id = "1234567890"
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:role/caller" }
      Action    = "execute-api:Invoke"
      Resource  = "*"
    }]
  })
}

resource "aws_api_gateway_rest_api_policy" "refuses_other_addresses" {
  rest_api_id = "1234567890"
  policy = jsonencode({
    Statement = [
      { Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "*" },
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "execute-api:Invoke"
        Resource  = "*"
        Condition = { NotIpAddress = { "aws:SourceIp" = "198.51.100.0/24" } }
      },
    ]
  })
}

resource "aws_iam_openid_connect_provider" "code_hosting" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_role" "one_repository" {
  name = "one-repository"
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = aws_iam_openid_connect_provider.code_hosting.arn }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = { StringLike = { "token.actions.githubusercontent.com:sub" = ["repo:meals/app:*", "repo:meals/*"] } }
    }]
  })
}

resource "aws_eks_cluster" "kitchen" {
  name = "kitchen"
}

data "aws_iam_policy_document" "service_account" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::111122223333:oidc-provider/${replace(aws_eks_cluster.kitchen.identity[0].oidc[0].issuer, "https://", "")}"]
    }

    condition {
      test     = "StringEquals"
      variable = "${replace(aws_eks_cluster.kitchen.identity[0].oidc[0].issuer, "https://", "")}:sub"
      values   = ["system:serviceaccount:kitchen:reader"]
    }
  }
}

resource "aws_iam_role" "service_account" {
  name               = "service-account"
  assume_role_policy = data.aws_iam_policy_document.service_account.json
}

resource "aws_ecr_repository_creation_template" "template" {
  prefix            = "ROOT"
  repository_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:role/reader" }
      Action    = "*"
      Resource  = "*"
    }]
  })
}

resource "aws_oam_sink_policy" "sink" {
  sink_identifier = "arn:aws:oam:us-east-1:111122223333:sink/1"
  policy          = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:role/reader" }
      Action    = "*"
      Resource  = "*"
    }]
  })
}

resource "aws_s3tables_table_bucket_policy" "tables" {
  table_bucket_arn = "arn:aws:s3tables:us-east-1:111122223333:bucket/b"
  resource_policy  = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:role/reader" }
      Action    = "*"
      Resource  = "*"
    }]
  })
}

resource "aws_vpclattice_auth_policy" "lattice" {
  resource_identifier = "svc-1"
  policy              = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:role/reader" }
      Action    = "*"
      Resource  = "*"
    }]
  })
}

resource "aws_organizations_resource_policy" "delegation" {
  content = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:role/reader" }
      Action    = "*"
      Resource  = "*"
    }]
  })
}

resource "aws_cloudwatch_event_permission" "account" {
  statement_id = "account"
  principal    = "111122223333"
}

resource "aws_cloudwatch_event_permission" "organization" {
  statement_id = "organization"
  principal    = "*"

  condition {
    key   = "aws:PrincipalOrgID"
    type  = "StringEquals"
    value = "o-1234567890"
  }
}

resource "aws_api_gateway_rest_api" "refuses_other_networks" {
  name = "refuses-other-networks"
  policy = jsonencode({
    Statement = [
      { Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "execute-api:/live/*" },
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "execute-api:*"
        Resource  = "execute-api:/*/*/*"
        Condition = { StringNotEquals = { "aws:SourceVpc" = "vpc-12345678" } }
      },
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "execute-api:Invoke"
        Resource  = "*"
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

resource "aws_iam_role" "pipelines_of_an_account" {
  name = "pipelines-of-an-account"
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/oidc.codefresh.io" }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = { StringLike = { "oidc.codefresh.io:sub" = "account:628a80b693a15c0f9c13ab75:pipeline:*" } }
    }]
  })
}

resource "aws_api_gateway_rest_api_policy" "refuses_others_by_its_own_id" {
  rest_api_id = "abcdefghij"
  policy = jsonencode({
    Statement = [
      { Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "*" },
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "execute-api:Invoke"
        Resource  = "arn:aws:execute-api:us-east-1:111122223333:abcdefghij/*"
        Condition = { NotIpAddress = { "aws:SourceIp" = "198.51.100.0/24" } }
      },
    ]
  })
}

data "aws_organizations_organization" "own" {}

resource "aws_cloudwatch_event_permission" "own_organization" {
  statement_id = "own-organization"
  principal    = "*"

  condition {
    key   = "aws:PrincipalOrgID"
    type  = "StringEquals"
    value = data.aws_organizations_organization.own.id
  }
}
