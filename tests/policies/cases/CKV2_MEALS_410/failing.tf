resource "aws_s3_bucket" "state_bucket_60417CC9" {
  bucket = "meals-state"
}

resource "aws_secretsmanager_secret" "state_secret-datadog-api-key_885A9342" {
  name = "meals/datadog"
}

resource "aws_s3_bucket" "state_artifacts_bucket_5D0F5508" {
  bucket = "meals-artifacts"
}

resource "aws_s3_bucket" "state_access-logs_bucket_8C81354E" {
  bucket = "meals-access-logs"
}

resource "aws_secretsmanager_secret" "state_secret-broker-user_B0890E6C" {
  name = "meals/broker"
}

resource "aws_kms_key" "state_state-key_F50AAD5A" {
  description = "State"
}

resource "aws_kms_key" "state_secrets-key_66EE20B3" {
  description = "Secrets"
}

resource "aws_kms_key" "state_artifacts-key_593C10A0" {
  description = "Artifacts"
}

# expect: fail
resource "aws_iam_role" "delivery_plan-role_6E2A39B3" {
  name = "meals-plan"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}
