resource "aws_kms_key" "own" {
  enable_key_rotation = true
}

resource "aws_athena_workgroup" "reporting" {
  name = "reporting"

  configuration {
    enforce_workgroup_configuration = true

    result_configuration {
      output_location = "s3://results/"

      encryption_configuration {
        encryption_option = "SSE_KMS"
        kms_key_arn       = aws_kms_key.own.arn
      }
    }
  }
}

resource "aws_athena_database" "reporting" {
  name   = "reporting"
  bucket = "results"

  encryption_configuration {
    encryption_option = "CSE_KMS"
    kms_key           = aws_kms_key.own.arn
  }
}
