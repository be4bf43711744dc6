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

resource "aws_backup_vault" "of_key" {
  name = "v"
  kms_key_arn = aws_kms_key.own.arn
}

resource "aws_backup_vault" "of_alias" {
  name = "v"
  kms_key_arn = aws_kms_alias.own.arn
}

resource "aws_backup_vault" "of_found_alias" {
  name = "v"
  kms_key_arn = data.aws_kms_alias.shared.target_key_arn
}

resource "aws_backup_vault" "of_variable" {
  name = "v"
  kms_key_arn = var.key
}

resource "aws_backup_vault" "of_local" {
  name = "v"
  kms_key_arn = local.key
}

resource "aws_backup_vault" "of_literal" {
  name = "v"
  kms_key_arn = "alias/awsome"
}

resource "aws_backup_vault" "of_elsewhere" {
  name = "v"
  kms_key_arn = aws_kms_key.elsewhere.arn
}
