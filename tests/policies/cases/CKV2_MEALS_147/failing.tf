variable "key" {
  type = string
}

data "aws_kms_alias" "managed" {
  name = "alias/aws/sqs"
}

data "aws_kms_key" "managed" {
  key_id = "alias/aws/sqs"
}

# expect: fail
resource "aws_sqs_queue" "without" {
}

# expect: fail
resource "aws_sqs_queue" "empty" {
  kms_master_key_id = null
}

# expect: fail
resource "aws_sqs_queue" "managed" {
  kms_master_key_id = "alias/aws/sqs"
}

# expect: fail
resource "aws_sqs_queue" "managed_arn" {
  kms_master_key_id = "arn:aws:kms:us-east-1:111122223333:alias/aws/sqs"
}

# expect: fail
resource "aws_sqs_queue" "managed_alias" {
  kms_master_key_id = data.aws_kms_alias.managed.target_key_arn
}

# expect: fail
resource "aws_sqs_queue" "managed_key" {
  kms_master_key_id = data.aws_kms_key.managed.arn
}

# expect: unknown
resource "aws_sqs_queue" "unknown" {
  kms_master_key_id = var.key
}

resource "aws_sqs_queue" "good" {
  kms_master_key_id = "1234abcd-12ab-34cd-56ef-1234567890ab"
}

# expect: fail
resource "aws_sqs_queue" "managed_by_sqs" {
  sqs_managed_sse_enabled = true
}
