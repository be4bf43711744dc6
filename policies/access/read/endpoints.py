"""VPC endpoints through which requests go to services.

Source: AWS PrivateLink guide, "AWS services that integrate with AWS PrivateLink": names of services; their actions have
the prefix that the Service Authorization Reference gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from policies.access.model import Endpoint, Policy, PolicyKind
from policies.access.read.links import TextLinks
from policies.access.read.statements import Documents
from policies.access.read.texts import ValueTexts
from policies.library.model import Resource
from policies.reachability.read.reading import Reading

TYPE = "aws_vpc_endpoint"
_SERVICE = re.compile(r"(?:com|cn\.com)\.amazonaws\.[^.]+\.(.+)")
_PREFIXES: Mapping[str, str] = {
    "ecr.api": "ecr",
    "ecr.dkr": "ecr",
    "kinesis-firehose": "firehose",
    "kinesis-streams": "kinesis",
    "kms-fips": "kms",
    "monitoring": "cloudwatch",
    "git-codecommit": "codecommit",
    "email": "ses",
    "s3express": "s3express",
    "streaming-rekognition": "rekognition",
}
"""The prefixes of actions that are not the name of the service."""


def endpoints(reading: Reading, texts: ValueTexts, documents: Documents, links: TextLinks) -> Iterator[Endpoint]:
    """The endpoints to services of AWS, each with its policy."""
    written: dict[str, list[Policy]] = {}
    for each in reading.configuration.of_type("aws_vpc_endpoint_policy"):
        for link in links.named(each.get("vpc_endpoint_id"), (TYPE,), each):
            policy = documents.policy(
                PolicyKind.ENDPOINT, each.get("policy"), each, "policy", assumption=link.assumption
            )
            written.setdefault(link.resource.address, []).append(policy)
    for each in reading.configuration.of_type(TYPE):
        named = _SERVICE.fullmatch(texts.text(each.get("service_name")))
        if named:
            yield _endpoint(each, named[1], tuple(written.get(each.address, ())), texts, documents)


def _endpoint(
    resource: Resource, service: str, written: tuple[Policy, ...], texts: ValueTexts, documents: Documents
) -> Endpoint:
    own: tuple[Policy, ...] = ()
    if resource.has("policy"):
        own = (documents.policy(PolicyKind.ENDPOINT, resource.get("policy"), resource, "policy"),)
    return Endpoint(
        key=resource.address,
        name=f"endpoint {service}",
        id=texts.attribute(resource, "id"),
        vpc=texts.text(resource.get("vpc_id")),
        service=_PREFIXES.get(service, service.rpartition(".")[2]),
        policies=(*own, *written),
        account=texts.account(resource),
        resource=resource,
    )
