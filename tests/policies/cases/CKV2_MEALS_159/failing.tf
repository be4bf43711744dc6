variable "key" {
  type = string
}

# expect: fail
resource "aws_cloudtrail" "plain" {
  name = "plain"
}

# expect: fail
resource "aws_ecr_repository" "default" {
  name = "default"
}

# expect: fail
resource "aws_ecr_repository" "managed" {
  name = "managed"

  encryption_configuration {
    encryption_type = "KMS"
  }
}

# expect: fail
resource "aws_pipes_pipe" "plain" {
  name = "plain"
}

# expect: fail
resource "aws_fsx_windows_file_system" "managed" {
  kms_key_id = "alias/aws/fsx"
}

# expect: unknown
resource "aws_scheduler_schedule" "unknown" {
  name        = "unknown"
  kms_key_arn = var.key
}

# expect: fail
resource "aws_workspaces_workspace" "root_only" {
  directory_id                   = "d-1"
  bundle_id                      = "wsb-1"
  user_name                      = "cook"
  root_volume_encryption_enabled = true
  volume_encryption_key          = "alias/own"
}

# expect: fail
resource "aws_glue_data_catalog_encryption_settings" "passwords_in_the_clear" {
  data_catalog_encryption_settings {
    connection_password_encryption {
      aws_kms_key_id                       = "alias/own"
      return_connection_password_encrypted = false
    }

    encryption_at_rest {
      catalog_encryption_mode = "SSE-KMS"
      sse_aws_kms_key_id      = "alias/own"
    }
  }
}

# expect: fail
resource "aws_glue_security_configuration" "bookmarks_left_out" {
  name = "bookmarks-left-out"

  encryption_configuration {
    cloudwatch_encryption {
      cloudwatch_encryption_mode = "SSE-KMS"
      kms_key_arn                = "alias/own"
    }

    s3_encryption {
      s3_encryption_mode = "SSE-KMS"
      kms_key_arn        = "alias/own"
    }
  }
}

# expect: fail
resource "aws_keyspaces_table" "owned" {
  keyspace_name = "meals"
  table_name    = "orders"

  encryption_specification {
    type = "AWS_OWNED_KMS_KEY"
  }
}

# expect: fail
resource "aws_codebuild_project" "second_artifact" {
  name = "second-artifact"

  artifacts {
    type = "CODEPIPELINE"
  }

  secondary_artifacts {
    type                = "S3"
    encryption_disabled = true
  }
}

# expect: fail
resource "aws_codebuild_project" "managed" {
  name           = "managed"
  encryption_key = "alias/aws/s3"
}

# expect: fail
resource "aws_sagemaker_endpoint_configuration" "plain" {
  name = "plain"
}

# expect: fail
resource "aws_mwaa_environment" "owned" {
  name = "owned"
}

# expect: fail
resource "aws_dms_replication_instance" "managed" {
  kms_key_arn = "arn:aws:kms:us-east-1:111122223333:alias/aws/dms"
}
