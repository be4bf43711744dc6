"""What the resources of a plan are called in words, by address, ARN, id or reference."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from cli.core.base.addresses import declared
from policies.library.coverage import text_of
from policies.library.model import Resource
from policies.library.values import Linked, Partial, Reference, Unknown, Value
from policies.library.wording import arn_name

_IDENTITIES = ("arn", "id", "name", "bucket", "url", "key_id")
_NAMES = ("name", "bucket", "function_name", "domain_name", "alias", "cluster_identifier", "identifier", "broker_name")
_SHORTEST = 4
"""Characters of a name that is looked for in ARNs: shorter ones stand there by chance."""
_ACCOUNT = re.compile(r"(?<!\d)\d{12}(?!\d)")
_PRINCIPAL = re.compile(r"arn:[\w-]+:(?:iam|sts)::(\d{12}):")

_NOUNS: Mapping[str, str] = {
    "aws_cloudwatch_log_group": "log group",
    "aws_dynamodb_table": "table",
    "aws_iam_role": "role",
    "aws_iam_user": "user",
    "aws_kms_key": "key",
    "aws_lambda_function": "function",
    "aws_s3_bucket": "bucket",
    "aws_secretsmanager_secret": "secret",
    "aws_sns_topic": "topic",
    "aws_sqs_queue": "queue",
    "aws_vpc_endpoint": "endpoint",
}
"""What types are called whose own name says more than people do."""


_SUBJECTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "aws_backup_vault_policy": ("backup_vault_name", ("aws_backup_vault",)),
    "aws_dynamodb_resource_policy": ("resource_arn", ("aws_dynamodb_table",)),
    "aws_ecr_repository_policy": ("repository", ("aws_ecr_repository",)),
    "aws_efs_file_system_policy": ("file_system_id", ("aws_efs_file_system",)),
    "aws_iam_group_policy": ("group", ("aws_iam_group",)),
    "aws_iam_group_policy_attachment": ("group", ("aws_iam_group",)),
    "aws_iam_role_policy": ("role", ("aws_iam_role",)),
    "aws_iam_role_policy_attachment": ("role", ("aws_iam_role",)),
    "aws_iam_user_policy": ("user", ("aws_iam_user",)),
    "aws_iam_user_policy_attachment": ("user", ("aws_iam_user",)),
    "aws_kinesis_resource_policy": ("resource_arn", ("aws_kinesis_stream",)),
    "aws_kms_grant": ("key_id", ("aws_kms_key",)),
    "aws_kms_key_policy": ("key_id", ("aws_kms_key",)),
    "aws_lambda_permission": ("function_name", ("aws_lambda_function",)),
    "aws_msk_cluster_policy": ("cluster_arn", ("aws_msk_cluster",)),
    "aws_network_acl_rule": ("network_acl_id", ("aws_network_acl", "aws_default_network_acl")),
    "aws_organizations_policy_attachment": ("target_id", ("aws_organizations_account",)),
    "aws_route": ("route_table_id", ("aws_route_table", "aws_default_route_table")),
    "aws_s3_account_public_access_block": ("account_id", ()),
    "aws_s3_bucket_acl": ("bucket", ("aws_s3_bucket",)),
    "aws_s3_bucket_policy": ("bucket", ("aws_s3_bucket",)),
    "aws_s3_bucket_public_access_block": ("bucket", ("aws_s3_bucket",)),
    "aws_secretsmanager_secret_policy": ("secret_arn", ("aws_secretsmanager_secret",)),
    "aws_security_group_rule": ("security_group_id", ("aws_security_group", "aws_default_security_group")),
    "aws_sns_topic_policy": ("arn", ("aws_sns_topic",)),
    "aws_sqs_queue_policy": ("queue_url", ("aws_sqs_queue",)),
    "aws_vpc_endpoint_policy": ("vpc_endpoint_id", ("aws_vpc_endpoint",)),
    "aws_wafv2_web_acl_association": ("resource_arn", ("aws_alb", "aws_lb")),
    "aws_vpc_security_group_egress_rule": ("security_group_id", ("aws_security_group", "aws_default_security_group")),
    "aws_vpc_security_group_ingress_rule": ("security_group_id", ("aws_security_group", "aws_default_security_group")),
}
"""By type: the argument that says on what a resource opens something, and the types that this can be of."""


def noun(type_: str) -> str:
    """A type as people say it: `aws_nat_gateway` as `nat gateway`."""
    return _NOUNS.get(type_) or type_.removeprefix("aws_").replace("_", " ")


class Names:
    """The resources of a plan, and what they are called."""

    def __init__(
        self, changes: Iterable[Mapping[str, Any]], document: Mapping[str, Any], paths: Mapping[str, str]
    ) -> None:
        self._labels: dict[str, str] = {}
        self._created: set[str] = set()
        self._identities: dict[str, list[str]] = {}
        self._made: set[str] = set()
        providers = (document.get("provider") or {}).get("aws") or ()
        blocks = providers if isinstance(providers, list | tuple) else (providers,)
        self._accounts = {str(each) for block in blocks for each in block.get("allowed_account_ids") or ()}
        self._regions = {str(block["region"]) for block in blocks if block.get("region")}
        for change in changes:
            self._add(change, paths)

    def _add(self, change: Mapping[str, Any], paths: Mapping[str, str]) -> None:
        address, values = change["address"], change["change"]
        if values["actions"] == ["create"]:
            self._created.add(address)
        known: dict[str, Any] = {}
        for side in (values.get("before"), values.get("after")):
            for name, value in (side or {}).items():
                if isinstance(value, str) and value:
                    known[name] = value
                    if name in _IDENTITIES and address not in self._identities.setdefault(value, []):
                        self._identities[value].append(address)
        called = next((known[name] for name in _NAMES if name in known), "")
        self._labels[address] = f"{noun(change['type'])} {called or paths.get(declared(address)) or address}"
        if address in self._created and len(called) >= _SHORTEST:
            self._made.add(called)

    def is_created(self, address: str) -> bool:
        """Whether the plan creates a resource."""
        return address in self._created

    def _address(self, identity: str, types: tuple[str, ...]) -> str:
        """The address of a resource of some types by its id, ARN or name; empty if it is none of the plan."""
        found = (each for each in self._identities.get(identity, ()) if declared(each).partition(".")[0] in types)
        return next(found, "")

    def subject(self, resource: Resource) -> str:
        """The address of what a resource opens something on, or what names it; its own where it is its own."""
        attribute, types = _SUBJECTS.get(resource.type, ("", ()))
        value = resource.get(attribute) if attribute else None
        if value is None:
            return resource.address
        reference = value.reference if isinstance(value, Linked) else value
        if isinstance(reference, Reference):
            return reference.address
        text = text_of(value)
        return self._address(text, types) or text

    def holder(self, subject: str) -> str:
        """What has the policies of a subject, in words."""
        label = self._labels.get(subject, subject)
        return f"holders of {label}" if subject.startswith("aws_iam_policy.") else label

    def name(self, value: Value) -> str:
        """A value in words."""
        if isinstance(value, Linked):
            return self.name(value.reference)
        if isinstance(value, Reference):
            return self._labels.get(value.address) or value.expression
        if isinstance(value, Partial):
            return self._name_of_parts(value)
        text = text_of(value)
        if text in ("0.0.0.0/0", "::/0"):
            return f"the internet ({text})"
        owners = self._identities.get(text, ()) if _is_identity(text) else ()
        return self._labels[owners[0]] if len(owners) == 1 else arn_name(text, self._accounts, self._regions)

    def is_foreign(self, value: Value) -> bool:
        """Whether a value names another account."""
        text = text_of(value)
        is_unsure = _PRINCIPAL.match(text) is not None and not self._accounts
        return is_unsure or bool(set(_ACCOUNT.findall(text)) - self._accounts)

    def is_within(self, value: Value) -> bool:
        """Whether a value means something that the plan creates, the account itself, or nothing in particular.

        An ARN that is written out means what the plan creates if it has its name.
        """
        if isinstance(value, Reference):
            return value.address not in self._labels or value.address in self._created
        if isinstance(value, Partial) and any(each.address in self._created for each in value.references):
            return True
        text = text_of(value)
        if any(each in self._labels and each not in self._created for each in self._identities.get(text, ())):
            return False
        parts = text.split(":", 5)
        if len(parts) < 6 or not text.startswith("arn:") or parts[5] == "root":
            return True
        return any(name in parts[5] for name in self._made)

    def _name_of_parts(self, value: Partial) -> str:
        """`${aws_s3_bucket.b.arn}/*` as `bucket b`, `${aws_s3_bucket.b.arn}/in/*` as `bucket b/in/*`."""
        first, *rest = value.parts
        if isinstance(first, Reference):
            end = "".join(map(self._part, rest))
            return self.name(first) + ("" if end in ("/*", ":*") and first.address in self._labels else end)
        return arn_name("".join(map(self._part, value.parts)), self._accounts, self._regions)

    def _part(self, part: str | Unknown) -> str:
        """A part of a text: `<cluster_uuid of msk cluster c>` where it is not known yet."""
        if isinstance(part, Reference) and part.address in self._labels:
            return f"<{part.attribute} of {self._labels[part.address]}>"
        return part if isinstance(part, str) else text_of(part)


def _is_identity(text: str) -> bool:
    """Whether a text is one that AWS assigns, so that it means one resource: an ARN, or an id such as `sg-1`."""
    return text.startswith(("arn:", "https://")) or re.fullmatch(r"[a-z]+-[0-9a-f]+", text) is not None
