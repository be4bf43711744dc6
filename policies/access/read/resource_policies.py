"""The policies that are attached to things, wherever they are written, and what AWS puts where none is.

Sources: KMS developer guide, "Default key policy"; SNS developer guide, "SNS access policy use cases"; EFS user guide,
"Default EFS file system policy".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from policies.access.model import Origin, Policy, PolicyKind, PolicyStatement
from policies.access.read.acls import acl_policies
from policies.access.read.attached import are_rivals, assumed, doubted
from policies.access.read.encryption import KEYS
from policies.access.read.grants import grant
from policies.access.read.links import TextLinks
from policies.access.read.module_arguments import ModuleArguments
from policies.access.read.parts import in_regions, qualifier, replica_regions, whole
from policies.access.read.permissions import DEFAULT_NAMES, PERMISSIONS, condition, permission
from policies.access.read.statements import Documents, anything
from policies.access.read.texts import ValueTexts
from policies.access.text import is_determined
from policies.library.documents import Condition, Principal
from policies.library.model import Resource
from policies.reachability.network import Assumption
from policies.reachability.read.reading import Reading


@dataclass(frozen=True)
class _Written:
    """A type that writes the policy of another."""

    type: str
    names: str
    """The attribute that names the thing."""
    policy: str = "policy"
    part: str = ""
    """The part of the thing that it is about."""


_WRITTEN: Mapping[str, tuple[_Written, ...]] = {
    "aws_backup_vault": (_Written("aws_backup_vault_policy", "backup_vault_name"),),
    "aws_cloudwatch_event_bus": (_Written("aws_cloudwatch_event_bus_policy", "event_bus_name"),),
    "aws_ecr_repository": (_Written("aws_ecr_repository_policy", "repository"),),
    "aws_efs_file_system": (_Written("aws_efs_file_system_policy", "file_system_id"),),
    "aws_kinesis_stream": (_Written("aws_kinesis_resource_policy", "resource_arn"),),
    "aws_kms_external_key": (_Written("aws_kms_key_policy", "key_id"),),
    "aws_kms_key": (_Written("aws_kms_key_policy", "key_id"),),
    "aws_kms_replica_external_key": (_Written("aws_kms_key_policy", "key_id"),),
    "aws_kms_replica_key": (_Written("aws_kms_key_policy", "key_id"),),
    "aws_msk_cluster": (_Written("aws_msk_cluster_policy", "cluster_arn"),),
    "aws_msk_serverless_cluster": (_Written("aws_msk_cluster_policy", "cluster_arn"),),
    "aws_s3_access_point": (_Written("aws_s3control_access_point_policy", "access_point_arn"),),
    "aws_s3_bucket": (_Written("aws_s3_bucket_policy", "bucket"),),
    "aws_s3_directory_bucket": (_Written("aws_s3_bucket_policy", "bucket"),),
    "aws_secretsmanager_secret": (_Written("aws_secretsmanager_secret_policy", "secret_arn"),),
    "aws_sns_topic": (_Written("aws_sns_topic_policy", "arn"),),
    "aws_sqs_queue": (_Written("aws_sqs_queue_policy", "queue_url"),),
}
_OWN = {"aws_iam_role": "assume_role_policy"}
"""The attribute with a thing's own policy, where it is not `policy`."""
_LOGS = "aws_cloudwatch_log_resource_policy"
WRITERS = frozenset(
    {
        _LOGS,
        "aws_dynamodb_resource_policy",
        "aws_kms_grant",
        *PERMISSIONS,
        *(each.type for several in _WRITTEN.values() for each in several),
    }
)
"""The types whose policies are those of others, and are read."""
WITH_POLICIES = frozenset({*_WRITTEN, "aws_dynamodb_table", "aws_lambda_function", "aws_lambda_layer_version"})
"""The types of things whose policies others write."""
_WITH_SEVERAL = ("data.aws_lambda_function",)
"""What has as many policies as are written."""


