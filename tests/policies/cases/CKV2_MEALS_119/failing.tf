variable "policy" {
  type = string
}

variable "principal" {
  type = string
}

# expect: fail
resource "aws_ecr_repository_policy" "everyone" {
  repository = "servers"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "ecr:*"
      Resource  = "*"
    }]
  })
}

# expect: fail
resource "aws_ecr_repository_policy" "every_principal" {
  repository = "servers"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = "ecr:*"
      Resource  = "*"
    }]
  })
}

# expect: fail
resource "aws_ecr_repository_policy" "among_others" {
  repository = "servers"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = ["arn:aws:iam::111122223333:root", "*"] }
      Action    = "ecr:*"
      Resource  = "*"
    }]
  })
}

# expect: fail
resource "aws_ecr_repository_policy" "all_but_one" {
  repository = "servers"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      NotPrincipal = { AWS = "arn:aws:iam::111122223333:root" }
      Action    = "ecr:*"
      Resource  = "*"
    }]
  })
}

# expect: fail
resource "aws_ecr_repository_policy" "over_tls" {
  repository = "servers"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "ecr:*"
      Resource  = "*"
      Condition = { Bool = { "aws:SecureTransport" = "true" } }
    }]
  })
}

# expect: fail
resource "aws_ecr_repository_policy" "of_any_source" {
  repository = "servers"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "ecr:*"
      Resource  = "*"
      Condition = { ArnLike = { "aws:SourceArn" = "*" } }
    }]
  })
}

# expect: fail
resource "aws_ecr_repository_policy" "of_an_address" {
  repository = "servers"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "ecr:*"
      Resource  = "*"
      Condition = { IpAddress = { "aws:SourceIp" = "198.51.100.7/32" } }
    }]
  })
}

# expect: fail
resource "aws_ecr_repository_policy" "of_the_internet" {
  repository = "servers"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "ecr:*"
      Resource  = "*"
      Condition = { IpAddress = { "aws:SourceIp" = ["0.0.0.0/1", "128.0.0.0/1"] } }
    }]
  })
}

# expect: fail
resource "aws_ecr_repository_policy" "if_there_is_a_source" {
  repository = "servers"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "ecr:*"
      Resource  = "*"
      Condition = { StringEqualsIfExists = { "aws:SourceAccount" = "111122223333" } }
    }]
  })
}

# expect: fail
resource "aws_ecr_repository_policy" "for_all_values" {
  repository = "servers"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "ecr:*"
      Resource  = "*"
      Condition = { "ForAllValues:StringEquals" = { "aws:PrincipalOrgID" = "o-1234567890" } }
    }]
  })
}

# expect: fail
resource "aws_ecr_repository_policy" "all_but_an_account" {
  repository = "servers"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "ecr:*"
      Resource  = "*"
      Condition = { StringNotEquals = { "aws:SourceAccount" = "111122223333" } }
    }]
  })
}

# expect: unknown
resource "aws_ecr_repository_policy" "unknown_principal" {
  repository = "servers"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = var.principal }
      Action    = "ecr:*"
      Resource  = "*"
    }]
  })
}

# expect: unknown
resource "aws_ecr_repository_policy" "unknown" {
  repository = "servers"
  policy = var.policy
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

# expect: fail
resource "aws_opensearch_domain" "open" {
  domain_name     = "open"
  access_policies = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "es:*", Resource = "*" }] })
}

# expect: fail
resource "aws_secretsmanager_secret_policy" "open" {
  secret_arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:broker"
  policy     = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = "*" }, Action = "*", Resource = "*" }] })
}

# expect: fail
resource "aws_iam_role" "open" {
  name               = "open"
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = "*" }, Action = "sts:AssumeRole" }] })
}

# expect: fail
resource "aws_dynamodb_resource_policy" "open" {
  resource_arn = "arn:aws:dynamodb:us-east-1:111122223333:table/events"
  policy       = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "dynamodb:*", Resource = "*" }] })
}

# expect: fail
resource "aws_backup_vault_policy" "open" {
  backup_vault_name = "events"
  policy            = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "backup:*", Resource = "*" }] })
}

# expect: fail
resource "aws_glue_resource_policy" "open" {
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = ["*"] }, Action = "glue:*", Resource = "*" }] })
}

# expect: fail
resource "aws_msk_cluster_policy" "open" {
  cluster_arn = "arn:aws:kafka:us-east-1:111122223333:cluster/stream/1"
  policy      = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "kafka:*", Resource = "*" }] })
}

# expect: fail
resource "aws_api_gateway_rest_api" "inline" {
  name   = "inline"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "*" }] })
}

resource "aws_api_gateway_rest_api" "regional" {
  name = "regional"

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

# expect: fail
resource "aws_api_gateway_rest_api_policy" "regional" {
  rest_api_id = aws_api_gateway_rest_api.regional.id
  policy      = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = "*" }, Action = "execute-api:*", Resource = "*" }] })
}

# expect: fail
resource "aws_iam_role" "whichever_account" {
  name               = "whichever-account"
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::root" }, Action = "sts:AssumeRole" }] })
}

resource "aws_iam_openid_connect_provider" "code_hosting" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

# expect: fail
resource "aws_iam_role" "every_repository" {
  name = "every-repository"
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = aws_iam_openid_connect_provider.code_hosting.arn }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = { StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" } }
    }]
  })
}

data "aws_iam_policy_document" "for_all_values" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.code_hosting.arn]
    }

    condition {
      test     = "ForAllValues:StringLike"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:meals/app:*"]
    }
  }
}

