variable "key" {
  type = string
}

variable "encrypted" {
  type = bool
}

# expect: fail
resource "aws_db_instance" "left_out" {
  engine = "postgres"
}

# expect: fail
resource "aws_rds_cluster" "off" {
  engine            = "aurora-mysql"
  engine_mode       = "provisioned"
  storage_encrypted = false
}

# expect: unknown
resource "aws_rds_cluster" "unknown" {
  engine            = "aurora-mysql"
  storage_encrypted = var.encrypted
}

# expect: fail
resource "aws_docdb_cluster" "left_out" {
  cluster_identifier = "menus"
}

# expect: fail
resource "aws_neptune_cluster" "left_out" {
  cluster_identifier = "menus"
}

# expect: fail
resource "aws_rds_global_cluster" "left_out" {
  global_cluster_identifier = "orders"
}

# expect: fail
resource "aws_efs_file_system" "left_out" {
}

# expect: fail
resource "aws_redshift_cluster" "off" {
  cluster_identifier = "reporting"
  encrypted          = false
}

# expect: fail
resource "aws_elasticache_replication_group" "left_out" {
  engine = "redis"
}

# expect: fail
resource "aws_elasticache_replication_group" "off" {
  engine                     = "valkey"
  at_rest_encryption_enabled = false
}

# expect: fail
resource "aws_opensearch_domain" "off_beside_a_key" {
  encrypt_at_rest {
    enabled    = false
    kms_key_id = var.key
  }
}

# expect: fail
resource "aws_dax_cluster" "left_out" {
  cluster_name = "menus"
}

# expect: fail
resource "aws_opensearch_domain" "left_out" {
  domain_name = "menus"
}

# expect: fail
resource "aws_elasticsearch_domain" "off" {
  domain_name = "menus"

  encrypt_at_rest {
    enabled = false
  }
}

# expect: fail
resource "aws_kinesis_stream" "left_out" {
  name = "orders"
}

# expect: fail
resource "aws_kinesis_firehose_delivery_stream" "left_out" {
  name        = "orders"
  destination = "http_endpoint"
}

# expect: fail
resource "aws_sqs_queue" "off" {
  name                    = "orders"
  sqs_managed_sse_enabled = false
}

# expect: fail
resource "aws_sns_topic" "left_out" {
  name = "orders"
}

# expect: fail
resource "aws_appsync_api_cache" "left_out" {
  api_caching_behavior = "FULL_REQUEST_CACHING"
}

# expect: fail
resource "aws_workspaces_workspace" "one_volume" {
  root_volume_encryption_enabled = true
}

# expect: fail
resource "aws_codebuild_project" "off" {
  name = "app"

  artifacts {
    type                = "S3"
    encryption_disabled = true
  }
}

# expect: fail
resource "aws_codebuild_project" "logs" {
  name = "app"

  artifacts {
    type = "NO_ARTIFACTS"
  }

  logs_config {
    s3_logs {
      encryption_disabled = true
    }
  }
}

# expect: fail
resource "aws_eks_cluster" "left_out" {
  name = "kitchen"
}

# expect: fail
resource "aws_emr_cluster" "left_out" {
  name = "reporting"
}

# expect: fail
resource "aws_emr_security_configuration" "off" {
  configuration = jsonencode({
    EncryptionConfiguration = { EnableInTransitEncryption = true, EnableAtRestEncryption = false }
  })
}

# expect: fail
resource "aws_api_gateway_method_settings" "off" {
  rest_api_id = "1234567890"
  stage_name  = "live"
  method_path = "*/*"

  settings {
    caching_enabled = true
  }
}

# expect: fail
resource "aws_api_gateway_stage" "cached" {
  rest_api_id           = "1234567890"
  deployment_id         = "1"
  stage_name            = "live"
  cache_cluster_enabled = true
}

