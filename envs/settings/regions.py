"""The regions an environment can live in and their availability zones, as a new AWS account sees them.

Source: AWS Global Infrastructure, "Regions and Availability Zones", and EC2 ``describe-availability-zones``.
Zone names are per account, zone ids are not; a zone that AWS no longer gives to new accounts is left out.

All are of the partition `aws`. AWS GovCloud (US) and China need more than another name of a region: user pools have
other hosts in the one and do not exist in the other (AWS GovCloud user guide, "Amazon Cognito"; Amazon Cognito guide,
"Supported Regions").
"""

from __future__ import annotations

from typing import Literal, get_args

Region = Literal[
    "ap-northeast-1",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-2",
]

_ZONE_LETTERS: dict[Region, str] = {
    "ap-northeast-1": "acd",
    "ap-south-1": "abc",
    "ap-southeast-1": "abc",
    "ap-southeast-2": "abc",
    "ca-central-1": "abd",
    "eu-central-1": "abc",
    "eu-north-1": "abc",
    "eu-west-1": "abc",
    "eu-west-2": "abc",
    "eu-west-3": "abc",
    "sa-east-1": "abc",
    "us-east-1": "abcdef",
    "us-east-2": "abc",
    "us-west-2": "abcd",
}

REGIONS: tuple[Region, ...] = get_args(Region)


_PARTITIONS = (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"))
_GLOBAL_REGIONS = {"aws": "us-east-1", "aws-cn": "cn-northwest-1", "aws-us-gov": "us-gov-west-1"}


def partition_of(region: str) -> str:
    """The partition of a region, which every ARN there begins with (AWS General Reference, "Amazon Resource Names")."""
    return next((partition for prefix, partition in _PARTITIONS if region.startswith(prefix)), "aws")


def global_region(region: str) -> str:
    """Where IAM and Route 53 of a region's partition say that requests are made (AWS global condition context keys,
    `aws:RequestedRegion`; AWS General Reference, "Service endpoints", credential scope). Route 53 takes the signing key
    and the query log of a public zone from there only (Route 53 developer guide, "Working with customer managed keys
    for DNSSEC" and "Public DNS query logging")."""
    return _GLOBAL_REGIONS[partition_of(region)]


def zones_of(region: Region) -> tuple[str, ...]:
    """The availability zones of a region, in the order of their letters."""
    return tuple(region + letter for letter in _ZONE_LETTERS[region])
