variable "key" {
  type = string
}

data "aws_kms_alias" "managed" {
  name = "alias/aws/sns"
}

data "aws_kms_key" "managed" {
  key_id = "alias/aws/sns"
}

# expect: fail
resource "aws_sns_topic" "without" {
}

# expect: fail
resource "aws_sns_topic" "empty" {
  kms_master_key_id = null
}

# expect: fail
resource "aws_sns_topic" "managed" {
  kms_master_key_id = "alias/aws/sns"
}

# expect: fail
resource "aws_sns_topic" "managed_arn" {
  kms_master_key_id = "arn:aws:kms:us-east-1:111122223333:alias/aws/sns"
}

# expect: fail
resource "aws_sns_topic" "managed_alias" {
  kms_master_key_id = data.aws_kms_alias.managed.target_key_arn
}

# expect: fail
resource "aws_sns_topic" "managed_key" {
  kms_master_key_id = data.aws_kms_key.managed.arn
}

# expect: unknown
resource "aws_sns_topic" "unknown" {
  kms_master_key_id = var.key
}

resource "aws_sns_topic" "good" {
  kms_master_key_id = "1234abcd-12ab-34cd-56ef-1234567890ab"
}
