"""Sabotages of policy documents: insecure transport, and callers whom nobody has named."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.support.mutation import Edit, Part, Statements, by_rule, statement_of

BUCKET = "aws_s3_bucket"
BUCKET_POLICY = "aws_s3_bucket_policy"
QUEUE_POLICY = "aws_sqs_queue_policy"
TABLE_POLICY = "aws_dynamodb_resource_policy"

IMAGES = Part(BUCKET, "storage/images/bucket")
IMAGES_POLICY = Part(BUCKET_POLICY, "storage/images/policy")
BACKUPS = Part(BUCKET, "event-store/backup-bucket/bucket")
BACKUPS_POLICY = Part(BUCKET_POLICY, "event-store/backup-bucket/policy")
REPORTS = Part(BUCKET, "streaming/data-reporting/backups/bucket")
REPORTS_POLICY = Part(BUCKET_POLICY, "streaming/data-reporting/backups/policy")
FAILURES = Part("aws_sqs_queue", "event-store/export/failures")
FAILURES_POLICY = Part(QUEUE_POLICY, "event-store/export/failures-policy")
READY = Part("aws_sns_topic", "notifications/meal-ready")
READY_POLICY = Part("aws_sns_topic_policy", "notifications/meal-ready-policy")
TABLE = Part(TABLE_POLICY, "event-store/table/policy")
STREAM = Part(TABLE_POLICY, "event-store/table/stream-policy")
STORE_KEY = Part("aws_kms_key", "keys/event-store/key")
VAULT = Part("aws_backup_vault_policy", "event-store/backups/vault-policy")
CLUSTER = Part("aws_msk_cluster_policy", "streaming/cluster/policy")
LOGS = Part("aws_cloudwatch_log_resource_policy", "network/log-delivery/policy")
ROLE = Part("aws_iam_role", "event-store/export/role/role")

DENY_INSECURE = "DenyInsecureTransport"
OWN_ACCOUNT = "OwnAccountUsesTopic"
OVER_TLS = {"Bool": {"aws:SecureTransport": "true"}}
CODE_HOSTING = "token.actions.githubusercontent.com"
PUBLIC = {"Sid": "Public", "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}


def open_to_all(part: Part, at: str = "policy", **elements: Any) -> Edit:
    """Add a statement that lets everyone do everything, but for the elements given."""
    return part.policy(lambda statements: statements.append({**PUBLIC, **elements}), at)


def public_policy(**elements: Any) -> str:
    """A policy of only such a statement."""
    return json.dumps({"Version": "2012-10-17", "Statement": [{**PUBLIC, **elements}]})


def only(is_covered: Callable[[str], bool]) -> Callable[[Statements], None]:
    """Leave resources out of the statement that denies insecure transport."""

    def sabotage(statements: Statements) -> None:
        statement = statement_of(DENY_INSECURE, statements)
        statement["Resource"] = [each for each in statement["Resource"] if is_covered(each)]

    return sabotage


def is_objects(resource: str) -> bool:
    """Whether an ARN is that of the objects in a bucket."""
    return resource.endswith("/*")


MUTATIONS = by_rule(
    CKV2_MEALS_110=[
        ("topic-policy-removed", READY_POLICY.remove(), READY),
        (
            "topic-with-a-second-policy",
            Part("aws_sns_topic_policy", "notifications/second-policy").add(
                arn=READY.attribute("arn"),
                policy=public_policy(Principal={"AWS": "arn:aws:iam::333333333333:root"}, Action="sns:Publish"),
            ),
            READY,
        ),
        ("topic-policy-without-tls", READY_POLICY.without_statement(DENY_INSECURE), READY),
    ],
    CKV2_MEALS_111=[
        ("bucket-policy-removed", IMAGES_POLICY.remove(), IMAGES),
        (
            "bucket-with-a-second-policy",
            Part(BUCKET_POLICY, "storage/images/second-policy").add(
                bucket=IMAGES.id, policy=public_policy(Principal={"AWS": "arn:aws:iam::333333333333:root"})
            ),
            IMAGES,
        ),
        ("bucket-policy-without-tls", BACKUPS_POLICY.without_statement(DENY_INSECURE), BACKUPS),
        ("bucket-left-out", REPORTS_POLICY.policy(only(is_objects)), REPORTS),
        ("objects-left-out", BACKUPS_POLICY.policy(only(lambda resource: not is_objects(resource))), BACKUPS),
        ("bucket-denies-reading-only", IMAGES_POLICY.statement(DENY_INSECURE, Action=["s3:GetObject"]), IMAGES),
        (
            "bucket-spares-an-action",
            IMAGES_POLICY.statement(DENY_INSECURE, Action=None, NotAction="s3:PutObject"),
            IMAGES,
        ),
        ("bucket-denies-secure-transport", REPORTS_POLICY.statement(DENY_INSECURE, Condition=OVER_TLS), REPORTS),
        (
            "bucket-allows-secure-transport-instead",
            REPORTS_POLICY.statement(DENY_INSECURE, Effect="Allow", Condition=OVER_TLS),
            REPORTS,
        ),
        (
            "bucket-denies-on-a-second-condition",
            REPORTS_POLICY.statement(
                DENY_INSECURE,
                Condition={
                    "Bool": {"aws:SecureTransport": "false"},
                    "StringNotEquals": {"aws:PrincipalAccount": "333333333333"},
                },
            ),
            REPORTS,
        ),
        (
            "bucket-denies-one-caller",
            IMAGES_POLICY.statement(DENY_INSECURE, Principal={"AWS": "arn:aws:iam::333333333333:root"}),
            IMAGES,
        ),
        (
            "bucket-spares-a-caller",
            IMAGES_POLICY.statement(
                DENY_INSECURE, Principal=None, NotPrincipal={"AWS": "arn:aws:iam::333333333333:role/admin"}
            ),
            IMAGES,
        ),
        ("bucket-policy-of-another", IMAGES_POLICY.change("bucket", to=REPORTS.id), IMAGES),
        ("bucket-added", Part(BUCKET, "storage/plain").add(bucket="meals-prod-plain")),
    ],
    CKV2_MEALS_112=[
        ("queue-policy-removed", FAILURES_POLICY.remove(), FAILURES),
        ("queue-denies-sending-only", FAILURES_POLICY.statement(DENY_INSECURE, Action="sqs:SendMessage"), FAILURES),
        (
            "queue-denies-another-queue",
            FAILURES_POLICY.statement(DENY_INSECURE, Resource="arn:aws:sqs:us-east-1:333333333333:another"),
            FAILURES,
        ),
    ],
    CKV2_MEALS_113=[
        ("table-policy-without-tls", TABLE.without_statement(DENY_INSECURE)),
        ("stream-policy-without-tls", STREAM.statement(DENY_INSECURE, Action="dynamodb:GetShardIterator")),
    ],
    CKV2_MEALS_114=[
        ("public-bucket", open_to_all(IMAGES_POLICY)),
        (
            "bucket-public-over-tls",
            open_to_all(IMAGES_POLICY, Principal={"AWS": ["*"]}, Action="s3:GetObject", Condition=OVER_TLS),
        ),
    ],
    CKV2_MEALS_115=[
        ("topic-public", READY_POLICY.statement(OWN_ACCOUNT, Principal="*", Condition=None)),
        (
            "topic-for-any-organization",
            READY_POLICY.statement(OWN_ACCOUNT, Principal="*", Condition={"StringLike": {"aws:PrincipalOrgID": "o-*"}}),
        ),
        (
            "topic-for-any-bucket",
            READY_POLICY.statement(
                OWN_ACCOUNT, Principal="*", Condition={"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}}
            ),
        ),
        (
            "topic-public-but-for-one",
            READY_POLICY.statement(
                OWN_ACCOUNT,
                Principal=None,
                NotPrincipal={"AWS": "arn:aws:iam::333333333333:role/guest"},
                Condition=None,
            ),
        ),
    ],
    CKV2_MEALS_116=[
        (
            "queue-public",
            Part(QUEUE_POLICY, "event-store/export/second-policy").add(
                queue_url=FAILURES.attribute("url"), policy=public_policy(Action="sqs:*", Condition=OVER_TLS)
            ),
        ),
        (
            "queue-for-any-source",
            open_to_all(FAILURES_POLICY, Action="sqs:*", Condition={"ArnLike": {"aws:SourceArn": "arn:*:*:*"}}),
        ),
        (
            "queue-public-to-an-address",
            open_to_all(
                FAILURES_POLICY,
                Action="sqs:SendMessage",
                Condition={"IpAddress": {"aws:SourceIp": "198.51.100.7/32"}},
            ),
        ),
    ],
    CKV2_MEALS_117=[
        ("key-public", open_to_all(STORE_KEY, Principal={"AWS": "*"})),
        (
            "key-for-any-endpoint",
            open_to_all(STORE_KEY, Condition={"StringLike": {"aws:SourceVpce": "vpce-*"}}),
        ),
        (
            "key-for-any-path",
            open_to_all(STORE_KEY, Condition={"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "*"}}),
        ),
        (
            "key-public-if-there-is-no-account",
            open_to_all(STORE_KEY, Condition={"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1234567890"}}),
        ),
    ],
    CKV2_MEALS_118=[
        (
            "function-public",
            Part("aws_lambda_permission", "streaming/report").add(
                function_name="report", action="lambda:InvokeFunction", principal="*"
            ),
        ),
        (
            "function-for-any-bucket",
            Part("aws_lambda_permission", "streaming/report").add(
                function_name="report",
                action="lambda:InvokeFunction",
                principal="s3.amazonaws.com",
                source_arn="arn:aws:s3:::*",
            ),
        ),
    ],
    CKV2_MEALS_119=[
        ("vault-public", open_to_all(VAULT)),
        (
            "event-bus-public",
            Part("aws_cloudwatch_event_permission", "event-store/permission").add(statement_id="all", principal="*"),
        ),
        (
            "repositories-public",
            Part("aws_ecr_repository_creation_template", "servers/template").add(
                prefix="ROOT", repository_policy=public_policy(Action="ecr:*")
            ),
        ),
        ("table-public", open_to_all(TABLE, Action="dynamodb:GetItem")),
        ("cluster-public", open_to_all(CLUSTER, Action="kafka:CreateVpcConnection")),
        ("log-groups-public", open_to_all(LOGS, at="policy_document")),
        (
            "role-for-any-repository",
            ROLE.policy(
                lambda statements: statements.append(
                    {
                        "Sid": "CodeHosting",
                        "Effect": "Allow",
                        "Principal": {"Federated": "arn:aws:iam::333333333333:oidc-provider/" + CODE_HOSTING},
                        "Action": "sts:AssumeRoleWithWebIdentity",
                        "Condition": {"StringEquals": {f"{CODE_HOSTING}:aud": "sts.amazonaws.com"}},
                    }
                ),
                at="assume_role_policy",
            ),
        ),
        ("role-public", open_to_all(ROLE, at="assume_role_policy", Action="sts:AssumeRole")),
        (
            "secret-public",
            Part("aws_secretsmanager_secret_policy", "messaging/secret-policy").add(
                secret_arn="arn:aws:secretsmanager:us-east-1:333333333333:secret:broker",
                policy=public_policy(Action="secretsmanager:GetSecretValue"),
            ),
        ),
    ],
    CKV2_MEALS_161=[
        (
            "topic-for-a-service-of-anyone",
            READY_POLICY.statement(OWN_ACCOUNT, Principal={"Service": "s3.amazonaws.com"}, Condition=None),
        ),
        (
            "logs-for-a-service-of-anyone",
            LOGS.policy(lambda statements: statements[0].pop("Condition"), at="policy_document"),
        ),
        (
            "queue-for-a-service-of-anyone",
            open_to_all(FAILURES_POLICY, Principal={"Service": "events.amazonaws.com"}, Action="sqs:SendMessage"),
        ),
    ],
)
