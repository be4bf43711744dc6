"""The names of AWS services with interface endpoints, which differ between PrivateLink, IAM and DNS: pure.

A service is called as in its endpoint's service name: `ssm` in `com.amazonaws.us-east-1.ssm` (AWS PrivateLink guide,
"AWS services that integrate with AWS PrivateLink").
"""

_IAM_PREFIXES = {
    "email-smtp": "ses",
    "kinesis-firehose": "firehose",
    "kinesis-streams": "kinesis",
    "monitoring": "cloudwatch",
}
_HOST_NAMES = {
    "kinesis-firehose": "firehose",
    "kinesis-streams": "kinesis",
}
_WITHOUT_POLICY = frozenset({"pipes-data"})


def iam_prefix(service: str) -> str:
    """Return the first part of a service's IAM actions, such as `cloudwatch` for `monitoring`.

    Source: Service Authorization Reference. Parts of one service (`ecr.api`, `ecr.dkr`) share its prefix.
    """
    return _IAM_PREFIXES.get(service, service.split(".")[0])


def host_name(service: str, region: str) -> str:
    """Return the host name of a service in a region, which its endpoint's private DNS answers for.

    Source: AWS General Reference, "Service endpoints". Parts come in reverse order: `ecr.api` is `api.ecr.<region>`.
    """
    name = _HOST_NAMES.get(service) or ".".join(reversed(service.split(".")))
    return f"{name}.{region}.amazonaws.com"


def takes_policy(service: str) -> bool:
    """Return whether the endpoint of a service can have an endpoint policy.

    EventBridge's `pipes-data`, over which a pipe's poller hands on what it read, cannot (Amazon EventBridge user guide,
    "Using Amazon EventBridge with Interface VPC endpoints"): the servers never call it.
    """
    return service not in _WITHOUT_POLICY
