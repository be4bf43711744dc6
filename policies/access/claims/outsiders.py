"""Who and what is outside an environment, for claims about what crosses its border by the VPC's endpoints.

Somebody with credentials of an account of their own may stand on a server, and an account elsewhere may let in
everybody: then the endpoint's policy alone decides (AWS PrivateLink guide, "Control access to VPC endpoints using
endpoint policies").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from policies.access.model import (
    AccessModel,
    Caller,
    Origin,
    Policy,
    PolicyKind,
    PolicyStatement,
    Position,
    Thing,
)
from policies.access.read.accounts import ELSEWHERE
from policies.access.read.principals import STRANGERS
from policies.access.text import assigned
from policies.library.documents import Principal

INTRUDER = "a principal of another account, inside the VPC"

_TYPES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "aws_cloudwatch_log_group": ("logs", {"log-group": "log-group:*", "log-stream": "log-group:*"}),
    "aws_dynamodb_table": ("dynamodb", {"table": "table/*"}),
    "aws_kinesis_stream": ("kinesis", {"stream": "stream/*"}),
    "aws_secretsmanager_secret": ("secretsmanager", {"Secret": "secret:*"}),
    "aws_sns_topic": ("sns", {"topic": "*"}),
    "aws_sqs_queue": ("sqs", {"queue": "*"}),
}
"""What data can be put into, by type: the service, and the end of the ARN by type of resource."""


def intruder(model: AccessModel, callers: Iterable[Caller]) -> Caller:
    """Somebody with credentials of another account, at every endpoint at which anybody of this one stands."""
    positions: dict[str, Position] = {}
    for caller in callers:
        positions |= {each.name: each for each in caller.positions if each.endpoint is not None}
    principal = replace(model.principals[STRANGERS], key=INTRUDER, name=INTRUDER)
    return Caller(principal, tuple(positions.values()))


def elsewhere(model: AccessModel, begin: str) -> Iterator[Thing]:
    """Things of another account that let everybody do everything. A bucket has any name that nobody has: also one that
    begins as those of this environment do."""
    arn = next((arn for thing in model.things.values() for arn in thing.all_arns), "arn:aws")
    partition = arn.split(":")[1]
    account = model.accounts[ELSEWHERE].id
    theirs = assigned("a bucket of theirs")
    own = (arn for thing in model.things.values() if thing.service == "s3" for arn in thing.arns.get("bucket", ()))
    names = (
        f"arn:{partition}:s3:::{theirs}",
        f"arn:{partition}:s3:::{begin}-{theirs}",
        *(f"{each}-{theirs}" for each in own),
    )
    yield _open("aws_s3_bucket", "s3", {"bucket": names, "object": tuple(f"{each}/*" for each in names)})
    for type_, (service, ends) in _TYPES.items():
        arns = {name: (f"arn:{partition}:{service}:*:{account}:{end}",) for name, end in ends.items()}
        yield _open(type_, service, arns)


def _open(type_: str, service: str, arns: Mapping[str, tuple[str, ...]]) -> Thing:
    origin = Origin(None, f"a policy of {ELSEWHERE}")
    everything = PolicyStatement(
        allows=True, origin=origin, principals=(Principal("*", "*"),), actions=("*",), resources=("*",)
    )
    name = f"{type_.removeprefix('aws_').replace('_', ' ')} of {ELSEWHERE}"
    policy = Policy(PolicyKind.RESOURCE, origin.part, (everything,))
    return Thing(name, name, type_, service, arns, ELSEWHERE, policies=(policy,))
