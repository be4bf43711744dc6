"""What is named here and declared nowhere: the bucket of a policy, the role of an attachment or of a function.

Each stands in the configuration as if a data source had looked it up: it is there, and what else is declared of it
elsewhere is not known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from policies.access.read.links import TextLinks
from policies.access.read.parts import whole
from policies.access.read.permissions import DEFAULT_NAMES
from policies.access.read.texts import ValueTexts
from policies.library.model import Configuration, Resource
from policies.library.values import Value
from policies.reachability.read.reading import leaves

_ROLES = ("aws_iam_role", "aws_iam_service_linked_role", "data.aws_iam_role")
_NAMED: Mapping[str, tuple[str, str, str]] = {
    "aws_backup_vault_policy": ("aws_backup_vault", "backup_vault_name", "name"),
    "aws_cloudwatch_event_bus_policy": ("aws_cloudwatch_event_bus", "event_bus_name", "name"),
    "aws_cloudwatch_event_permission": ("aws_cloudwatch_event_bus", "event_bus_name", "name"),
    "aws_dynamodb_resource_policy": ("aws_dynamodb_table", "resource_arn", "arn"),
    "aws_ecr_repository_policy": ("aws_ecr_repository", "repository", "name"),
    "aws_efs_file_system_policy": ("aws_efs_file_system", "file_system_id", "id"),
    "aws_kinesis_resource_policy": ("aws_kinesis_stream", "resource_arn", "arn"),
    "aws_kms_grant": ("aws_kms_key", "key_id", "key_id"),
    "aws_kms_key_policy": ("aws_kms_key", "key_id", "key_id"),
    "aws_lambda_function_url": ("aws_lambda_function", "function_name", "function_name"),
    "aws_lambda_layer_version_permission": ("aws_lambda_layer_version", "layer_name", "layer_arn"),
    "aws_lambda_permission": ("aws_lambda_function", "function_name", "function_name"),
    "aws_msk_cluster_policy": ("aws_msk_cluster", "cluster_arn", "arn"),
    "aws_s3_bucket_acl": ("aws_s3_bucket", "bucket", "bucket"),
    "aws_s3_bucket_policy": ("aws_s3_bucket", "bucket", "bucket"),
    "aws_secretsmanager_secret_policy": ("aws_secretsmanager_secret", "secret_arn", "arn"),
    "aws_sns_topic_policy": ("aws_sns_topic", "arn", "arn"),
    "aws_sqs_queue_policy": ("aws_sqs_queue", "queue_url", "url"),
    "aws_iam_role_policy": ("aws_iam_role", "role", "name"),
    "aws_iam_role_policy_attachment": ("aws_iam_role", "role", "name"),
    "aws_codebuild_project": ("aws_iam_role", "service_role", "arn"),
    "aws_ecs_task_definition": ("aws_iam_role", "task_role_arn", "arn"),
    "aws_glue_job": ("aws_iam_role", "role_arn", "arn"),
    "aws_lambda_function": ("aws_iam_role", "role", "arn"),
    "aws_pipes_pipe": ("aws_iam_role", "role_arn", "arn"),
    "aws_sfn_state_machine": ("aws_iam_role", "role_arn", "arn"),
}
"""Types that name a thing or role: its type, the argument that names it, and the attribute which that is."""
_SAME: Mapping[str, tuple[str, ...]] = {
    "aws_iam_role": _ROLES,
    "aws_kms_key": ("aws_kms_key", "aws_kms_external_key", "aws_kms_replica_key", "aws_kms_replica_external_key"),
    "aws_msk_cluster": ("aws_msk_cluster", "aws_msk_serverless_cluster"),
    "aws_s3_bucket": ("aws_s3_bucket", "aws_s3_directory_bucket"),
}
"""Types that are meant by the same argument."""


def with_stand_ins(configuration: Configuration, texts: ValueTexts, links: TextLinks) -> Configuration:
    """A configuration with what it names and nothing declares or looks up; itself if there is no such."""
    found: dict[str, Resource] = {}
    known: set[tuple[str, str]] = set()
    for resource, type_, attribute, value in _names(configuration):
        text = texts.text(value)
        if whole(type_, text) != text:
            value = text = whole(type_, text)
        types = _SAME.get(type_, (type_,))
        if not text or (type_, text) in known or links.knows(text, (*types, f"data.{type_}")):
            continue
        known.add((type_, text))
        address = f"{type_} of {resource.address}"
        name = "arn" if text.startswith("arn:") else attribute
        found.setdefault(
            address,
            Resource(
                {name: value},
                address,
                address,
                type=f"data.{type_}",
                name=resource.name,
                file=resource.file,
                depends_on_counts=resource.depends_on_counts,
                provider=resource.provider,
            ),
        )
    resources = {**configuration.resources, **found}
    return replace(configuration, resources=dict(sorted(resources.items()))) if found else configuration


def _names(configuration: Configuration) -> Iterator[tuple[Resource, str, str, Value]]:
    for type_, (named, argument, attribute) in _NAMED.items():
        for resource in configuration.of_type(type_):
            value = resource.get(argument) if resource.has(argument) else DEFAULT_NAMES.get(type_)
            for each in leaves(value):
                yield resource, named, attribute, each
