"""Sabotages of who may do what to which data: a permission too many, one too few, a refusal that is gone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.mutation import Edit, Part, Statements, all_of, by_rule, statement_of

ROLE_POLICY = "aws_iam_role_policy"

CORE = Part(ROLE_POLICY, "servers/core-server/instance-profile/policy")
ORDERING = Part(ROLE_POLICY, "servers/ordering-server/instance-profile/policy")
GATEWAY = Part(ROLE_POLICY, "purchase-gateway/server/instance-profile/policy")
STORE = Part(ROLE_POLICY, "event-store/server/instance-profile/policy")
STORE_ROLE = Part("aws_iam_role", "event-store/server/instance-profile/role")
EXPORT = Part(ROLE_POLICY, "event-store/export/role/policy")
BACKUP = Part(ROLE_POLICY, "event-store/backups/role/policy")
PIPES = Part(ROLE_POLICY, "streaming/notification-requests/role/policy")
PIPES_ROLE = Part("aws_iam_role", "streaming/notification-requests/role/role")
REPORTING = Part(ROLE_POLICY, "streaming/data-reporting/delivery-role/policy")
REPORTING_ROLE = Part("aws_iam_role", "streaming/data-reporting/delivery-role/role")
TABLEAU = Part(ROLE_POLICY, "streaming/data-reporting/tableau/policy")
TABLEAU_ROLE = Part("aws_iam_role", "streaming/data-reporting/tableau/role")
METRICS_ROLE = Part("aws_iam_role", "streaming/metrics-export/delivery-role/role")
METRICS = Part(ROLE_POLICY, "streaming/metrics-export/delivery-role/policy")
TABLE = Part("aws_dynamodb_table", "event-store/table/table")
TABLE_POLICY = Part("aws_dynamodb_resource_policy", "event-store/table/policy")
STREAM_POLICY = Part("aws_dynamodb_resource_policy", "event-store/table/stream-policy")
BACKUPS_POLICY = Part("aws_s3_bucket_policy", "event-store/backup-bucket/policy")
IMAGES_POLICY = Part("aws_s3_bucket_policy", "storage/images/policy")
STORE_KEY = Part("aws_kms_key", "keys/event-store/key")
TOPIC_POLICY = Part("aws_sns_topic_policy", "notifications/meal-ready-policy")


CORE_ROLE = Part("aws_iam_role", "servers/core-server/instance-profile/role")
ORDERING_ROLE = Part("aws_iam_role", "servers/ordering-server/instance-profile/role")
EXPORT_ROLE = Part("aws_iam_role", "event-store/export/role/role")
ENDPOINT = Part("aws_vpc_endpoint", "network/gateway-endpoints/dynamodb")
S3_ENDPOINT = Part("aws_vpc_endpoint", "network/gateway-endpoints/s3")
SECRETS_ENDPOINT = Part("aws_vpc_endpoint", "network/interface-endpoints/secretsmanager")
UNKNOWN_ROLE = Part("aws_iam_role", "servers/another/role")
UNKNOWN_BUCKET = Part("aws_s3_bucket", "storage/another/bucket")
OPEN_ENDPOINT = ENDPOINT.statement("OwnTables", Action=["dynamodb:*"])
PAST_ENDPOINT = "DenyOutsideVpcEndpoint"
OPEN_TABLE = TABLE_POLICY.without_statement(PAST_ENDPOINT)
STORE_ARN = "arn:aws:iam::333333333333:role/meals-prod-event-store"
BACKUPS_ARN = "arn:aws:s3:::meals-prod-event-store-backups-333333333333"
IMAGES_ARN = "arn:aws:s3:::meals-prod-images-333333333333"
EVENT_STORE_KEY = "${aws_kms_key.keys_event-store_key_4D05C39F.arn}"
STORAGE_KEY = "${aws_kms_key.keys_storage_key_8CECD39A.arn}"
NOBODY = '{"Version": "2012-10-17", "Statement": []}'
STRANGER = "arn:aws:iam::555566667777:root"


def also(part: Part, *actions: str, to: str = "*", **elements: Any) -> Edit:
    """Let a role do more."""
    statement = {"Sid": "Sabotage", "Effect": "Allow", "Action": list(actions), "Resource": to, **elements}
    return part.policy(lambda statements: statements.append(statement))


def without_boundary(role: Part) -> Edit:
    """Let a role do what its own policies say, IAM included."""
    return role.update(permissions_boundary=None)


def no_more(part: Part, sid: str, action: str) -> Edit:
    """Take an action out of a statement."""
    return part.policy(lambda statements: statement_of(sid, statements)["Action"].remove(action))


def excepted(arn: str) -> Callable[[Statements], None]:
    """Except somebody from what is refused past the endpoint."""

    def sabotage(statements: Statements) -> None:
        statement_of(PAST_ENDPOINT, statements)["Condition"]["ArnNotEquals"]["aws:PrincipalArn"].append(arn)

    return sabotage


def public(*actions: str) -> dict[str, Any]:
    """A statement that lets everybody in."""
    return {"Sid": "Sabotage", "Effect": "Allow", "Action": list(actions), "Principal": "*", "Resource": "*"}


def to_stranger(*actions: str) -> dict[str, Any]:
    """A statement that lets another account in."""
    return {**public(*actions), "Principal": {"AWS": STRANGER}}


def refusing(*actions: str) -> Callable[[Statements], None]:
    """Refuse everybody something."""
    return lambda statements: statements.append({**public(*actions), "Effect": "Deny"})


def trusted_by(role: Part, arn: str) -> Edit:
    """Let somebody take a role."""
    statement = {"Sid": "Sabotage", "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": arn}}
    return role.policy(lambda statements: statements.append(statement), "assume_role_policy")


def without_external_id(statements: Statements) -> None:
    """Let the reporting tool in for anybody."""
    del statement_of("AssumedByTableau", statements)["Condition"]


def to_whole_account(statements: Statements) -> None:
    """Let everybody in the reporting tool's account in."""
    statement_of("AssumedByTableau", statements)["Principal"] = {"AWS": "arn:aws:iam::444444444444:root"}


