resource "aws_kms_key" "own" {
  enable_key_rotation = true
}

resource "aws_kms_alias" "own" {
  name          = "alias/own"
  target_key_id = aws_kms_key.own.key_id
}

data "aws_kms_alias" "shared" {
  name = "alias/shared"
}

variable "key" {
  default = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
}

locals {
  key = aws_kms_key.own.arn
}

resource "aws_secretsmanager_secret" "of_key" {
  kms_key_id = aws_kms_key.own.arn
}

resource "aws_secretsmanager_secret" "of_alias" {
  kms_key_id = aws_kms_alias.own.arn
}

resource "aws_secretsmanager_secret" "of_found_alias" {
  kms_key_id = data.aws_kms_alias.shared.target_key_arn
}

resource "aws_secretsmanager_secret" "of_variable" {
  kms_key_id = var.key
}

resource "aws_secretsmanager_secret" "of_local" {
  kms_key_id = local.key
}

resource "aws_secretsmanager_secret" "of_literal" {
  kms_key_id = "alias/awsome"
}

resource "aws_secretsmanager_secret" "of_elsewhere" {
  kms_key_id = aws_kms_key.elsewhere.arn
}

resource "aws_secretsmanager_secret" "replicated" {
  kms_key_id = aws_kms_key.own.arn

  replica {
    region     = "us-west-2"
    kms_key_id = "alias/own"
  }
}

resource "aws_ssm_parameter" "encrypted" {
  name   = "encrypted"
  type   = "SecureString"
  key_id = aws_kms_key.own.arn
}

resource "aws_ssm_parameter" "plain" {
  name = "plain"
  type = "String"
}
