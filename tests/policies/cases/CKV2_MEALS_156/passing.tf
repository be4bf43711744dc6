resource "aws_kms_key" "own" {
  enable_key_rotation = true
}

resource "aws_redshift_cluster" "good" {
  encrypted = true
  kms_key_id = aws_kms_key.own.arn
}

resource "aws_redshift_cluster" "as_text" {
  encrypted = "true"
  kms_key_id = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
}

resource "aws_redshiftserverless_namespace" "reporting" {
  namespace_name = "reporting"
  kms_key_id     = aws_kms_key.own.arn
}

resource "aws_redshift_snapshot_copy_grant" "reporting" {
  snapshot_copy_grant_name = "reporting"
  kms_key_id               = aws_kms_key.own.arn
}
