"""Value types shared by the parts: each is a string or number with a spelling that AWS or the internet
prescribes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

VALUE_ERROR = "settings_value"
"""Pydantic error type of a value with a wrong spelling; its context holds ``allowed`` and ``hint``."""


NOT_ON_THE_INTERNET = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "224.0.0.0/3",
    )
)
"""IANA IPv4 Special-Purpose Address Registry: this host, private use, shared, loopback, link local, multicast
and reserved. The blocks for documentation are left out, so that examples can use them."""


def reject(allowed: str, hint: str = "") -> PydanticCustomError:
    """The error for a value that is none of ``allowed``; ``hint`` says how to put it right."""
    return PydanticCustomError(VALUE_ERROR, "allowed: {allowed}", {"allowed": allowed, "hint": hint})


@dataclass(frozen=True)
class Spelling:
    """Annotation of a string that must match ``pattern`` as a whole; ``allowed`` says the same in words."""

    pattern: str
    allowed: str
    hidden: bool = False
    """Whether errors hide a wrong value, because it may be a secret in the wrong place."""

    def check(self, value: str) -> str:
        if not re.fullmatch(self.pattern, value, re.ASCII):
            raise reject(self.allowed)
        return value

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "pattern": f"^(?:{self.pattern})$"}


def _account_id(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        raise reject(
            'an AWS account id: twelve digits in quotes, such as "111111111111"',
            "Put it in quotes: as a number it loses leading zeros.",
        )
    return value


def _cidr(value: str) -> str:
    try:
        network = IPv4Network(value)
    except ValueError:
        try:
            corrected = str(IPv4Network(value, strict=False))
        except ValueError:
            raise reject("an IPv4 CIDR block, such as 10.0.0.0/16") from None
        raise reject(
            "an IPv4 CIDR block whose host bits are zero",
            f"The block that holds this address is {corrected}.",
        ) from None
    if str(network) != value:
        raise reject("an IPv4 CIDR block as address/prefix length", f"Write it as {network}.")
    return value


_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = rf"(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])"
_DOMAIN = r"(?=.{4,253}$)" + _HOST

AwsAccountId = Annotated[
    str,
    Spelling(r"\d{12}", 'an AWS account id: twelve digits in quotes, such as "111111111111"'),
    BeforeValidator(_account_id),
]
AvailabilityZone = Annotated[
    str, Spelling(r"[a-z]{2}(-[a-z]+)+-\d[a-z]", "the name of an availability zone, such as us-east-1a")
]
BucketName = Annotated[
    str,
    Spelling(
        r"(?!xn--)(?!.*-s3alias$)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]",
        "an S3 bucket name of 3 to 63 lower-case letters, digits and hyphens, starting and ending with a "
        "letter or digit",
    ),
]
Cidr = Annotated[
    str,
    Spelling(r"(\d{1,3}\.){3}\d{1,3}/\d{1,2}", "an IPv4 CIDR block, such as 10.0.0.0/16"),
    AfterValidator(_cidr),
]
DomainName = Annotated[
    str, Spelling(_DOMAIN, "a domain name in lower case without a final dot, such as dev.meals.example")
]
DomainPattern = Annotated[
    str,
    Spelling(
        rf"(\*\.)?{_DOMAIN}",
        "a domain name in lower case without a final dot, such as api.payments.example, or "
        "*.payments.example for all names below it",
    ),
]
DsDigest = Annotated[
    str, Spelling(r"[0-9A-Fa-f]{64}", "a SHA-256 digest in quotes: 64 hexadecimal digits, the last part of a DS record")
]
EmailAddress = Annotated[
    str,
    Spelling(
        rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_HOST}",
        "an e-mail address, such as kitchen@meals.example",
    ),
]
EnvironmentName = Annotated[
    str,
    Spelling(
        # A stack named <environment>-bootstrap stands beside each environment's own; company.yaml is no environment.
        r"(?!.*-bootstrap$)(?!company$)[a-z][a-z0-9-]{0,14}[a-z0-9]",
        "a name of 2 to 16 lower-case letters, digits and hyphens that starts with a letter and does not end in "
        "-bootstrap, and is not company",
    ),
]
HttpsUrl = Annotated[
    str,
    Spelling(
        rf"https://{_HOST}(:443)?(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?",
        "a URL that starts with https://, on port 443, without user name, query and fragment",
    ),
]
ImportId = Annotated[
    str,
    Spelling(
        r"[!-~](?:[ -~]{0,2046}[!-~])?", "the id by which terraform imports the resource, such as a bucket's name"
    ),
]
InstanceType = Annotated[
    str, Spelling(r"[a-z]+\d+[a-z]*(-[a-z0-9]+)*\.[a-z0-9-]+", "an EC2 instance type, such as t4g.medium")
]
Port = Annotated[int, Field(ge=1024, le=32767)]
"""A TCP port that needs no privilege and is below Linux's ephemeral ports."""
Percentage = Annotated[int, Field(ge=1, le=100)]
Path = Annotated[str, Spelling(r"/[A-Za-z0-9._~!$&'()+,;=:@%/-]*", "a URL path that starts with /, such as /health")]
PathPattern = Annotated[
    str,
    Spelling(
        r"/[A-Za-z0-9._~$&'@:+/*?-]{0,127}",
        "a path pattern of a listener rule: / and up to 127 characters, * for any characters, ? for one, "
        "such as /account*",
    ),
]
PrincipalArn = Annotated[
    str,
    Spelling(
        r"arn:aws:iam::\d{12}:(root|(role|user)/[A-Za-z0-9+=,.@_/-]{1,512})",
        "the ARN of an IAM principal, such as arn:aws:iam::444444444444:role/tableau",
    ),
]
ProjectName = Annotated[
    str,
    Spelling(
        r"[a-z][a-z0-9-]{0,14}[a-z0-9]",
        "a name of 2 to 16 lower-case letters, digits and hyphens that starts with a letter",
    ),
]
ResourceName = Annotated[
    str,
    Spelling(
        r"[A-Za-z0-9_-]+([./][A-Za-z0-9_.-]+)+",
        "a construct path, such as storage/images/bucket, or a resource's address",
    ),
]
ScheduleExpression = Annotated[
    str,
    Spelling(
        r"cron\([0-9A-Z*?,/L#W-]+( [0-9A-Z*?,/L#W-]+){5}\)",
        "a cron expression of AWS with six fields, in UTC, such as cron(0 5 * * ? *)",
    ),
]
SecretName = Annotated[
    str,
    Spelling(
        r"[A-Za-z0-9/_+=.@-]{1,512}",
        "the name of a secret in AWS Secrets Manager, such as meals/dev/broker (never its value)",
        hidden=True,
    ),
]
SlugName = Annotated[
    str,
    Spelling(
        r"[a-z][a-z0-9]*(-[a-z0-9]+)*",
        "a name of lower-case letters, digits and single hyphens that starts with a letter",
    ),
]
LogRetentionDays = Literal[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
]
