variable "key" {
  type = string
}

# expect: fail
resource "aws_kinesis_firehose_delivery_stream" "default" {
  name        = "default"
  destination = "extended_s3"
}

# expect: fail
resource "aws_kinesis_firehose_delivery_stream" "owned" {
  name        = "owned"
  destination = "extended_s3"

  server_side_encryption {
    enabled = true
  }
}

# expect: fail
resource "aws_kinesis_firehose_delivery_stream" "without_key" {
  name        = "without-key"
  destination = "extended_s3"

  server_side_encryption {
    enabled  = true
    key_type = "CUSTOMER_MANAGED_CMK"
  }
}

# expect: fail
resource "aws_kinesis_firehose_delivery_stream" "off" {
  name        = "off"
  destination = "extended_s3"

  server_side_encryption {
    enabled  = false
    key_type = "CUSTOMER_MANAGED_CMK"
    key_arn  = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  }
}

# expect: unknown
resource "aws_kinesis_firehose_delivery_stream" "unknown" {
  name        = "unknown"
  destination = "extended_s3"

  server_side_encryption {
    enabled  = true
    key_type = "CUSTOMER_MANAGED_CMK"
    key_arn  = var.key
  }
}
