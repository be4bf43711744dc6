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
