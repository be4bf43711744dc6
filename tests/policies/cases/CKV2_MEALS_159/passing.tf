resource "aws_kms_key" "own" {
  enable_key_rotation = true
}

resource "aws_cloudtrail" "account" {
  name       = "account"
  kms_key_id = aws_kms_key.own.arn
}

resource "aws_ecr_repository" "servers" {
  name = "servers"

  encryption_configuration {
    encryption_type = "KMS"
    kms_key         = aws_kms_key.own.arn
  }
}

resource "aws_pipes_pipe" "requests" {
  name               = "requests"
  kms_key_identifier = aws_kms_key.own.arn
}

resource "aws_scheduler_schedule" "export" {
  name        = "export"
  kms_key_arn = aws_kms_key.own.arn
}

resource "aws_workspaces_workspace" "encrypted" {
  directory_id                   = "d-1"
  bundle_id                      = "wsb-1"
  user_name                      = "cook"
  root_volume_encryption_enabled = true
  user_volume_encryption_enabled = "true"
  volume_encryption_key          = aws_kms_key.own.arn
}

resource "aws_glue_data_catalog_encryption_settings" "encrypted" {
  data_catalog_encryption_settings {
    connection_password_encryption {
      aws_kms_key_id                       = aws_kms_key.own.arn
      return_connection_password_encrypted = true
    }

    encryption_at_rest {
      catalog_encryption_mode = "SSE-KMS"
      sse_aws_kms_key_id      = aws_kms_key.own.arn
    }
  }
}

resource "aws_glue_security_configuration" "encrypted" {
  name = "encrypted"

  encryption_configuration {
    cloudwatch_encryption {
      cloudwatch_encryption_mode = "SSE-KMS"
      kms_key_arn                = aws_kms_key.own.arn
    }

    job_bookmarks_encryption {
      job_bookmarks_encryption_mode = "CSE-KMS"
      kms_key_arn                   = aws_kms_key.own.arn
    }

    s3_encryption {
      s3_encryption_mode = "SSE-KMS"
      kms_key_arn        = aws_kms_key.own.arn
    }
  }
}

resource "aws_keyspaces_table" "encrypted" {
  keyspace_name = "meals"
  table_name    = "orders"

  encryption_specification {
    type               = "CUSTOMER_MANAGED_KMS_KEY"
    kms_key_identifier = aws_kms_key.own.arn
  }
}

resource "aws_codebuild_project" "plain" {
  name = "plain"

  artifacts {
    type = "NO_ARTIFACTS"
  }
}

resource "aws_codebuild_project" "with_key" {
  name           = "with-key"
  encryption_key = aws_kms_key.own.arn
}

resource "aws_codebuild_project" "without_artifacts" {
  artifacts {
    type                = "NO_ARTIFACTS"
    encryption_disabled = true
  }
}
