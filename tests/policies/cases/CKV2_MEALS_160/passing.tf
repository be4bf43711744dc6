resource "aws_db_instance" "on" {
  engine            = "postgres"
  storage_encrypted = true
}

resource "aws_db_instance" "replica" {
  replicate_source_db = aws_db_instance.on.identifier
}

resource "aws_rds_cluster" "serverless" {
  engine      = "aurora-mysql"
  engine_mode = "serverless"
}

resource "aws_docdb_cluster" "key" {
  cluster_identifier = "menus"
  kms_key_id         = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
}

resource "aws_neptune_cluster" "on" {
  storage_encrypted = true
}

resource "aws_rds_global_cluster" "of_cluster" {
  global_cluster_identifier    = "orders"
  source_db_cluster_identifier = "arn:aws:rds:us-east-1:111122223333:cluster:orders"
}

resource "aws_efs_file_system" "on" {
  encrypted = true
}

resource "aws_redshift_cluster" "by_default" {
  cluster_identifier = "reporting"
}

resource "aws_elasticache_replication_group" "by_default" {
  engine = "valkey"
}

resource "aws_elasticache_replication_group" "on" {
  at_rest_encryption_enabled = true
}

resource "aws_dax_cluster" "on" {
  server_side_encryption {
    enabled = true
  }
}

resource "aws_opensearch_domain" "on" {
  encrypt_at_rest {
    enabled = true
  }
}

resource "aws_kinesis_stream" "on" {
  encryption_type = "KMS"
}

resource "aws_kinesis_firehose_delivery_stream" "of_stream" {
  name        = "orders"
  destination = "http_endpoint"

  kinesis_source_configuration {
    kinesis_stream_arn = aws_kinesis_stream.on.arn
    role_arn           = "arn:aws:iam::111122223333:role/reader"
  }
}

resource "aws_sqs_queue" "by_default" {
  name = "orders"
}

resource "aws_sqs_queue" "key" {
  sqs_managed_sse_enabled = false
  kms_master_key_id       = "alias/aws/sqs"
}

resource "aws_sns_topic" "key" {
  kms_master_key_id = "alias/aws/sns"
}

resource "aws_appsync_api_cache" "on" {
  at_rest_encryption_enabled = true
}

resource "aws_workspaces_workspace" "on" {
  root_volume_encryption_enabled = true
  user_volume_encryption_enabled = true
}

resource "aws_codebuild_project" "without_artifacts" {
  name = "app"

  artifacts {
    type                = "NO_ARTIFACTS"
    encryption_disabled = true
  }
}

resource "aws_eks_cluster" "on" {
  encryption_config {
    resources = ["secrets"]

    provider {
      key_arn = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    }
  }
}

resource "aws_emr_cluster" "on" {
  security_configuration = aws_emr_security_configuration.on.name
}

resource "aws_emr_security_configuration" "on" {
  configuration = jsonencode({
    EncryptionConfiguration = {
      EnableInTransitEncryption = true
      EnableAtRestEncryption    = true
      AtRestEncryptionConfiguration = {
        LocalDiskEncryptionConfiguration = { EncryptionKeyProviderType = "AwsKms", AwsKmsKey = "alias/own" }
      }
    }
  })
}

resource "aws_api_gateway_stage" "without_cache" {
  rest_api_id   = "1234567890"
  deployment_id = "1"
  stage_name    = "live"
}

resource "aws_api_gateway_stage" "cached" {
  rest_api_id           = "1234567890"
  deployment_id         = "1"
  stage_name            = "cached"
  cache_cluster_enabled = true
}

resource "aws_api_gateway_method_settings" "cached" {
  rest_api_id = "1234567890"
  stage_name  = aws_api_gateway_stage.cached.stage_name
  method_path = "*/*"

  settings {
    caching_enabled      = true
    cache_data_encrypted = true
  }
}

resource "aws_glue_security_configuration" "on" {
  encryption_configuration {
    cloudwatch_encryption {
      cloudwatch_encryption_mode = "SSE-KMS"
    }

    job_bookmarks_encryption {
      job_bookmarks_encryption_mode = "CSE-KMS"
    }

    s3_encryption {
      s3_encryption_mode = "SSE-S3"
    }
  }
}

resource "aws_dlm_lifecycle_policy" "copies" {
  policy_details {
    schedule {
      cross_region_copy_rule {
        target    = "us-west-2"
        encrypted = true
      }
    }
  }
}

resource "aws_ebs_volume" "on" {
  encrypted = true
}

resource "aws_instance" "of_image" {
  ami = "ami-12345678"
}

resource "aws_launch_template" "snapshot" {
  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      kms_key_id = "alias/own"
    }
  }
}

resource "aws_codebuild_report_group" "on" {
  name = "on"

  export_config {
    s3_destination {
      bucket = "reports"
    }
  }
}

resource "aws_ecs_service" "without_volumes" {
  name = "without-volumes"
}

resource "aws_glue_job" "on" {
  name                   = "reports"
  role_arn               = "arn:aws:iam::111122223333:role/reports"
  security_configuration = aws_glue_security_configuration.on.name
}
