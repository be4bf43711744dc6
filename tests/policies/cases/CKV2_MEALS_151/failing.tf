variable "key" {
  type = string
}

data "aws_kms_alias" "managed" {
  name = "alias/aws/backup"
}

data "aws_kms_key" "managed" {
  key_id = "alias/aws/backup"
}

# expect: fail
resource "aws_backup_vault" "without" {
  name = "v"
}

# expect: fail
resource "aws_backup_vault" "empty" {
  name = "v"
  kms_key_arn = null
}

# expect: fail
resource "aws_backup_vault" "managed" {
  name = "v"
  kms_key_arn = "alias/aws/backup"
}

# expect: fail
resource "aws_backup_vault" "managed_arn" {
  name = "v"
  kms_key_arn = "arn:aws:kms:us-east-1:111122223333:alias/aws/backup"
}

# expect: fail
resource "aws_backup_vault" "managed_alias" {
  name = "v"
  kms_key_arn = data.aws_kms_alias.managed.target_key_arn
}

# expect: fail
resource "aws_backup_vault" "managed_key" {
  name = "v"
  kms_key_arn = data.aws_kms_key.managed.arn
}

# expect: unknown
resource "aws_backup_vault" "unknown" {
  name = "v"
  kms_key_arn = var.key
}

resource "aws_backup_vault" "good" {
  name = "v"
  kms_key_arn = "1234abcd-12ab-34cd-56ef-1234567890ab"
}
