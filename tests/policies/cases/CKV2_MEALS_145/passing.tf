resource "aws_kms_key" "own" {
  enable_key_rotation = true
}

resource "aws_msk_cluster" "stream" {
  cluster_name = "stream"

  encryption_info {
    encryption_at_rest_kms_key_arn = aws_kms_key.own.arn

    encryption_in_transit {
      client_broker = "TLS"
    }
  }
}
