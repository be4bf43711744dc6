resource "aws_kms_key" "rotating" {
  enable_key_rotation = true
}

resource "aws_kms_key" "as_text" {
  enable_key_rotation      = "true"
  customer_master_key_spec = "SYMMETRIC_DEFAULT"
}

resource "aws_kms_key" "asymmetric" {
  customer_master_key_spec = "ECC_NIST_P256"
  key_usage                = "SIGN_VERIFY"
}

resource "aws_kms_key" "for_signatures" {
  key_usage = "SIGN_VERIFY"
}

resource "aws_kms_key" "of_store" {
  custom_key_store_id = "cks-1234567890abcdef0"
}

resource "aws_kms_key" "several" {
  for_each            = toset(["a", "b"])
  enable_key_rotation = each.key != "c"
}

resource "aws_kms_key" "disabled" {
  is_enabled = false
}
