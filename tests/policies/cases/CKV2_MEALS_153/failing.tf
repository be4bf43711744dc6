variable "key" {
  type = string
}

# expect: fail
resource "aws_kinesis_stream" "default" {
  name = "default"
}

# expect: fail
resource "aws_kinesis_stream" "managed" {
  name            = "managed"
  encryption_type = "KMS"
  kms_key_id      = "alias/aws/kinesis"
}

# expect: fail
resource "aws_kinesis_stream" "off" {
  name            = "off"
  encryption_type = "NONE"
  kms_key_id      = "alias/own"
}

# expect: unknown
resource "aws_kinesis_stream" "unknown" {
  name            = "unknown"
  encryption_type = "KMS"
  kms_key_id      = var.key
}