class ResourcePolicies:
    """Which policies each thing has."""

    def __init__(
        self, reading: Reading, texts: ValueTexts, documents: Documents, links: TextLinks, given: ModuleArguments
    ) -> None:
        self._reading, self._texts, self._documents, self._links = reading, texts, documents, links
        self._given = given
        self._found: dict[tuple[str, str], list[Policy]] = {}
        self._slots: dict[tuple[str, str], dict[str, list[Policy]]] = {}
        """The documents of each thing that has one alone, and those of its parts, by the names of these."""
        self.gaps: dict[Assumption, None] = {}
        """Of which things nobody knows which policy counts, after `of` each."""
        self._written: set[tuple[str, str]] = set()
        """What surely has a policy of its own."""
        for type_, writers in _WRITTEN.items():
            for writer in writers:
                self._read(type_, writer)
        for each in reading.configuration.of_type("aws_dynamodb_resource_policy"):
            self._dynamodb(each)
        for each in reading.configuration.of_type("aws_kms_grant"):
            for link in links.named(each.get("key_id"), (*KEYS, "data.aws_kms_key"), each):
                self._add(link.resource, "", assumed(grant(each, texts), link.assumption))
        for type_, (about, name) in PERMISSIONS.items():
            for each in reading.configuration.of_type(type_):
                self._permission(each, about, name)

    def of(self, thing: Resource, part: str) -> tuple[Policy, ...]:
        """The policies of a thing, with those that AWS puts where nothing is written, and those that may be there.

        What is looked up has whatever policy is written elsewhere, unless its only one is written here.
        """
        found = list(self._found.get((thing.address, part), ()))
        slots = {named: list(several) for named, several in self._slots.get((thing.address, part), {}).items()}
        is_written = (thing.address, part) in self._written
        if not part:
            own = _OWN.get(thing.type, "policy" if thing.type != "aws_iam_policy" else "")
            if own and thing.has(own):
                is_written = True
                found.insert(0, self._documents.policy(_kind(thing), thing.get(own), thing, own))
                slots.setdefault("", []).append(found[0])
            found += acl_policies(thing, self._reading, self._texts, self._links)
            if thing.type == "aws_cloudwatch_log_group":
                found += self._of_logs()
        found = self._of_rivals(thing, found, slots)
        is_one = any(each.kind in (PolicyKind.RESOURCE, PolicyKind.KEY) for each in found)
        if thing.type.startswith("data."):
            is_complete = thing.type not in _WITH_SEVERAL and any(map(_is_certain, found))
            return tuple(found) if is_complete else (*found, self._elsewhere(thing))
        if thing.type in WITH_POLICIES:
            found += self._given.policies(thing, _kind(thing))
        if is_written or part:
            return tuple(found)
        reason = Assumption("it may have another policy instead of AWS's", thing) if is_one else None
        return (*found, *(assumed(each, reason) for each in self._default(thing)))

    def _of_rivals(self, thing: Resource, found: list[Policy], slots: Mapping[str, list[Policy]]) -> list[Policy]:
        """The policies of a thing; of several that are written for one place the last that is applied is there."""
        rivals = {id(each) for several in slots.values() if are_rivals(several) for each in several}
        if not rivals:
            return found
        reason = Assumption(f"{len(rivals)} write the policy of {thing.address}: one of them counts", thing)
        self.gaps[reason] = None
        return [doubted(each, reason) if id(each) in rivals else each for each in found]

    def _elsewhere(self, thing: Resource) -> Policy:
        reason = Assumption("its policy is declared elsewhere: taken to allow everything", thing)
        return anything(_kind(thing), f"policy of {thing.address}", Origin(thing, "policy"), reason, thing)

    def _read(self, type_: str, writer: _Written) -> None:
        for each in self._reading.configuration.of_type(writer.type):
            named = self._texts.text(each.get(writer.names))
            for link in self._links.by_text(whole(type_, named), _with_data(type_), each) if named else ():
                policy = self._documents.policy(
                    _kind(link.resource), each.get(writer.policy), each, writer.policy, assumption=link.assumption
                )
                if whole(type_, named) != named:
                    policy = _about(policy, named)
                elif link.assumption is None:
                    self._written.add((link.resource.address, writer.part))
                if link.assumption in (None, self._reading.presence(each)):
                    self._into(link.resource, writer.part, named if whole(type_, named) != named else "", policy)
                self._add(link.resource, writer.part, policy)

    def _dynamodb(self, writer: Resource) -> None:
        """A policy of a table, of one of its replicas, or of the stream of one."""
        text = self._texts.text(writer.get("resource_arn"))
        for table in self._reading.configuration.of_type(*_with_data("aws_dynamodb_table")):
            regions = replica_regions(table, self._reading, self._texts)
            for part, name in (("", "arn"), ("stream", "stream_arn")):
                if text in in_regions(self._texts.attribute(table, name), regions):
                    policy = self._documents.policy(PolicyKind.RESOURCE, writer.get("policy"), writer, "policy")
                    self._into(table, part, text, policy)
                    self._add(table, part, policy)

    def _permission(self, writer: Resource, about: str, name: str) -> None:
        """What a resource permits that is no document."""
        value = writer.get(name) if writer.has(name) else DEFAULT_NAMES.get(writer.type)
        for link in self._links.by_text(whole(about, self._texts.text(value)), _with_data(about), writer):
            policy = permission(writer, link.resource, self._texts)
            if policy is not None and not self._is_of_another_url(writer, link.resource):
                self._add(link.resource, "", assumed(policy, link.assumption))

    def _is_of_another_url(self, writer: Resource, function: Resource) -> bool:
        """Whether a permission is for URLs with another authorization than the one URL of the function surely has."""
        asked, about = self._texts.text(writer.get("function_url_auth_type")), self._qualifier(writer)
        return bool(asked) and any(
            link.resource is function and link.assumption is None and self._qualifier(each) == about
            for each in self._reading.configuration.of_type("aws_lambda_function_url")
            for link in self._links.named(each.get("function_name"), ("aws_lambda_function",), each)
            if is_determined(asked + self._texts.text(each.get("authorization_type")))
            and self._texts.text(each.get("authorization_type")) != asked
        )

    def _qualifier(self, resource: Resource) -> str:
        return self._texts.text(resource.get("qualifier")) or qualifier(self._texts.text(resource.get("function_name")))

    def _of_logs(self) -> Iterator[Policy]:
        """The policies of CloudWatch Logs, which are the account's in a region and not a group's."""
        for each in self._reading.configuration.of_type(_LOGS):
            yield self._documents.policy(PolicyKind.RESOURCE, each.get("policy_document"), each, "policy_document")

    def _default(self, thing: Resource) -> Iterator[Policy]:
        account = self._texts.account(thing)
        if thing.type in KEYS:
            root = f"arn:{self._texts.partition(thing)}:iam::{account}:root"
            yield _default_policy(PolicyKind.KEY, thing, Principal("AWS", root), ("kms:*",), ())
        elif thing.type == "aws_sns_topic":
            own = (condition("stringequals", "aws:sourceowner", account),)
            yield _default_policy(PolicyKind.RESOURCE, thing, Principal("AWS", "*"), _DEFAULT_OF_TOPICS, own)
        elif thing.type == "aws_efs_file_system":
            mounts = (
                "elasticfilesystem:ClientMount",
                "elasticfilesystem:ClientWrite",
                "elasticfilesystem:ClientRootAccess",
            )
            yield _default_policy(PolicyKind.RESOURCE, thing, Principal("*", "*"), mounts, ())

    def _into(self, thing: Resource, part: str, named: str, policy: Policy) -> None:
        self._slots.setdefault((thing.address, part), {}).setdefault(named, []).append(policy)

    def _add(self, thing: Resource, part: str, policy: Policy) -> None:
        self._found.setdefault((thing.address, part), []).append(policy)


