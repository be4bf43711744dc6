resource "aws_kms_key" "own" {
  enable_key_rotation = true
}

resource "aws_kinesis_firehose_delivery_stream" "direct" {
  name        = "direct"
  destination = "extended_s3"

  server_side_encryption {
    enabled  = true
    key_type = "CUSTOMER_MANAGED_CMK"
    key_arn  = aws_kms_key.own.arn
  }
}

resource "aws_kinesis_firehose_delivery_stream" "of_kafka" {
  name        = "of-kafka"
  destination = "extended_s3"

  msk_source_configuration {
    msk_cluster_arn = "arn:aws:kafka:us-east-1:111122223333:cluster/stream/1"
    topic_name      = "orders"
  }
}

resource "aws_kinesis_firehose_delivery_stream" "of_kinesis" {
  name        = "of-kinesis"
  destination = "extended_s3"

  kinesis_source_configuration {
    kinesis_stream_arn = "arn:aws:kinesis:us-east-1:111122223333:stream/orders"
  }
}
