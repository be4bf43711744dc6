"""What `infra plan` asks an account before it plans, beside what planning reads anyway.

How much the account may have, what AWS offers in it, and how many instances and topics it has; nothing that is in them.
"""

from envs.settings.regions import global_region
from modules.common.policy import Statement

ASKED = (
    "ec2:DescribeAvailabilityZones",
    "ec2:DescribeInstanceTypeOfferings",
    "ec2:DescribeInstanceTypes",
    "ec2:DescribeInstances",
    "kafka:ListKafkaVersions",
    "mq:DescribeBrokerInstanceOptions",
    "route53:GetDNSSEC",
    "route53:ListHostedZones",
    "servicequotas:GetAWSDefaultServiceQuota",
    "servicequotas:GetServiceQuota",
    "sms-voice:DescribeSpendLimits",
    "sns:ListTopics",
)
"""Reads that AWS limits to no resource that the environment could name."""


def preconditions_statement(region: str) -> Statement:
    """Return what both roles ask for, in the environment's region and, of Route 53, in its own."""
    return Statement(
        sid="AskPreconditions",
        actions=ASKED,
        resources=["*"],
        conditions={"StringEquals": {"aws:RequestedRegion": sorted({region, global_region(region)})}},
    )
