variable "key" {
  type = string
}

# expect: fail
resource "aws_mq_broker" "default" {
  broker_name = "default"
}

# expect: fail
resource "aws_mq_broker" "owned" {
  broker_name = "owned"

  encryption_options {
    use_aws_owned_key = true
  }
}

# expect: fail
resource "aws_mq_broker" "managed" {
  broker_name = "managed"

  encryption_options {
    use_aws_owned_key = false
  }
}

# expect: unknown
resource "aws_mq_broker" "unknown" {
  broker_name = "unknown"

  encryption_options {
    use_aws_owned_key = false
    kms_key_id        = var.key
  }
}