def to_nobody_else(statements: Statements) -> None:
    """Let the account's policies no longer decide over a key."""
    statement_of("AccountAdministersKey", statements)["Principal"] = {"AWS": f"{STORE_ARN}-backup"}


MUTATIONS = by_rule(
    CKV2_MEALS_401=[
        ("the core server reads the table", also(CORE, "dynamodb:GetItem", "kms:Decrypt")),
        ("the export role reads single events", also(EXPORT, "kms:Decrypt", "dynamodb:Query")),
        ("nobody is kept from the table past its endpoint", OPEN_TABLE, TABLE),
        ("reads past the endpoint are not refused", no_more(TABLE_POLICY, PAST_ENDPOINT, "dynamodb:GetItem"), TABLE),
        ("the event store is excepted from the endpoint", TABLE_POLICY.policy(excepted(STORE_ARN)), TABLE),
        ("the table takes plaintext", TABLE_POLICY.without_statement("DenyInsecureTransport"), TABLE),
        ("the event store reads no more", no_more(STORE, "AppendAndReadEvents", "dynamodb:Query"), STORE_ROLE),
        ("the endpoint lets nobody query", no_more(ENDPOINT, "OwnTables", "dynamodb:Query"), STORE_ROLE),
        ("the event store may not use its key", STORE.without_statement("UseTableKey"), STORE_ROLE),
    ],
    CKV2_MEALS_402=[
        ("the event store updates events", all_of(also(STORE, "dynamodb:UpdateItem"), OPEN_ENDPOINT)),
        ("the event store deletes events", all_of(also(STORE, "dynamodb:DeleteItem"), OPEN_ENDPOINT)),
        ("the event store lets events expire", also(STORE, "dynamodb:UpdateTimeToLive")),
        ("the purchase gateway deletes the table", also(GATEWAY, "dynamodb:*")),
        ("the backup role rewrites the table's policy", also(BACKUP, "dynamodb:PutResourcePolicy")),
    ],
    CKV2_MEALS_403=[
        ("the purchase gateway reads the monitoring key", also(GATEWAY, "secretsmanager:GetSecretValue")),
        ("the reporting role reads every secret", also(REPORTING, "secretsmanager:Get*")),
        ("the core server changes secrets", also(CORE, "secretsmanager:PutSecretValue")),
        ("the ordering server reads no broker user", ORDERING.without_statement("ReadBrokerUser"), ORDERING_ROLE),
    ],
    CKV2_MEALS_404=[
        ("the core server reads every bucket", also(CORE, "s3:GetObject")),
        ("the ordering server writes the state", also(ORDERING, "s3:PutObject", to="arn:aws:s3:::meals-prod-state-*")),
    ],
    CKV2_MEALS_405=[
        ("anybody reads images", IMAGES_POLICY.policy(lambda statements: statements.append(public("s3:GetObject")))),
        ("another account uses the key", STORE_KEY.policy(lambda statements: statements.append(to_stranger("kms:*")))),
        ("another account publishes", TOPIC_POLICY.policy(lambda statements: statements.append(to_stranger("sns:*")))),
        ("reports are read without the external id", TABLEAU_ROLE.policy(without_external_id, "assume_role_policy")),
        ("any role of the other account reads reports", TABLEAU_ROLE.policy(to_whole_account, "assume_role_policy")),
        ("the reporting tool reads every bucket", also(TABLEAU, "s3:GetObject")),
    ],
    CKV2_MEALS_406=[
        ("the core server passes any role", all_of(also(CORE, "iam:PassRole"), without_boundary(CORE_ROLE))),
        ("the export role rewrites roles", all_of(also(EXPORT, "iam:*"), without_boundary(EXPORT_ROLE))),
        ("the event store takes other roles", trusted_by(REPORTING_ROLE, STORE_ARN)),
    ],
    CKV2_MEALS_407=[
        ("the core server uses every key", also(CORE, "kms:Decrypt")),
        ("the ordering server uses the key of buckets", also(ORDERING, "kms:*", to=STORAGE_KEY)),
        ("the event store shares its key", also(STORE, "kms:CreateGrant", to=EVENT_STORE_KEY)),
        ("the backup role deletes its key", also(BACKUP, "kms:ScheduleKeyDeletion", to=EVENT_STORE_KEY)),
        ("the account has no say over the key", STORE_KEY.policy(to_nobody_else), STORE_ROLE),
    ],
    CKV2_MEALS_408=[
        ("the event store deletes exports", also(STORE, "s3:DeleteObject")),
        ("the export role deletes versions", also(EXPORT, "s3:DeleteObjectVersion", to=f"{BACKUPS_ARN}/*")),
        ("the backup role shortens backups", also(BACKUP, "backup:*", to="*")),
    ],
    CKV2_MEALS_409=[
        ("the pipes may not publish", PIPES.without_statement("Publish"), PIPES_ROLE),
        ("the pipes may not use the topics' key", PIPES.without_statement("UseKeyOfPipesAndTopics"), PIPES_ROLE),
        ("the reporting role reads no topic", REPORTING.without_statement("ReadTopic"), REPORTING_ROLE),
        ("the reporting role writes no report", no_more(REPORTING, "WriteObjects", "s3:PutObject"), REPORTING_ROLE),
        ("the export role writes nothing", no_more(EXPORT, "WriteExports", "s3:PutObject"), EXPORT_ROLE),
        ("the purchase gateway deletes images", also(GATEWAY, "s3:DeleteObject", to=f"{IMAGES_ARN}/*")),
        ("the ordering server publishes images", also(ORDERING, "s3:PutObject", to=f"{IMAGES_ARN}/*")),
        ("the core server publishes no image", no_more(CORE, "ReadAndWriteImages", "s3:PutObject"), CORE_ROLE),
        ("the topic refuses its publisher", TOPIC_POLICY.policy(refusing("sns:Publish")), PIPES_ROLE),
    ],
    CKV2_MEALS_411=[
        ("the core server writes into any bucket", also(CORE, "s3:PutObject")),
        ("the event store publishes to any topic", also(STORE, "sns:Publish")),
        ("the endpoint takes any account's buckets", S3_ENDPOINT.statement("OwnBuckets", Condition=None)),
        ("the endpoint takes any account's tables", ENDPOINT.statement("OwnTables", Condition=None, Resource="*")),
        ("the endpoint takes any account's secrets", SECRETS_ENDPOINT.statement("OwnAccount", Condition=None)),
    ],
    CKV2_MEALS_410=[
        ("a role that no claim speaks of", UNKNOWN_ROLE.add(name="x", assume_role_policy=NOBODY)),
        ("a bucket that no claim speaks of", UNKNOWN_BUCKET.add(bucket="x")),
    ],
)
