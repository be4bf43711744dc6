resource "aws_opensearch_domain" "menu" {
  domain_name = "menu"

  node_to_node_encryption {
    enabled = true
  }
}

resource "aws_ecs_task_definition" "menu" {
  family = "menu"

  volume {
    name = "images"
    efs_volume_configuration {
      file_system_id     = "fs-1"
      transit_encryption = "ENABLED"
    }
  }
  volume {
    name = "scratch"
  }
}

resource "aws_emr_security_configuration" "reporting" {
  configuration = jsonencode({
    EncryptionConfiguration = { EnableInTransitEncryption = true }
  })
}

resource "aws_appsync_api_cache" "menu" {
  api_id                     = "api"
  transit_encryption_enabled = true
}

resource "aws_transfer_server" "reports" {
  protocols = ["SFTP"]
}

resource "aws_sesv2_configuration_set" "mail" {
  configuration_set_name = "mail"

  delivery_options {
    tls_policy = "REQUIRE"
  }
}

resource "aws_emr_security_configuration" "with_key" {
  configuration = <<-JSON
    {
      "EncryptionConfiguration": {
        "EnableInTransitEncryption": "true",
        "AtRestEncryptionConfiguration": {
          "LocalDiskEncryptionConfiguration": { "AwsKmsKey": "alias/${aws_s3_bucket.keys.bucket_domain_name}" }
        }
      }
    }
  JSON
}

resource "aws_s3_bucket" "keys" {
}

resource "aws_glue_connection" "on" {
  name = "on"

  connection_properties = {
    JDBC_ENFORCE_SSL = "true"
  }
}

resource "aws_glue_connection" "network" {
  name            = "network"
  connection_type = "NETWORK"
}

resource "aws_datasync_location_efs" "on" {
  efs_file_system_arn   = "arn:aws:elasticfilesystem:us-east-1:111122223333:file-system/fs-1"
  in_transit_encryption = "TLS1_2"
}

resource "aws_ses_receipt_rule" "on" {
  name       = "on"
  tls_policy = "Require"
}

resource "aws_vpclattice_listener" "tls" {
  name     = "tls"
  protocol = "HTTPS"
}

resource "aws_vpclattice_target_group" "lambda" {
  name = "lambda"
  type = "LAMBDA"
}

resource "aws_quicksight_data_source" "on" {
  data_source_id = "on"
}

resource "aws_codebuild_project" "on" {
  name = "on"

  source {
    type = "GITHUB"
  }
}

resource "aws_verifiedaccess_endpoint" "tls" {
  load_balancer_options {
    port     = 443
    protocol = "https"
  }
}

resource "aws_chime_voice_connector" "tls" {
  name               = "tls"
  require_encryption = true
}

resource "aws_sagemaker_data_quality_job_definition" "tls" {
  network_config {
    enable_inter_container_traffic_encryption = true
  }
}