_DEFAULT_OF_TOPICS = tuple(
    f"sns:{name}"
    for name in (
        "AddPermission",
        "DeleteTopic",
        "GetTopicAttributes",
        "ListSubscriptionsByTopic",
        "Publish",
        "RemovePermission",
        "SetTopicAttributes",
        "Subscribe",
    )
)


def _with_data(type_: str) -> tuple[str, str]:
    """A type, and the data source that looks one up."""
    return type_, f"data.{type_}"


def _about(policy: Policy, arn: str) -> Policy:
    """A policy of a part: all that it says is about that part."""
    statements = (replace(each, resources=(arn,)) if "*" in each.resources else each for each in policy.statements)
    return replace(policy, statements=tuple(statements))


def _is_certain(policy: Policy) -> bool:
    is_own = policy.kind in (PolicyKind.RESOURCE, PolicyKind.KEY)
    return is_own and not any(each.assumption for each in policy.statements)


def _kind(thing: Resource) -> PolicyKind:
    if thing.type.removeprefix("data.") in KEYS:
        return PolicyKind.KEY
    return PolicyKind.TRUST if thing.type == "aws_iam_role" else PolicyKind.RESOURCE


def _default_policy(
    kind: PolicyKind, thing: Resource, principal: Principal, actions: tuple[str, ...], conditions: tuple[Condition, ...]
) -> Policy:
    origin = Origin(None, f"the default policy of {thing.type}")
    statement = PolicyStatement(
        allows=True, origin=origin, principals=(principal,), actions=actions, resources=("*",), conditions=conditions
    )
    return Policy(kind, f"default policy of {thing.address}", (statement,), thing)
