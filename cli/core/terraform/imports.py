"""`import` blocks: how terraform takes into its state what is in AWS already.

Most resources are imported by the id that terraform says when it has made them. Of the others the provider's
documentation of each resource, "Import", says by what; it is put together here from the arguments in the Terraform,
references included, which terraform resolves (Terraform documentation, "Import", "Plan and apply an import").
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from envs.settings.regions import partition_of

FILE = "imports.tf"
"""Name of the file with the blocks, beside the stack's `cdk.tf.json`."""

_BY: Mapping[str, str] = {
    "aws_appautoscaling_policy": "{service_namespace}/{resource_id}/{scalable_dimension}/{name}",
    "aws_appautoscaling_target": "{service_namespace}/{resource_id}/{scalable_dimension}",
    "aws_autoscaling_policy": "{autoscaling_group_name}/{name}",
    "aws_backup_selection": "{plan_id}|{id}",
    "aws_cloudwatch_log_stream": "{log_group_name}:{name}",
    "aws_cognito_user_pool_client": "{user_pool_id}/{id}",
    "aws_network_acl_rule": "{network_acl_id}:{rule_number}:{protocol}:{egress}",
    "aws_route": "{route_table_id}_{destination_cidr_block}",
    "aws_route_table_association": "{subnet_id}/{route_table_id}",
    "aws_vpc_endpoint_route_table_association": "{vpc_endpoint_id}/{route_table_id}",
    "aws_wafv2_web_acl": "{id}/{name}/{scope}",
}
"""What is not imported by its id, and by what instead: arguments, and the id."""

_NAMED: Mapping[str, str] = {
    "aws_athena_workgroup": "{name}",
    "aws_autoscaling_group": "{name}",
    "aws_backup_vault": "{name}",
    "aws_backup_vault_policy": "{backup_vault_name}",
    "aws_cloudwatch_log_group": "{name}",
    "aws_cloudwatch_log_resource_policy": "{policy_name}",
    "aws_cloudwatch_metric_alarm": "{alarm_name}",
    "aws_cloudwatch_metric_stream": "{name}",
    "aws_cognito_risk_configuration": "{user_pool_id}",
    "aws_cognito_user_pool_domain": "{domain}",
    "aws_dynamodb_resource_policy": "{resource_arn}",
    "aws_dynamodb_table": "{name}",
    "aws_glue_catalog_database": "{account_id}:{name}",
    "aws_glue_catalog_table": "{account_id}:{database_name}:{name}",
    "aws_iam_instance_profile": "{name}",
    "aws_iam_openid_connect_provider": "arn:{partition}:iam::{account_id}:oidc-provider/{url_without_scheme}",
    "aws_iam_policy": "arn:{partition}:iam::{account_id}:policy/{name}",
    "aws_iam_role": "{name}",
    "aws_iam_role_policy": "{role}:{name}",
    "aws_kinesis_firehose_delivery_stream": "arn:{partition}:firehose:{region}:{account_id}:deliverystream/{name}",
    "aws_kms_alias": "{name}",
    "aws_msk_cluster_policy": "{cluster_arn}",
    "aws_pipes_pipe": "{name}",
    "aws_route53_hosted_zone_dnssec": "{hosted_zone_id}",
    "aws_route53_key_signing_key": "{hosted_zone_id},{name}",
    "aws_route53_record": "{zone_id}_{name}_{type}",
    "aws_route53_resolver_firewall_rule": "{firewall_rule_group_id}:{firewall_domain_list_id}",
    "aws_s3_bucket": "{bucket}",
    "aws_s3_bucket_lifecycle_configuration": "{bucket}",
    "aws_s3_bucket_logging": "{bucket}",
    "aws_s3_bucket_notification": "{bucket}",
    "aws_s3_bucket_ownership_controls": "{bucket}",
    "aws_s3_bucket_policy": "{bucket}",
    "aws_s3_bucket_public_access_block": "{bucket}",
    "aws_s3_bucket_server_side_encryption_configuration": "{bucket}",
    "aws_s3_bucket_versioning": "{bucket}",
    "aws_scheduler_schedule": "default/{name}",
    "aws_sns_topic": "arn:{partition}:sns:{region}:{account_id}:{name}",
    "aws_sns_topic_policy": "{arn}",
    "aws_sqs_queue_policy": "{queue_url}",
    "aws_wafv2_web_acl_association": "{web_acl_arn},{resource_arn}",
    "aws_wafv2_web_acl_logging_configuration": "{resource_arn}",
}
"""What has a name that AWS keeps apart, or is of something that has one such at most, and is imported by it: nobody
needs to have heard the id."""

NOT_NEEDED = frozenset(
    {
        "aws_acm_certificate_validation",
        "aws_autoscaling_attachment",
        "aws_default_network_acl",
        "aws_default_route_table",
        "aws_default_security_group",
        "aws_iam_role_policies_exclusive",
        "aws_iam_role_policy_attachment",
        "aws_iam_role_policy_attachments_exclusive",
        "aws_network_acl_association",
        "aws_route53_resolver_firewall_config",
        "aws_sns_sms_preferences",
        "terraform_data",
    }
)
"""What is nothing by itself, or there from the beginning: to make it once more finds it done."""


def import_id(type: str, id: str | None, body: Mapping[str, Any]) -> str | None:
    """By what a resource is imported, given its arguments and the id that it was made with, None where nobody heard it.

    The arguments include ``account_id`` and ``region``, where it is; the region tells the partition. None where that
    does not say it.
    """
    known = {name: _text(value) for name, value in body.items() if isinstance(value, str | int | bool)}
    known["partition"] = partition_of(known.get("region", ""))
    known["url_without_scheme"] = known.get("url", "").removeprefix("https://")
    template = _BY.get(type) or (_NAMED.get(type) if id is None else "{id}")
    try:
        return template and template.format_map(
            {"egress": "false", **known, **({} if id is None else {"id": _literal(id)})}
        )
    except KeyError:
        return None


def references(text: str) -> frozenset[str]:
    """Addresses of the resources that an import id refers to. Data sources are read before anything is imported."""
    inside = re.findall(r"(?<!\$)\$\{([^}]*)\}", text)
    return frozenset(found for each in inside for found in re.findall(r"(?<!data\.)\b(aws_\w+\.[\w-]+)\.", each))


def resolved(text: str, ids: Mapping[str, str]) -> str:
    """An import id with the ids of what it refers to, as far as they are known by address."""
    return re.sub(r"\$\{(aws_\w+\.[\w-]+)\.id\}", lambda found: ids.get(found[1], found[0]), text)


def blocks(ids: Mapping[str, str]) -> str:
    """The content of the file: a block for each address, with what it is imported by."""
    return "".join(
        f"import {{\n  to = {address}\n  id = {json.dumps(ids[address], ensure_ascii=False)}\n}}\n"
        for address in sorted(ids)
    )


def addresses(text: str) -> frozenset[str]:
    """The addresses of the blocks in such a file."""
    return frozenset(re.findall(r"^import \{\n  to = (\S+)\n", text, re.M))


def _literal(text: str) -> str:
    """Text in which nothing is a reference."""
    return text.replace("${", "$${").replace("%{", "%%{")


def _text(value: str | int | bool) -> str:
    return json.dumps(value) if not isinstance(value, str) else value