# expect: fail
resource "aws_iam_role" "for_all_values" {
  name               = "for-all-values"
  assume_role_policy = data.aws_iam_policy_document.for_all_values.json
}

# expect: fail
resource "aws_cloudwatch_event_bus_policy" "any_organization" {
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "events:PutEvents"
      Resource  = "*"
      Condition = { StringLike = { "aws:PrincipalOrgID" = "o-*" } }
    }]
  })
}

# expect: unknown
resource "aws_cloudwatch_event_bus_policy" "unknown_organization" {
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "events:PutEvents"
      Resource  = "*"
      Condition = { StringLike = { "aws:PrincipalOrgID" = var.principal } }
    }]
  })
}

# expect: fail
resource "aws_ecr_repository_creation_template" "template" {
  prefix            = "ROOT"
  repository_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = "*"
      Resource  = "*"
    }]
  })
}

# expect: fail
resource "aws_oam_sink_policy" "sink" {
  sink_identifier = "arn:aws:oam:us-east-1:111122223333:sink/1"
  policy          = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = "*"
      Resource  = "*"
    }]
  })
}

# expect: fail
resource "aws_s3tables_table_bucket_policy" "tables" {
  table_bucket_arn = "arn:aws:s3tables:us-east-1:111122223333:bucket/b"
  resource_policy  = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = "*"
      Resource  = "*"
    }]
  })
}

# expect: fail
resource "aws_vpclattice_auth_policy" "lattice" {
  resource_identifier = "svc-1"
  policy              = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = "*"
      Resource  = "*"
    }]
  })
}

# expect: fail
resource "aws_organizations_resource_policy" "delegation" {
  content = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = "*"
      Resource  = "*"
    }]
  })
}

# expect: fail
resource "aws_s3control_multi_region_access_point_policy" "images" {
  details {
    name   = "images"
    policy = jsonencode({
      Statement = [{
        Effect    = "Allow"
        Principal = { AWS = "*" }
        Action    = "s3:GetObject"
        Resource  = "*"
      }]
    })
  }
}

# expect: fail
resource "aws_cloudwatch_event_permission" "everyone" {
  statement_id = "everyone"
  principal    = "*"
}

# expect: fail
resource "aws_cloudwatch_event_permission" "any_organization" {
  statement_id = "any-organization"
  principal    = "*"

  condition {
    key   = "aws:PrincipalOrgID"
    type  = "StringEquals"
    value = "o-*"
  }
}

# expect: fail
resource "aws_ecrpublic_repository_policy" "pushed_by_everyone" {
  repository_name = "app"
  policy          = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "ecr-public:*" }] })
}

# expect: fail
resource "aws_glacier_vault_lock" "open" {
  vault_name    = "v"
  complete_lock = true
  policy        = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "glacier:*", Resource = "*" }] })
}

# expect: fail
resource "aws_api_gateway_rest_api" "refuses_plaintext" {
  name = "refuses-plaintext"
  policy = jsonencode({
    Statement = [
      { Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "*" },
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

data "aws_iam_policy_document" "refuses_some_paths" {
  statement {
    actions   = ["execute-api:Invoke"]
    resources = ["*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }

  statement {
    effect    = "Deny"
    actions   = ["execute-api:Invoke"]
    resources = ["*/prod/DELETE/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}

# expect: fail
resource "aws_api_gateway_rest_api_policy" "refuses_some_paths" {
  rest_api_id = "1234567890"
  policy      = data.aws_iam_policy_document.refuses_some_paths.json
}

# expect: fail
resource "aws_api_gateway_rest_api_policy" "refuses_some_addresses" {
  rest_api_id = "1234567890"
  policy = jsonencode({
    Statement = [
      { Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "*" },
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "execute-api:Invoke"
        Resource  = "*"
        Condition = { IpAddress = { "aws:SourceIp" = "198.51.100.0/24" } }
      },
    ]
  })
}

# expect: unknown
resource "aws_api_gateway_rest_api_policy" "refuses_all_but_unknown" {
  rest_api_id = "1234567890"
  policy = jsonencode({
    Statement = [
      { Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "*" },
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "execute-api:Invoke"
        Resource  = "*"
        Condition = { StringNotEquals = { "aws:SourceVpc" = var.principal } }
      },
    ]
  })
}

# expect: fail
resource "aws_iam_role" "pipelines_of_strangers" {
  name = "pipelines-of-strangers"
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/oidc.codefresh.io" }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = { StringLike = { "oidc.codefresh.io:sub" = "account:*:pipeline:meals/deploy:*" } }
    }]
  })
}

resource "aws_api_gateway_rest_api" "open" {
  name = "open"
}

resource "aws_api_gateway_rest_api" "other" {
  name = "other"
}

# expect: fail
resource "aws_api_gateway_rest_api_policy" "refuses_calls_of_another_api" {
  rest_api_id = aws_api_gateway_rest_api.open.id
  policy = jsonencode({
    Statement = [
      { Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "*" },
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "execute-api:Invoke"
        Resource  = "${aws_api_gateway_rest_api.other.execution_arn}/*"
        Condition = { NotIpAddress = { "aws:SourceIp" = "198.51.100.0/24" } }
      },
    ]
  })
}

# expect: fail
resource "aws_api_gateway_rest_api_policy" "refuses_calls_of_another_id" {
  rest_api_id = "abcdefghij"
  policy = jsonencode({
    Statement = [
      { Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "*" },
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "execute-api:Invoke"
        Resource  = "arn:aws:execute-api:us-east-1:111122223333:klmnopqrst/*"
        Condition = { NotIpAddress = { "aws:SourceIp" = "198.51.100.0/24" } }
      },
    ]
  })
}
