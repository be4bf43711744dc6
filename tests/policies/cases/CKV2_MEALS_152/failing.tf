variable "option" {
  type = string
}

# expect: fail
resource "aws_athena_workgroup" "default" {
  name = "default"
}

# expect: fail
resource "aws_athena_workgroup" "without_encryption" {
  name = "without-encryption"

  configuration {
    result_configuration {
      output_location = "s3://results/"
    }
  }
}

# expect: fail
resource "aws_athena_workgroup" "of_s3" {
  name = "of-s3"

  configuration {
    result_configuration {
      encryption_configuration {
        encryption_option = "SSE_S3"
      }
    }
  }
}

# expect: fail
resource "aws_athena_workgroup" "not_enforced" {
  name = "not-enforced"

  configuration {
    enforce_workgroup_configuration = false

    result_configuration {
      encryption_configuration {
        encryption_option = "SSE_KMS"
        kms_key_arn       = "alias/own"
      }
    }
  }
}

# expect: unknown
resource "aws_athena_workgroup" "unknown" {
  name = "unknown"

  configuration {
    result_configuration {
      encryption_configuration {
        encryption_option = var.option
        kms_key_arn       = "alias/own"
      }
    }
  }
}

# expect: fail
resource "aws_athena_database" "plain" {
  name   = "plain"
  bucket = "results"
}
