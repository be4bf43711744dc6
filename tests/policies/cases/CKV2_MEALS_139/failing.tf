variable "enabled" {
  type = bool
}

# expect: fail
resource "aws_elasticsearch_domain" "menu" {
  domain_name = "menu"
}

# expect: fail
resource "aws_ecs_task_definition" "menu" {
  family = "menu"

  volume {
    name = "images"
    efs_volume_configuration {
      file_system_id = "fs-1"
    }
  }
}

# expect: fail
resource "aws_emr_security_configuration" "reporting" {
  configuration = <<EOF
{
  "EncryptionConfiguration": {
    "EnableInTransitEncryption": false
  }
}
EOF
}

# expect: unknown
resource "aws_emr_security_configuration" "not_json" {
  configuration = "{"
}

# expect: fail
resource "aws_appsync_api_cache" "menu" {
  api_id = "api"
}

# expect: fail
resource "aws_transfer_server" "reports" {
  protocols = ["SFTP", "FTP"]
}

# expect: fail
resource "aws_ses_configuration_set" "mail" {
  name = "mail"
}

# expect: unknown
resource "aws_opensearch_domain" "unknown" {
  domain_name = "menu"

  node_to_node_encryption {
    enabled = var.enabled
  }
}

# expect: fail
resource "aws_glue_connection" "left_out" {
  name = "left-out"

  connection_properties = {
    JDBC_CONNECTION_URL = "jdbc:postgresql://db.example/orders"
  }
}

# expect: fail
resource "aws_glue_connection" "off" {
  name            = "off"
  connection_type = "KAFKA"

  connection_properties = {
    KAFKA_BOOTSTRAP_SERVERS = "broker.example:9092"
    KAFKA_SSL_ENABLED       = "false"
  }
}

# expect: fail
resource "aws_datasync_location_efs" "left_out" {
  efs_file_system_arn = "arn:aws:elasticfilesystem:us-east-1:111122223333:file-system/fs-1"
}

# expect: fail
resource "aws_ses_receipt_rule" "left_out" {
  name          = "left-out"
  rule_set_name = "all"
}

# expect: fail
resource "aws_vpclattice_listener" "plain" {
  name     = "plain"
  protocol = "HTTP"
}

# expect: fail
resource "aws_vpclattice_target_group" "plain" {
  name = "plain"
  type = "INSTANCE"

  config {
    protocol = "HTTP"
  }
}

# expect: fail
resource "aws_quicksight_data_source" "off" {
  data_source_id = "off"

  ssl_properties {
    disable_ssl = true
  }
}

# expect: fail
resource "aws_codebuild_project" "insecure" {
  name = "insecure"

  source {
    type         = "GITHUB_ENTERPRISE"
    insecure_ssl = true
  }
}

# expect: fail
resource "aws_verifiedaccess_endpoint" "plain" {
  load_balancer_options {
    port     = 80
    protocol = "http"
  }
}

# expect: fail
resource "aws_chime_voice_connector" "plain" {
  name               = "plain"
  require_encryption = false
}

# expect: fail
resource "aws_sagemaker_data_quality_job_definition" "plain" {
  name = "plain"
}
