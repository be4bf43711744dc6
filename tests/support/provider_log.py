"""Which operations Terraform's AWS provider calls for which types of resources, read from its log (TF_LOG_PROVIDER)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

_ENTRY = re.compile(r"^\d{4}-\d\d-\d\dT[\d:.]+Z \[")
_REQUEST = "HTTP Request Sent"


def operations(lines: Iterable[str]) -> Mapping[str, set[str]]:
    """The operations, such as `sqs:CreateQueue`, by type of resource; `data.` stands before that of a data source."""
    found: dict[str, set[str]] = {}
    for entry in _entries(lines):
        kind, data = _field(entry, "tf_resource_type"), _field(entry, "tf_data_source_type")
        service, name = _field(entry, "rpc.service"), _field(entry, "rpc.method")
        if (kind or data) and service and name:
            found.setdefault(kind or f"data.{data}", set()).add(f"{_botocore_name(service)}:{name}")
    return found


def _entries(lines: Iterable[str]) -> Iterator[str]:
    """The entries about requests. A body of several lines is in as many lines."""
    entry: list[str] = []
    for line in lines:
        if _ENTRY.match(line):
            if entry:
                yield " ".join(entry)
            entry = [line] if _REQUEST in line else []
        elif entry:
            entry.append(line)
    if entry:
        yield " ".join(entry)


def _field(entry: str, name: str) -> str | None:
    match = re.search(rf'(?:^|\s){re.escape(name)}=(?:"([^"]*)"|(\S+))', entry)
    return match and (match[1] or match[2])


def _botocore_name(service: str) -> str:
    """botocore's name of a service that the log names as its API does."""
    return _NAMES.get(service, service.lower().replace(" ", "-"))


_NAMES = {
    "Application Auto Scaling": "application-autoscaling",
    "Auto Scaling": "autoscaling",
    "CloudWatch Logs": "logs",
    "Cognito Identity Provider": "cognito-idp",
    "Elastic Load Balancing v2": "elbv2",
    "Route 53": "route53",
    "S3 Control": "s3control",
    "Secrets Manager": "secretsmanager",
}