# expect: fail
resource "aws_glue_security_configuration" "off" {
  name = "reporting"

  encryption_configuration {
    cloudwatch_encryption {
      cloudwatch_encryption_mode = "DISABLED"
    }

    job_bookmarks_encryption {
      job_bookmarks_encryption_mode = "CSE-KMS"
    }

    s3_encryption {
      s3_encryption_mode = "SSE-S3"
    }
  }
}

# expect: fail
resource "aws_glue_data_catalog_encryption_settings" "passwords" {
  data_catalog_encryption_settings {
    connection_password_encryption {
      return_connection_password_encrypted = false
    }

    encryption_at_rest {
      catalog_encryption_mode = "SSE-KMS"
    }
  }
}

# expect: fail
resource "aws_dlm_lifecycle_policy" "copies" {
  policy_details {
    schedule {
      cross_region_copy_rule {
        target    = "us-west-2"
        encrypted = false
      }
    }
  }
}

# expect: fail
resource "aws_ebs_volume" "left_out" {
  availability_zone = "us-east-1a"
}

# expect: fail
resource "aws_instance" "second_volume" {
  root_block_device {
    encrypted = true
  }

  ebs_block_device {
    device_name = "/dev/sdb"
  }
}

# expect: fail
resource "aws_launch_template" "off" {
  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      encrypted = "false"
    }
  }
}

# expect: fail
resource "aws_spot_fleet_request" "left_out" {
  launch_specification {
    root_block_device {
      volume_size = 8
    }
  }
}

# expect: fail
resource "aws_imagebuilder_image_recipe" "off" {
  block_device_mapping {
    device_name = "/dev/xvda"

    ebs {
      encrypted = false
    }
  }
}

# expect: fail
resource "aws_ebs_encryption_by_default" "off" {
  enabled = false
}

# expect: fail
resource "aws_ebs_snapshot_import" "left_out" {
  disk_container {
    format = "VHD"
  }
}

# expect: fail
resource "aws_codebuild_report_group" "off" {
  name = "off"

  export_config {
    s3_destination {
      bucket              = "reports"
      encryption_disabled = true
    }
  }
}

# expect: fail
resource "aws_ecs_service" "off" {
  name = "off"

  volume_configuration {
    managed_ebs_volume {
      encrypted = false
    }
  }
}

# expect: fail
resource "aws_dlm_lifecycle_policy" "events" {
  policy_details {
    policy_type = "EVENT_BASED_POLICY"

    action {
      name = "copy"

      cross_region_copy {
        target = "us-west-2"

        encryption_configuration {}
      }
    }
  }
}

# expect: fail
resource "aws_emr_security_configuration" "objects_only" {
  configuration = jsonencode({
    EncryptionConfiguration = {
      EnableInTransitEncryption = true
      EnableAtRestEncryption    = true
      AtRestEncryptionConfiguration = {
        S3EncryptionConfiguration = { EncryptionMode = "SSE-S3" }
      }
    }
  })
}

# expect: fail
resource "aws_glue_job" "left_out" {
  name     = "reports"
  role_arn = "arn:aws:iam::111122223333:role/reports"
}

# expect: fail
resource "aws_glue_crawler" "left_out" {
  name = "reports"
  role = "reports"
}

variable "key" {
  type = string
}

# expect: unknown
resource "aws_sns_topic" "unknown_key" {
  kms_master_key_id = var.key
}

# expect: fail
resource "aws_eks_cluster" "without_key" {
  encryption_config {
    resources = ["secrets"]
  }
}

# expect: unknown
resource "aws_ebs_volume" "of_a_snapshot" {
  availability_zone = "us-east-1a"
  snapshot_id       = "snap-0123456789abcdef0"
}

# expect: fail
resource "aws_ebs_volume" "of_a_snapshot_in_the_clear" {
  availability_zone = "us-east-1a"
  snapshot_id       = "snap-0123456789abcdef0"
  encrypted         = false
}
