variable "key" {
  type = string
}

# expect: fail
resource "aws_cloudtrail" "plain" {
  name = "plain"
}

# expect: fail
resource "aws_ecr_repository" "default" {
  name = "default"
}

# expect: fail
resource "aws_ecr_repository" "managed" {
  name = "managed"

  encryption_configuration {
    encryption_type = "KMS"
  }
}

# expect: fail
resource "aws_pipes_pipe" "plain" {
  name = "plain"
}

# expect: fail
resource "aws_fsx_windows_file_system" "managed" {
  kms_key_id = "alias/aws/fsx"
}

resource "aws_scheduler_schedule" "unknown" {
  name        = "unknown"
  kms_key_arn = var.key
}
