variable "rotate" {
  type = bool
}

variable "rotate_not" {
  default = false
}

# expect: fail
resource "aws_kms_key" "default" {
  description = "default"
}

# expect: fail
resource "aws_kms_key" "off" {
  enable_key_rotation = false
}

# expect: fail
resource "aws_kms_key" "off_by_variable" {
  enable_key_rotation = var.rotate_not
}

# expect: fail
resource "aws_kms_key" "asymmetric" {
  customer_master_key_spec = "RSA_2048"
  enable_key_rotation      = true
}

# expect: unknown
resource "aws_kms_key" "unknown" {
  enable_key_rotation = var.rotate
}
