"""Terraform that shows what a claim allows and what it does not: parts of a system by the names that cdktf gives them.

Each function returns the HCL of one part; a rule's examples are a few of them in a row. No account's number stands in
them, so that they mean the same in a plan, which does not say whose account it is.
"""

from __future__ import annotations

ROLES = {
    "core": "servers_core-server_instance-profile_role_C1332D9E",
    "pipes": "streaming_notification-requests_role_53E484A5",
    "plan": "delivery_plan-role_6E2A39B3",
    "apply": "delivery_apply-role_68455599",
}
TABLE = """\
resource "aws_dynamodb_table" "event-store_table_2469BF2C" {
  name = "meals-event-store"
}
"""
BACKUPS = """\
resource "aws_s3_bucket" "event-store_backup-bucket_FD1CF124" {
  bucket = "meals-event-store-backups"
}
"""
IMAGES = """\
resource "aws_s3_bucket" "storage_images_bucket_6AFFA072" {
  bucket = "meals-images"
}
"""
STATE = """\
resource "aws_s3_bucket" "state_bucket_60417CC9" {
  bucket = "meals-state"
}
"""
TOPIC = """\
resource "aws_sns_topic" "notifications_meal-ready_D7A83994" {
  name = "meals-meal-ready"
}
resource "aws_sns_topic_policy" "notifications_meal-ready_policy_5AF4F6B8" {
  arn = aws_sns_topic.notifications_meal-ready_D7A83994.arn
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = "Tls", Effect = "Deny", Principal = "*", Action = "sns:Publish", Resource = "*",
      Condition = { Bool = { "aws:SecureTransport" = "false" } } }]
  })
}
"""
MESSAGING_KEY = """\
resource "aws_kms_key" "keys_messaging_key_1BF505FB" {
  description = "Messages"
}
"""
SECRET = """\
resource "aws_secretsmanager_secret" "state_secret-datadog-api-key_885A9342" {
  name = "meals/datadog"
}
"""
BOOTSTRAP = (
    STATE
    + SECRET
    + """\
resource "aws_s3_bucket" "state_artifacts_bucket_5D0F5508" {
  bucket = "meals-artifacts"
}
resource "aws_s3_bucket" "state_access-logs_bucket_8C81354E" {
  bucket = "meals-access-logs"
}
resource "aws_secretsmanager_secret" "state_secret-broker-user_B0890E6C" {
  name = "meals/broker"
}
resource "aws_kms_key" "state_state-key_F50AAD5A" {
  description = "State"
}
resource "aws_kms_key" "state_secrets-key_66EE20B3" {
  description = "Secrets"
}
resource "aws_kms_key" "state_artifacts-key_593C10A0" {
  description = "Artifacts"
}
"""
)
"""What the bootstrap stack has beside its roles."""


def role(name: str, service: str = "ec2.amazonaws.com") -> str:
    """A role that a service assumes."""
    return f"""\
resource "aws_iam_role" "{ROLES[name]}" {{
  name = "meals-{name}"
  assume_role_policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ Service = "{service}" }} }}]
  }})
}}
"""


def allowing(name: str, action: str, resource: str) -> str:
    """The policy of a role."""
    return f"""\
resource "aws_iam_role_policy" "{name}" {{
  role = aws_iam_role.{ROLES[name]}.name
  policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{ Sid = "Example", Effect = "Allow", Action = "{action}", Resource = "{resource}" }}]
  }})
}}
"""


def public(bucket: str, action: str, effect: str = "Allow") -> str:
    """The policy of a bucket with a statement about everybody."""
    return f"""\
resource "aws_s3_bucket_policy" "example" {{
  bucket = aws_s3_bucket.{bucket}.id
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [
      {{ Effect = "{effect}", Action = "{action}", Principal = "*", Resource = "arn:aws:s3:::meals-*" }}
    ]
  }})
}}
"""
