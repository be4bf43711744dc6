"""Names of a part of something, or of another way to it, whose policy is about the same data: an alias or version of a
function, a consumer of a stream, the stream of a table, a replica in another region.

Sources: Lambda developer guide, "Lambda resource-based policies" (an alias or version is named after the function);
Kinesis developer guide, "Sharing your data stream with another account"; DynamoDB developer guide, "Global tables";
Secrets Manager user guide, "Replicate AWS Secrets Manager secrets across Regions".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from policies.access.read.texts import ValueTexts
from policies.access.text import FIELD, undetermined_field
from policies.library.model import Resource
from policies.library.values import UnknownValue
from policies.reachability.read.reading import Reading

_FUNCTION = re.compile(
    rf"(?:(?P<arn>arn:[^:]+:lambda:{FIELD}*:{FIELD}*:function:{FIELD}+)|(?:\d{{12}}:function:)?(?P<name>{FIELD}+))"
    rf"(?::(?P<qualifier>{FIELD}+))?",
    re.DOTALL,
)
_PARTS: Mapping[str, str] = {"aws_dynamodb_table": "/stream/", "aws_kinesis_stream": "/consumer/"}
"""What the ARN of a part has after that of the whole."""
_REPLICAS: Mapping[str, str] = {"aws_dynamodb_table": "region_name", "aws_secretsmanager_secret": "region"}
"""Types with blocks `replica`, and the argument that says where each is."""
_REPLICA = "aws_dynamodb_table_replica"
_REGION = re.compile(rf"(arn:[^:]*:[^:]*:){FIELD}*(:.*)", re.DOTALL)


def whole(type_: str, text: str) -> str:
    """What something of a type is called of which a text may name a part."""
    if type_ == "aws_lambda_function":
        found = _FUNCTION.fullmatch(text)
        return found["arn"] or found["name"] if found else text
    return text.partition(_PARTS[type_])[0] if type_ in _PARTS else text


def qualifier(text: str) -> str:
    """The alias or version in what names a function; empty if there is none."""
    found = _FUNCTION.fullmatch(text)
    return found["qualifier"] or "" if found else ""


def in_regions(arn: str, regions: tuple[str, ...]) -> tuple[str, ...]:
    """An ARN, and what it is in some other regions."""
    parts = _REGION.fullmatch(arn)
    return (arn, *(f"{parts[1]}{region}{parts[2]}" for region in regions)) if parts else (arn,)


def replica_regions(resource: Resource, reading: Reading, texts: ValueTexts) -> tuple[str, ...]:
    """The regions in which something has replicas, beside its own."""
    return tuple(dict.fromkeys(_regions(resource, reading, texts)))


def _regions(resource: Resource, reading: Reading, texts: ValueTexts) -> Iterator[str]:
    argument = _REPLICAS.get(resource.type)
    if argument is None:
        return
    try:
        blocks = resource.blocks("replica")
    except UnknownValue:
        yield undetermined_field(f"{resource.address}.replica")
        return
    for block in blocks:
        yield texts.text(block.get(argument))
    for each in reading.configuration.of_type(_REPLICA) if resource.type == "aws_dynamodb_table" else ():
        if texts.text(each.get("global_table_arn")) == texts.arn(resource):
            yield texts.region(each)
