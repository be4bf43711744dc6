variable "key" {
  type = string
}

data "aws_kms_alias" "managed" {
  name = "alias/aws/logs"
}

data "aws_kms_key" "managed" {
  key_id = "alias/aws/logs"
}

# expect: fail
resource "aws_cloudwatch_log_group" "without" {
}

# expect: fail
resource "aws_cloudwatch_log_group" "empty" {
  kms_key_id = null
}

# expect: fail
resource "aws_cloudwatch_log_group" "managed" {
  kms_key_id = "alias/aws/logs"
}

# expect: fail
resource "aws_cloudwatch_log_group" "managed_arn" {
  kms_key_id = "arn:aws:kms:us-east-1:111122223333:alias/aws/logs"
}

# expect: fail
resource "aws_cloudwatch_log_group" "managed_alias" {
  kms_key_id = data.aws_kms_alias.managed.target_key_arn
}

# expect: fail
resource "aws_cloudwatch_log_group" "managed_key" {
  kms_key_id = data.aws_kms_key.managed.arn
}

# expect: unknown
resource "aws_cloudwatch_log_group" "unknown" {
  kms_key_id = var.key
}

resource "aws_cloudwatch_log_group" "good" {
  kms_key_id = "1234abcd-12ab-34cd-56ef-1234567890ab"
}
