resource "aws_kms_key" "own" {
  enable_key_rotation = true
}

resource "aws_kinesis_stream" "orders" {
  name            = "orders"
  encryption_type = "KMS"
  kms_key_id      = aws_kms_key.own.arn
}
