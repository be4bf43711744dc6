"""What a request about encrypted data needs of the key: the service uses it with the caller's permissions.

A service that uses the key by a grant or under its own name (EBS for an instance that runs, MSK, CloudWatch Logs,
Backup, EFS) asks nothing of who reads the data, and is not in the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from policies.access.facts import NO_VPC
from policies.access.model import KeyValues, Position, Thing
from policies.reachability.network import Assumption

_DECRYPT = ("kms:Decrypt",)
_GENERATE = ("kms:GenerateDataKey",)
_BOTH = (*_DECRYPT, *_GENERATE)

NEEDS: Mapping[str, tuple[str, ...]] = {
    "dynamodb:batchgetitem": _DECRYPT,
    "dynamodb:batchwriteitem": _DECRYPT,
    "dynamodb:conditioncheckitem": _DECRYPT,
    "dynamodb:deleteitem": _DECRYPT,
    "dynamodb:getitem": _DECRYPT,
    "dynamodb:getrecords": _DECRYPT,
    "dynamodb:partiqldelete": _DECRYPT,
    "dynamodb:partiqlinsert": _DECRYPT,
    "dynamodb:partiqlselect": _DECRYPT,
    "dynamodb:partiqlupdate": _DECRYPT,
    "dynamodb:putitem": _DECRYPT,
    "dynamodb:query": _DECRYPT,
    "dynamodb:scan": _DECRYPT,
    "dynamodb:updateitem": _DECRYPT,
    "kinesis:getrecords": _DECRYPT,
    "kinesis:putrecord": _GENERATE,
    "kinesis:putrecords": _GENERATE,
    "kinesis:subscribetoshard": _DECRYPT,
    "s3:getobject": _DECRYPT,
    "s3:getobjectversion": _DECRYPT,
    "secretsmanager:batchgetsecretvalue": _DECRYPT,
    "secretsmanager:getsecretvalue": _DECRYPT,
    "secretsmanager:putsecretvalue": _BOTH,
    "sns:publish": _BOTH,
    "sqs:receivemessage": _DECRYPT,
    "sqs:sendmessage": _BOTH,
    "ssm:getparameter": _DECRYPT,
    "ssm:getparameterhistory": _DECRYPT,
    "ssm:getparameters": _DECRYPT,
    "ssm:getparametersbypath": _DECRYPT,
}
"""Actions in lower case, and what each needs of the key. Who puts an object into a bucket may choose another key, so
that needs nothing. An object is taken to have the key of its bucket.

Sources: S3 user guide, "Using server-side encryption with AWS KMS keys"; DynamoDB developer guide, "DynamoDB
encryption at rest usage notes" (on behalf of the user who accesses the table); SNS developer guide, "Managing Amazon
SNS encryption keys and costs"; SQS developer guide, "Key management"; Secrets Manager user guide, "Secret encryption
and decryption"; Systems Manager user guide, "AWS KMS encryption for Parameter Store SecureString"; Kinesis developer
guide, "Permissions to use user-generated KMS keys".
"""

KEY_ACTIONS = tuple(dict.fromkeys(action for actions in NEEDS.values() for action in actions))
"""All that is asked of keys."""


def unknown_keys(thing: Thing, action: str) -> tuple[Assumption, ...]:
    """Why nobody knows whether a request about a thing may use its key; nothing where it needs none."""
    return thing.unknown_keys if action.lower() in NEEDS else ()


@cache
def through(service: str, region: str) -> Position:
    """Where a service stands that uses a key for a caller: its requests come from no VPC.

    Source: KMS developer guide, "AWS KMS condition keys", `kms:ViaService`; "VPC endpoint policies".
    """
    via = f"{service}.{region or '*'}.amazonaws.com"
    return Position(
        f"{service} for the caller",
        context={
            "aws:viaawsservice": KeyValues(("true",)),
            "aws:calledvia": KeyValues((f"{service}.amazonaws.com",)),
            "kms:viaservice": KeyValues((via,)),
            "aws:securetransport": KeyValues(("true",)),
            **NO_VPC,
        },
    )
