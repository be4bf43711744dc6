"""Which services say for whom they act, by aws:SourceArn and aws:SourceAccount, in which calls.

AWS has no list of them. A service is here where its own guide shows the keys in a trust policy ("Cross-service confused
deputy prevention" of most), or in the policy of a resource that it calls; of all others nobody knows whether they send
them. Source of what the keys are: IAM user guide, "AWS global condition context keys", "The confused deputy problem".
"""

from __future__ import annotations

import re
from collections.abc import Mapping

ARN, ACCOUNT = "aws:sourcearn", "aws:sourceaccount"
SOURCES = (ACCOUNT, ARN, "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceowner")
"""All keys that say for whom a service acts."""

_BOTH = (ACCOUNT, ARN)
_IN_TRUST_POLICIES: Mapping[str, tuple[str, ...]] = dict.fromkeys(
    (
        "appstream",
        "appsync",
        "autoscaling",
        "batch",
        "bedrock",
        "bedrock-agentcore",
        "cloudformation",
        "codebuild",
        "cognito-idp",
        "ecs-tasks",
        "elasticmapreduce",
        "events",
        "export.rds",
        "glue",
        "iot",
        "kafkaconnect",
        "logs",
        "monitoring.rds",
        "personalize",
        "pipes",
        "sagemaker",
        "scheduler",
        "ssm",
        "states",
        "transfer",
        "vpc-flow-logs",
    ),
    _BOTH,
)
"""When they take a role."""
_IN_RESOURCE_POLICIES: Mapping[str, tuple[str, ...]] = {
    "apigateway": (ARN,),
    "appstream": _BOTH,
    "bcm-data-exports": _BOTH,
    "billingreports": _BOTH,
    "cloudfront": (ARN,),
    "cloudtrail": _BOTH,
    "cloudwatch": _BOTH,
    "cognito-idp": _BOTH,
    "config": (ACCOUNT,),
    "delivery.logs": _BOTH,
    "dnssec-route53": _BOTH,
    "events": (ARN,),
    "iot": _BOTH,
    "logdelivery.elasticloadbalancing": (ARN,),
    "logging.s3": _BOTH,
    "logs": _BOTH,
    "mq": _BOTH,
    "route53": _BOTH,
    "s3": _BOTH,
    "secretsmanager": (ACCOUNT,),
    "ses": _BOTH,
    "sns": (ARN,),
}
"""When they call what has a policy of its own."""

_END = re.compile(r"(\.[a-z]{2}(?:-[a-z]+)+-\d)?\.amazonaws\.com(\.cn)?\Z")


def sent(service: str, called: str) -> tuple[str, ...]:
    """The keys that a service surely sends when it calls another one, by the prefix of its actions."""
    table = _IN_TRUST_POLICIES if called == "sts" else _IN_RESOURCE_POLICIES
    return table.get(_END.sub("", service), ())
