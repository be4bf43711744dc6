"""How bad a finding of a built-in rule is. checkov knows that only from its vendor's platform, and we are offline.

Rated are the rules about what this architecture is built for, and those that it suppresses: open to the internet or to
everyone is critical, unencrypted or unauthenticated is high, encrypted with a key of AWS or not logged is medium,
housekeeping is low. The rating of AWS Security Hub's control for the same thing was followed where there is one. Every
other built-in rule has the severity of what checkov says that it is about, its category.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cli.core.gate.model import Severity

_RATED: Final[Mapping[Severity, tuple[str, ...]]] = {
    "critical": (
        "CKV_AWS_1",  # IAM policy with full administrative privileges
        "CKV_AWS_17",  # RDS database publicly accessible
        "CKV_AWS_20",  # S3 ACL allows public READ
        "CKV_AWS_24",  # security group open to the world on 22
        "CKV_AWS_25",  # ... on 3389
        "CKV_AWS_57",  # S3 ACL allows public WRITE
        "CKV_AWS_62",  # ... in another form
        "CKV_AWS_63",  # IAM policy document that allows every action
        "CKV_AWS_69",  # MQ broker publicly accessible
        "CKV_AWS_70",  # S3 bucket policy for any principal
        "CKV_AWS_260",  # security group open to the world on 80
        "CKV_AWS_277",  # ... on every port
        "CKV_AWS_33",  # KMS key policy with a wildcard principal
        "CKV_AWS_169",  # SNS topic policy for any principal
        "CKV_AWS_168",  # SQS queue policy for any principal
    ),
    "high": (
        "CKV_AWS_2",  # load balancer protocol HTTPS
        "CKV_AWS_3",  # EBS encrypted
        "CKV_AWS_8",  # launch configuration EBS encrypted
        "CKV_AWS_53",  # S3 public access block, its four settings
        "CKV_AWS_54",
        "CKV_AWS_55",
        "CKV_AWS_56",
        "CKV_AWS_79",  # IMDSv1
        "CKV_AWS_81",  # MSK in transit and at rest
        "CKV_AWS_88",  # EC2 public address
        "CKV_AWS_103",  # TLS 1.2 at the load balancer
        "CKV_AWS_130",  # subnet assigns public addresses
        "CKV_AWS_131",  # ALB drops invalid headers
        "CKV_AWS_174",  # CloudFront TLS
        "CKV_AWS_240",  # Firehose encrypted
        "CKV_AWS_291",  # MSK nodes private
        "CKV_AWS_378",  # target group protocol
        "CKV_AWS_382",  # security group egress to everywhere
        "CKV2_AWS_6",  # S3 public access block
        "CKV2_AWS_12",  # default security group
        "CKV2_AWS_20",  # ALB redirects HTTP
    ),
    "medium": (
        "CKV_AWS_26",  # SNS encrypted
        "CKV_AWS_27",  # SQS encrypted
        "CKV_AWS_119",  # DynamoDB customer key
        "CKV_AWS_145",  # S3 KMS
        "CKV_AWS_149",  # Secrets Manager customer key
        "CKV_AWS_158",  # log group customer key
        "CKV_AWS_209",  # MQ customer key
        "CKV_AWS_241",  # Firehose customer key
        "CKV_AWS_28",  # DynamoDB point-in-time recovery
        "CKV_AWS_7",  # KMS rotation
        "CKV_AWS_91",  # load balancer access logs
        "CKV_AWS_18",  # S3 access logs
        "CKV_AWS_48",  # MQ logs
        "CKV_AWS_80",  # MSK logs
        "CKV2_AWS_11",  # VPC flow logs
        "CKV2_AWS_28",  # WAF in front of a public ALB
    ),
    "low": (
        "CKV2_AWS_1",  # network ACL attached to subnets
        "CKV_AWS_21",  # S3 versioning
        "CKV_AWS_23",  # descriptions of security group rules
        "CKV_AWS_144",  # S3 replication across regions
        "CKV_AWS_150",  # load balancer deletion protection
        "CKV_AWS_338",  # log retention of a year
        "CKV2_AWS_5",  # security group attached
        "CKV2_AWS_57",  # secret rotation
        "CKV2_AWS_61",  # S3 lifecycle
        "CKV2_AWS_62",  # S3 event notifications
    ),
}

_SEVERITIES = {rule: severity for severity, rules in _RATED.items() for rule in rules}

CATEGORIES: Final[Mapping[str, Severity]] = {
    "SECRETS": "high",
    "API_SECURITY": "medium",
    "APPLICATION_SECURITY": "medium",
    "ENCRYPTION": "medium",
    "IAM": "medium",
    "KUBERNETES": "medium",
    "NETWORKING": "medium",
    "AI_AND_ML": "low",
    "BACKUP_AND_RECOVERY": "low",
    "CONVENTION": "low",
    "GENERAL_SECURITY": "low",
    "LOGGING": "low",
    "SUPPLY_CHAIN": "low",
}
"""The severity of rules that are not rated one by one, by checkov's category."""


def severity(rule: str, category: str) -> Severity:
    """The severity of a built-in rule; `unrated` if nothing says what it is about."""
    return _SEVERITIES.get(rule) or CATEGORIES.get(category, "unrated")
