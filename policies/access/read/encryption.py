"""Which KMS keys encrypt which things: nobody reads what is encrypted without the key's permission.

Sources: the provider's documentation of each argument; that a key may be named by id, ARN, alias or the ARN of an
alias: KMS developer guide, "Key identifiers".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policies.access.read.links import Link, TextLinks
from policies.access.read.texts import ValueTexts
from policies.access.text import readable
from policies.library.model import Resource
from policies.library.values import Unknown, Value
from policies.reachability.network import Assumption
from policies.reachability.read.reading import Reading, leaves

KEYS = ("aws_kms_key", "aws_kms_external_key", "aws_kms_replica_key", "aws_kms_replica_external_key")
_ALIASES = ("aws_kms_alias",)
_NAMED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "aws_backup_vault": (("kms_key_arn",),),
    "aws_cloudwatch_log_group": (("kms_key_id",),),
    "aws_codebuild_project": (("encryption_key",),),
    "aws_dynamodb_table": (("server_side_encryption", "kms_key_arn"),),
    "aws_ecr_repository": (("encryption_configuration", "kms_key"),),
    "aws_efs_file_system": (("kms_key_id",),),
    "aws_kinesis_firehose_delivery_stream": (("server_side_encryption", "key_arn"),),
    "aws_kinesis_stream": (("kms_key_id",),),
    "aws_lambda_function": (("kms_key_arn",),),
    "aws_msk_cluster": (("encryption_info", "encryption_at_rest_kms_key_arn"),),
    "aws_s3_bucket": (
        (
            "server_side_encryption_configuration",
            "rule",
            "apply_server_side_encryption_by_default",
            "kms_master_key_id",
        ),
    ),
    "aws_scheduler_schedule": (("kms_key_arn",),),
    "aws_secretsmanager_secret": (("kms_key_id",),),
    "aws_sns_topic": (("kms_master_key_id",),),
    "aws_sqs_queue": (("kms_master_key_id",),),
    "aws_ssm_parameter": (("key_id",),),
}
"""Where each type names the key of what it holds."""
_OF_BUCKETS = "aws_s3_bucket_server_side_encryption_configuration"
_KEY_OF_BUCKETS = ("rule", "apply_server_side_encryption_by_default", "kms_master_key_id")


class Encryption:
    """The keys of things."""

    def __init__(self, reading: Reading, texts: ValueTexts, links: TextLinks) -> None:
        self._reading, self._texts, self._links = reading, texts, links
        self._of_buckets: dict[str, list[tuple[Resource, Value]]] = {}
        for each in reading.configuration.of_type(_OF_BUCKETS):
            for link in links.named(each.get("bucket"), ("aws_s3_bucket",), each):
                for value in _at(each.attributes, _KEY_OF_BUCKETS):
                    self._of_buckets.setdefault(link.resource.address, []).append((each, value))

    def keys(self, thing: Resource) -> tuple[tuple[str, ...], tuple[Assumption, ...]]:
        """The keys that may encrypt a thing, and why nobody knows who may use its key: it is not declared here, so that
        no key is asked, or it is one of several."""
        named = [(thing, value) for path in _NAMED.get(thing.type, ()) for value in _at(thing.attributes, path)]
        found: dict[str, None] = {}
        assumptions: list[Assumption] = []
        for owner, value in (*named, *self._of_buckets.get(thing.address, ())):
            links = self._keys(value, owner)
            found.update(dict.fromkeys(link.resource.address for link in links))
            text = self._texts.text(value)
            if not links and text and "alias/aws/" not in text:
                assumptions.append(
                    Assumption(f"the key {readable(text)} is not declared here: taken to let callers use it", thing)
                )
        if not assumptions and len(found) > 1:
            text = f"which key encrypts it is not known ({', '.join(found)}): taken for one that lets callers use it"
            return tuple(found), (Assumption(text, thing),)
        return ((), tuple(assumptions)) if assumptions else (tuple(found), ())

    def aliases(self, key: Resource) -> tuple[str, ...]:
        """The names of a key's aliases."""
        return tuple(
            self._texts.attribute(alias, "name")
            for alias in self._reading.configuration.of_type(*_ALIASES)
            if any(link.resource is key for link in self._links.named(alias.get("target_key_id"), KEYS, alias))
        )

    def _keys(self, value: Value, owner: Resource) -> tuple[Link, ...]:
        direct = self._links.named(value, KEYS, owner)
        aliases = self._links.named(value, _ALIASES, owner) if not direct else ()
        return (
            *direct,
            *(
                each
                for alias in aliases
                for each in self._links.named(alias.resource.get("target_key_id"), KEYS, alias.resource)
            ),
        )


def _at(value: Value, path: tuple[str, ...]) -> Iterator[Value]:
    """The values at a path of names, through lists of blocks; unknown blocks as they are."""
    if isinstance(value, Unknown) or not path:
        yield from leaves(value)
    elif isinstance(value, tuple):
        for each in value:
            yield from _at(each, path)
    elif isinstance(value, Mapping):
        yield from _at(value.get(path[0]), path[1:])
