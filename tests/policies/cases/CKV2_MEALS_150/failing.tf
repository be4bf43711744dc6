variable "key" {
  type = string
}

data "aws_kms_alias" "managed" {
  name = "alias/aws/secretsmanager"
}

data "aws_kms_key" "managed" {
  key_id = "alias/aws/secretsmanager"
}

# expect: fail
resource "aws_secretsmanager_secret" "without" {
}

# expect: fail
resource "aws_secretsmanager_secret" "empty" {
  kms_key_id = null
}

# expect: fail
resource "aws_secretsmanager_secret" "managed" {
  kms_key_id = "alias/aws/secretsmanager"
}

# expect: fail
resource "aws_secretsmanager_secret" "managed_arn" {
  kms_key_id = "arn:aws:kms:us-east-1:111122223333:alias/aws/secretsmanager"
}

# expect: fail
resource "aws_secretsmanager_secret" "managed_alias" {
  kms_key_id = data.aws_kms_alias.managed.target_key_arn
}

# expect: fail
resource "aws_secretsmanager_secret" "managed_key" {
  kms_key_id = data.aws_kms_key.managed.arn
}

# expect: unknown
resource "aws_secretsmanager_secret" "unknown" {
  kms_key_id = var.key
}

resource "aws_secretsmanager_secret" "good" {
  kms_key_id = "1234abcd-12ab-34cd-56ef-1234567890ab"
}

# expect: fail
resource "aws_secretsmanager_secret" "replicated" {
  kms_key_id = "alias/own"

  replica {
    region     = "us-west-2"
    kms_key_id = "alias/own"
  }

  replica {
    region = "us-east-2"
  }
}

# expect: fail
resource "aws_ssm_parameter" "managed" {
  name = "managed"
  type = "SecureString"
}
