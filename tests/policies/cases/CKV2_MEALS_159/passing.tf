resource "aws_kms_key" "own" {
  enable_key_rotation = true
}

resource "aws_cloudtrail" "account" {
  name       = "account"
  kms_key_id = aws_kms_key.own.arn
}

resource "aws_ecr_repository" "servers" {
  name = "servers"

  encryption_configuration {
    encryption_type = "KMS"
    kms_key         = aws_kms_key.own.arn
  }
}

resource "aws_pipes_pipe" "requests" {
  name               = "requests"
  kms_key_identifier = aws_kms_key.own.arn
}

resource "aws_scheduler_schedule" "export" {
  name        = "export"
  kms_key_arn = aws_kms_key.own.arn
}
