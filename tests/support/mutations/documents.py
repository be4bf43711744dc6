"""Sabotages of policy documents: insecure transport, and callers whom nobody has named."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from tests.support.mutation import Edit, Mutation, add, body, change, reference, remove

BUCKET = "aws_s3_bucket"
BUCKET_POLICY = "aws_s3_bucket_policy"
FUNCTION_PERMISSION = "aws_lambda_permission"
QUEUE = "aws_sqs_queue"
KEY = "aws_kms_key"

IMAGES = "storage/images"
STORE_BACKUPS = "event-store/backup-bucket"
REPORTS = "streaming/data-reporting/backups"
FAILURES = "event-store/export/failures"
READY = "notifications/meal-ready"
EVENTS = "event-store/table"
STORE_KEY = "keys/event-store/key"
CLUSTER = "streaming/cluster"

DENY_INSECURE = "DenyInsecureTransport"
PUBLIC = {"Sid": "Public", "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}


def document_of(type: str, path: str, sabotage: Callable[[list[dict[str, Any]]], None], at: str = "policy") -> Edit:
    """Change the statements of the policy in an attribute."""

    def edit(document: dict[str, Any]) -> None:
        resource = body(document, type, path)
        policy = json.loads(resource[at])
        sabotage(policy["Statement"])
        resource[at] = json.dumps(policy)

    return edit


def statement(type: str, path: str, sid: str, **elements: Any) -> Edit:
    """Set elements of the statement of an id; None removes one."""

    def sabotage(statements: list[dict[str, Any]]) -> None:
        (found,) = [each for each in statements if each["Sid"] == sid]
        for name, value in elements.items():
            if value is None:
                del found[name]
            else:
                found[name] = value

    return document_of(type, path, sabotage)


def without_statement(type: str, path: str, sid: str) -> Edit:
    """Remove the statement of an id."""

    def sabotage(statements: list[dict[str, Any]]) -> None:
        statements.remove(next(each for each in statements if each["Sid"] == sid))

    return document_of(type, path, sabotage)


def with_statement(type: str, path: str, at: str = "policy", **elements: Any) -> Edit:
    """Add a statement that lets everyone do everything, but for the elements given."""
    return document_of(type, path, lambda statements: statements.append({**PUBLIC, **elements}), at)


def only_objects(document: dict[str, Any]) -> None:
    """Leave the bucket out of the statement that denies insecure transport to it and its objects."""
    resource = body(document, BUCKET_POLICY, f"{REPORTS}/policy")
    policy = json.loads(resource["policy"])
    (found,) = [each for each in policy["Statement"] if each["Sid"] == DENY_INSECURE]
    found["Resource"] = [each for each in found["Resource"] if each.endswith("/*")]
    resource["policy"] = json.dumps(policy)


def only_bucket(document: dict[str, Any]) -> None:
    """Leave the objects out of it."""
    resource = body(document, BUCKET_POLICY, f"{STORE_BACKUPS}/policy")
    policy = json.loads(resource["policy"])
    (found,) = [each for each in policy["Statement"] if each["Sid"] == DENY_INSECURE]
    found["Resource"] = [each for each in found["Resource"] if not each.endswith("/*")]
    resource["policy"] = json.dumps(policy)


def public_permission(document: Mapping[str, Any]) -> dict[str, Any]:
    """A permission for everyone to invoke a function."""
    return {"function_name": "report", "action": "lambda:InvokeFunction", "principal": "*"}


def public_secret_policy(document: Mapping[str, Any]) -> dict[str, Any]:
    """A policy that lets everyone read a secret."""
    policy = {"Version": "2012-10-17", "Statement": [{**PUBLIC, "Action": "secretsmanager:GetSecretValue"}]}
    return {"secret_arn": "arn:aws:secretsmanager:us-east-1:333333333333:secret:broker", "policy": json.dumps(policy)}


def plain_bucket(document: Mapping[str, Any]) -> dict[str, Any]:
    """A bucket without anything else."""
    return {"bucket": "meals-prod-plain"}


def public_queue_policy(document: Mapping[str, Any]) -> dict[str, Any]:
    """A second policy of a queue, which lets everyone send over TLS."""
    policy = {
        "Version": "2012-10-17",
        "Statement": [{**PUBLIC, "Action": "sqs:*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}],
    }
    return {"queue_url": reference(document, QUEUE, FAILURES, "url"), "policy": json.dumps(policy)}


MUTATIONS: tuple[Mutation, ...] = (
    Mutation(
        "bucket-policy-removed",
        "CKV2_MEALS_111",
        f"{IMAGES}/bucket",
        remove(BUCKET_POLICY, f"{IMAGES}/policy"),
    ),
    Mutation(
        "bucket-policy-without-tls",
        "CKV2_MEALS_111",
        f"{STORE_BACKUPS}/bucket",
        without_statement(BUCKET_POLICY, f"{STORE_BACKUPS}/policy", DENY_INSECURE),
    ),
    Mutation("bucket-left-out", "CKV2_MEALS_111", f"{REPORTS}/bucket", only_objects),
    Mutation("objects-left-out", "CKV2_MEALS_111", f"{STORE_BACKUPS}/bucket", only_bucket),
    Mutation(
        "bucket-denies-reading-only",
        "CKV2_MEALS_111",
        f"{IMAGES}/bucket",
        statement(BUCKET_POLICY, f"{IMAGES}/policy", DENY_INSECURE, Action=["s3:GetObject"]),
    ),
    Mutation(
        "bucket-spares-an-action",
        "CKV2_MEALS_111",
        f"{IMAGES}/bucket",
        statement(BUCKET_POLICY, f"{IMAGES}/policy", DENY_INSECURE, Action=None, NotAction="s3:PutObject"),
    ),
    Mutation(
        "bucket-denies-secure-transport",
        "CKV2_MEALS_111",
        f"{REPORTS}/bucket",
        statement(
            BUCKET_POLICY, f"{REPORTS}/policy", DENY_INSECURE, Condition={"Bool": {"aws:SecureTransport": "true"}}
        ),
    ),
    Mutation(
        "bucket-allows-secure-transport-instead",
        "CKV2_MEALS_111",
        f"{REPORTS}/bucket",
        statement(
            BUCKET_POLICY,
            f"{REPORTS}/policy",
            DENY_INSECURE,
            Effect="Allow",
            Condition={"Bool": {"aws:SecureTransport": "true"}},
        ),
    ),
    Mutation(
        "bucket-denies-on-a-second-condition",
        "CKV2_MEALS_111",
        f"{REPORTS}/bucket",
        statement(
            BUCKET_POLICY,
            f"{REPORTS}/policy",
            DENY_INSECURE,
            Condition={
                "Bool": {"aws:SecureTransport": "false"},
                "StringNotEquals": {"aws:PrincipalAccount": "333333333333"},
            },
        ),
    ),
    Mutation(
        "bucket-denies-one-caller",
        "CKV2_MEALS_111",
        f"{IMAGES}/bucket",
        statement(
            BUCKET_POLICY, f"{IMAGES}/policy", DENY_INSECURE, Principal={"AWS": "arn:aws:iam::333333333333:root"}
        ),
    ),
    Mutation(
        "bucket-spares-a-caller",
        "CKV2_MEALS_111",
        f"{IMAGES}/bucket",
        statement(
            BUCKET_POLICY,
            f"{IMAGES}/policy",
            DENY_INSECURE,
            Principal=None,
            NotPrincipal={"AWS": "arn:aws:iam::333333333333:role/admin"},
        ),
    ),
    Mutation(
        "bucket-policy-of-another",
        "CKV2_MEALS_111",
        f"{IMAGES}/bucket",
        lambda document: change(
            BUCKET_POLICY,
            f"{IMAGES}/policy",
            "bucket",
            to=reference(document, BUCKET, f"{REPORTS}/bucket"),
        )(document),
    ),
    Mutation("bucket-added", "CKV2_MEALS_111", "storage/plain", add(BUCKET, "storage/plain", plain_bucket)),
    Mutation("queue-policy-removed", "CKV2_MEALS_112", FAILURES, remove("aws_sqs_queue_policy", f"{FAILURES}-policy")),
    Mutation(
        "queue-denies-sending-only",
        "CKV2_MEALS_112",
        FAILURES,
        statement("aws_sqs_queue_policy", f"{FAILURES}-policy", DENY_INSECURE, Action="sqs:SendMessage"),
    ),
    Mutation(
        "queue-denies-another-queue",
        "CKV2_MEALS_112",
        FAILURES,
        statement(
            "aws_sqs_queue_policy",
            f"{FAILURES}-policy",
            DENY_INSECURE,
            Resource="arn:aws:sqs:us-east-1:333333333333:another",
        ),
    ),
    Mutation(
        "table-policy-without-tls",
        "CKV2_MEALS_113",
        f"{EVENTS}/policy",
        without_statement("aws_dynamodb_resource_policy", f"{EVENTS}/policy", DENY_INSECURE),
    ),
    Mutation(
        "stream-policy-without-tls",
        "CKV2_MEALS_113",
        f"{EVENTS}/stream-policy",
        statement(
            "aws_dynamodb_resource_policy", f"{EVENTS}/stream-policy", DENY_INSECURE, Action="dynamodb:GetShardIterator"
        ),
    ),
    Mutation("topic-policy-removed", "CKV2_MEALS_110", READY, remove("aws_sns_topic_policy", f"{READY}-policy")),
    Mutation(
        "topic-policy-without-tls",
        "CKV2_MEALS_110",
        READY,
        without_statement("aws_sns_topic_policy", f"{READY}-policy", DENY_INSECURE),
    ),
    Mutation("public-bucket", "CKV2_MEALS_114", f"{IMAGES}/policy", with_statement(BUCKET_POLICY, f"{IMAGES}/policy")),
    Mutation(
        "bucket-public-over-tls",
        "CKV2_MEALS_114",
        f"{IMAGES}/policy",
        with_statement(
            BUCKET_POLICY,
            f"{IMAGES}/policy",
            Principal={"AWS": ["*"]},
            Action="s3:GetObject",
            Condition={"Bool": {"aws:SecureTransport": "true"}},
        ),
    ),
    Mutation(
        "topic-public",
        "CKV2_MEALS_115",
        f"{READY}-policy",
        statement("aws_sns_topic_policy", f"{READY}-policy", "OwnAccountUsesTopic", Principal="*", Condition=None),
    ),
    Mutation(
        "topic-public-but-for-one",
        "CKV2_MEALS_115",
        f"{READY}-policy",
        statement(
            "aws_sns_topic_policy",
            f"{READY}-policy",
            "OwnAccountUsesTopic",
            Principal=None,
            NotPrincipal={"AWS": "arn:aws:iam::333333333333:role/guest"},
            Condition=None,
        ),
    ),
    Mutation(
        "queue-public",
        "CKV2_MEALS_116",
        "event-store/export/second-policy",
        add("aws_sqs_queue_policy", "event-store/export/second-policy", public_queue_policy),
    ),
    Mutation(
        "queue-public-to-an-address",
        "CKV2_MEALS_116",
        f"{FAILURES}-policy",
        with_statement(
            "aws_sqs_queue_policy",
            f"{FAILURES}-policy",
            Action="sqs:SendMessage",
            Condition={"IpAddress": {"aws:SourceIp": "198.51.100.7/32"}},
        ),
    ),
    Mutation("key-public", "CKV2_MEALS_117", STORE_KEY, with_statement(KEY, STORE_KEY, Principal={"AWS": "*"})),
    Mutation(
        "key-public-if-there-is-no-account",
        "CKV2_MEALS_117",
        STORE_KEY,
        with_statement(KEY, STORE_KEY, Condition={"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1234567890"}}),
    ),
    Mutation(
        "function-public",
        "CKV2_MEALS_118",
        "streaming/report",
        add(FUNCTION_PERMISSION, "streaming/report", public_permission),
    ),
    Mutation(
        "vault-public",
        "CKV2_MEALS_119",
        "event-store/backups/vault-policy",
        with_statement("aws_backup_vault_policy", "event-store/backups/vault-policy"),
    ),
    Mutation(
        "table-public",
        "CKV2_MEALS_119",
        f"{EVENTS}/policy",
        with_statement("aws_dynamodb_resource_policy", f"{EVENTS}/policy", Action="dynamodb:GetItem"),
    ),
    Mutation(
        "cluster-public",
        "CKV2_MEALS_119",
        f"{CLUSTER}/policy",
        with_statement("aws_msk_cluster_policy", f"{CLUSTER}/policy", Action="kafka:CreateVpcConnection"),
    ),
    Mutation(
        "log-groups-public",
        "CKV2_MEALS_119",
        "network/log-delivery/policy",
        with_statement("aws_cloudwatch_log_resource_policy", "network/log-delivery/policy", at="policy_document"),
    ),
    Mutation(
        "role-public",
        "CKV2_MEALS_119",
        "event-store/export/role/role",
        with_statement(
            "aws_iam_role", "event-store/export/role/role", at="assume_role_policy", Action="sts:AssumeRole"
        ),
    ),
    Mutation(
        "secret-public",
        "CKV2_MEALS_119",
        "messaging/secret-policy",
        add("aws_secretsmanager_secret_policy", "messaging/secret-policy", public_secret_policy),
    ),
)
