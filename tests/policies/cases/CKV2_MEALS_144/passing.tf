resource "aws_kms_key" "own" {
  enable_key_rotation = true
}

resource "aws_mq_broker" "said" {
  broker_name = "said"

  encryption_options {
    use_aws_owned_key = false
    kms_key_id        = aws_kms_key.own.arn
  }
}

resource "aws_mq_broker" "key_only" {
  broker_name = "key-only"

  encryption_options {
    kms_key_id = aws_kms_key.own.arn
  }
}
