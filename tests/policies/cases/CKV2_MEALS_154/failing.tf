variable "key" {
  type = string
}

# expect: fail
resource "aws_efs_file_system" "default" {
  description = "default"
}

# expect: fail
resource "aws_efs_file_system" "managed" {
  encrypted = true
}

# expect: fail
resource "aws_efs_file_system" "off" {
  encrypted = false
  kms_key_id = "alias/own"
}

# expect: unknown
resource "aws_efs_file_system" "unknown" {
  encrypted = true
  kms_key_id = var.key
}
