variable "key" {
  type = string
}

# expect: fail
resource "aws_redshift_cluster" "default" {
  description = "default"
}

# expect: fail
resource "aws_redshift_cluster" "managed" {
  encrypted = true
}

# expect: fail
resource "aws_redshift_cluster" "off" {
  encrypted = false
  kms_key_id = "alias/own"
}

# expect: unknown
resource "aws_redshift_cluster" "unknown" {
  encrypted = true
  kms_key_id = var.key
}

# expect: fail
resource "aws_redshiftserverless_namespace" "managed" {
  namespace_name = "managed"
}
