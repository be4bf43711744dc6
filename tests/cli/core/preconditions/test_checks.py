"""Each precondition on an account that lacks it, and on one that has it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from cli.core.artifacts.published import archive_key
from cli.core.preconditions.catalog import preconditions_of
from cli.core.preconditions.checks import (
    account,
    artifacts,
    broker,
    delivery_policies,
    email,
    instance_types,
    kafka,
    quotas,
    secrets,
    service_linked_roles,
    sms,
    state_bucket,
    zones,
)
from cli.core.preconditions.model import Judgement, PreconditionState, Reads, Subject
from cli.core.preconditions.reader import AccountReader
from cli.core.preconditions.run import judge, run
from envs.settings.servers import SERVER_NAMES
from tests.support.helpers import ROOT
from tests.support.preconditions import CannedAccount, subject_of
from tests.support.sandbox import Client

OK, MISSING, UNKNOWN = PreconditionState.OK, PreconditionState.MISSING, PreconditionState.UNKNOWN


@pytest.fixture
def dev(synthesized: Mapping[str, Any], synthesized_bootstrap: Mapping[str, Any]) -> Subject:
    return subject_of("dev", synthesized["dev"], synthesized_bootstrap["dev"])


@pytest.fixture
def prod(synthesized: Mapping[str, Any], synthesized_bootstrap: Mapping[str, Any]) -> Subject:
    return subject_of("prod", synthesized["prod"], synthesized_bootstrap["prod"])


def judged(check: Any, subject: Subject, reads: Reads) -> list[Judgement]:
    """What the preconditions of a file say."""
    return [judge(precondition, subject, reads) for precondition in check.preconditions(subject)]


def only(judgements: list[Judgement], state: PreconditionState, *, is_fatal: bool = False) -> Judgement:
    """The one judgement, which has a state and a weight; a missing one says what to do."""
    (judgement,) = judgements
    assert (judgement.state, judgement.is_fatal) == (state, is_fatal), judgement
    assert bool(judgement.remedy) is (state is MISSING), judgement
    return judgement


def test_account(dev: Subject, reads: AccountReader) -> None:
    only(judged(account, dev, reads), OK)
    other = Subject(dev.settings.model_copy(update={"account_id": "222222222222"}), {}, {})
    judgement = only(judged(account, other, reads), MISSING, is_fatal=True)
    assert judgement.found == "the credentials belong to 111111111111, the environment to 222222222222"


def test_state_bucket(dev: Subject, reads: AccountReader, client: Client) -> None:
    assert "infra bootstrap dev" in only(judged(state_bucket, dev, reads), MISSING, is_fatal=True).remedy
    client("s3").create_bucket(Bucket=dev.settings.state_bucket)
    only(judged(state_bucket, dev, reads), OK)


def test_secrets(dev: Subject, reads: AccountReader, client: Client) -> None:
    broker_secret, datadog = "meals/dev/broker", "meals/dev/datadog"
    assert [judgement.state for judgement in judged(secrets, dev, reads)] == [MISSING, MISSING]
    manager = client("secretsmanager")
    manager.create_secret(Name=datadog, SecretString='{"api_key": "hidden"}')
    manager.create_secret(Name=broker_secret, SecretString="hidden")
    found = {}
    for value in (
        "hidden",
        '["hidden"]',
        '{"username": "hidden", "password": ""}',
        '{"username": "u", "password": "hidden"}',
    ):
        manager.put_secret_value(SecretId=broker_secret, SecretString=value)
        results = run(list(secrets.preconditions(dev)), dev, reads)
        assert "hidden" not in repr(results)
        found[value] = results[0].found
        assert results[0].is_fatal is (results[0].state is MISSING)
        assert results[1].state is OK
    assert list(found.values()) == [
        "its value is no JSON object",
        "its value is no JSON object",
        "its JSON lacks password",
        "filled, with username, password",
    ]


def test_a_secret_without_a_value(dev: Subject) -> None:
    reads = CannedAccount({("secretsmanager", "describe_secret"): {"Name": "any"}})
    assert {judgement.found for judgement in judged(secrets, dev, reads)} == {"it has no value"}


def test_artifacts(dev: Subject, reads: AccountReader, client: Client) -> None:
    assert len(judged(artifacts, dev, reads)) == 4
    assert all(judgement.is_fatal for judgement in judged(artifacts, dev, reads))
    s3, bucket = client("s3"), artifacts.bucket(dev)
    assert bucket == "meals-dev-artifacts-111111111111"
    s3.create_bucket(Bucket=bucket)
    for server in artifacts.servers(dev):
        s3.put_object(Bucket=bucket, Key=artifacts.key(dev, server), Body=b"archive")
    assert all(".sha256" in judgement.found for judgement in judged(artifacts, dev, reads))
    for server in artifacts.servers(dev):
        s3.put_object(Bucket=bucket, Key=f"{artifacts.key(dev, server)}.sha256", Body=b"checksum")
    assert {judgement.state for judgement in judged(artifacts, dev, reads)} == {OK}


def test_the_digest_of_a_release_is_that_of_the_archive(dev: Subject, reads: AccountReader, client: Client) -> None:
    digest = hashlib.sha256(b"archive").hexdigest()
    release = dev.settings.release.model_copy(
        update={"application_version": "7.0.0", "artifacts": dict.fromkeys(artifacts.servers(dev), digest)}
    )
    named = Subject(dev.settings.model_copy(update={"release": release}), dev.environment, {})
    s3, bucket = client("s3"), artifacts.bucket(dev)
    s3.create_bucket(Bucket=bucket)
    assert {judgement.state for judgement in judged(artifacts, named, reads)} == {MISSING}
    states = {"core-server": b"archive", "event-store": b"another", "ordering-server": b"archive"}
    for server, body in states.items():
        s3.put_object(Bucket=bucket, Key=artifacts.key(named, server), Body=body, ChecksumAlgorithm="SHA256")
    found = judged(artifacts, named, reads)
    assert [judgement.state for judgement in found] == [OK, MISSING, OK, MISSING]
    assert f"the release {digest}" in found[1].found
    assert found[1].is_fatal


def test_an_archive_without_a_digest_in_s3_is_not_known(dev: Subject) -> None:
    release = dev.settings.release.model_copy(update={"artifacts": {"core-server": "0" * 64}})
    named = Subject(dev.settings.model_copy(update={"release": release}), {}, {})
    judgement = artifacts.judge(named, artifacts.ArtifactObjects(archive=True, checksum=True), server="core-server")
    assert judgement.state is UNKNOWN
    assert "infra artifact verify dev" in judgement.remedy


def test_servers_look_where_the_precondition_looks(dev: Subject) -> None:
    assert artifacts.servers(dev) == tuple(sorted(SERVER_NAMES))
    version = dev.settings.release.application_version
    assert all(artifacts.key(dev, server) == archive_key(server, version) for server in SERVER_NAMES)


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (("us-east-1a", "us-east-1e"), "Amazon MSK takes no brokers in us-east-1e (use1-az3)"),
        (("us-east-1a", "us-east-1z"), "the account has no available us-east-1z"),
        (
            ("us-east-1a",),
            "the only zone is us-east-1a; AWS refuses a load balancer and an MSK cluster in fewer than two zones",
        ),
    ],
)
def test_zones(dev: Subject, reads: AccountReader, names: tuple[str, ...], found: str) -> None:
    only(judged(zones, dev, reads), OK)
    network = dev.settings.network.model_copy(update={"zones": names})
    other = Subject(dev.settings.model_copy(update={"network": network}), dev.environment, {})
    assert only(judged(zones, other, reads), MISSING, is_fatal=True).found == found


def with_resources(subject: Subject, type: str, *bodies: Mapping[str, Any]) -> Subject:
    """A stack with other resources of a type."""
    resources = subject.environment["resource"] | {type: {str(number): body for number, body in enumerate(bodies)}}
    return Subject(subject.settings, {**subject.environment, "resource": resources}, subject.bootstrap)


def test_instance_types(dev: Subject, reads: AccountReader) -> None:
    only(judged(instance_types, dev, reads), OK)
    other = with_resources(dev, "aws_launch_template", {"instance_type": "m9z.large"})
    judgement = only(judged(instance_types, other, reads), MISSING, is_fatal=True)
    assert judgement.found == "AWS does not offer m9z.large in us-east-1a, m9z.large in us-east-1b"


OPTION = {
    "AvailabilityZones": [{"Name": "us-east-1a"}, {"Name": "us-east-1b"}],
    "SupportedDeploymentModes": ["SINGLE_INSTANCE", "CLUSTER_MULTI_AZ"],
    "SupportedEngineVersions": ["3.13.7", "4.2"],
}


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ([], "us-east-1 has no mq.m7g.medium for RabbitMQ"),
        (
            [OPTION | {"SupportedDeploymentModes": ["CLUSTER_MULTI_AZ"]}],
            "mq.m7g.medium does not come as SINGLE_INSTANCE",
        ),
        ([OPTION | {"SupportedEngineVersions": ["3.12"]}], "mq.m7g.medium does not run version 3.13"),
        ([OPTION | {"AvailabilityZones": [{"Name": "us-east-1b"}]}], "mq.m7g.medium is not offered in us-east-1a"),
    ],
)
def test_broker(dev: Subject, options: list[Mapping[str, Any]], found: str) -> None:
    def account_with(options: list[Mapping[str, Any]]) -> CannedAccount:
        return CannedAccount({("mq", "describe_broker_instance_options"): {"BrokerInstanceOptions": options}})

    only(judged(broker, dev, account_with([OPTION])), OK)
    assert only(judged(broker, dev, account_with(options)), MISSING, is_fatal=True).found == found


@pytest.mark.parametrize(
    ("versions", "state", "is_fatal"),
    [({"3.8.x": "ACTIVE"}, OK, False), ({"3.8.x": "DEPRECATED"}, MISSING, False), ({"3.9.x": "ACTIVE"}, MISSING, True)],
)
def test_kafka_version(dev: Subject, versions: Mapping[str, str], state: PreconditionState, is_fatal: bool) -> None:
    answer = {"KafkaVersions": [{"Version": version, "Status": status} for version, status in versions.items()]}
    only(judged(kafka, dev, CannedAccount({("kafka", "list_kafka_versions"): answer})), state, is_fatal=is_fatal)


def quota(name: str, subject: Subject, reads: Reads) -> Judgement:
    """What the precondition of one quota says."""
    (precondition,) = (each for each in quotas.preconditions(subject) if each.name == f"quota: {name}")
    return judge(precondition, subject, reads)


@pytest.mark.parametrize(("value", "state", "is_fatal"), [(72, OK, False), (71, MISSING, False), (19, MISSING, True)])
def test_quota_of_vcpus(prod: Subject, value: int, state: PreconditionState, is_fatal: bool) -> None:
    """Production runs 20 vCPUs at least, and 72 with every group at its largest."""
    reads = CannedAccount(
        {
            ("service-quotas", "get_service_quota"): {"Quota": {"Value": float(value)}},
            ("ec2", "describe_instance_types"): {
                "InstanceTypes": [{"InstanceType": "m7g.large", "VCpuInfo": {"DefaultVCpus": 2}}]
            },
            ("ec2", "describe_instances"): {
                "Reservations": [{"Instances": [_instance("prod"), _instance("prod", type="p5.48xlarge")]}]
            },
        }
    )
    judgement = quota("vCPUs of running instances", prod, reads)
    assert (judgement.state, judgement.is_fatal) == (state, is_fatal)
    assert judgement.found == f"needs 20 to 72, the quota is {value}"
    assert ("--desired-value 72" in judgement.remedy) is (state is MISSING)


def test_quota_of_vcpus_counts_instances_of_others(prod: Subject) -> None:
    reads = CannedAccount({("ec2", "describe_instances"): {"Reservations": [{"Instances": [_instance("dev")]}]}})
    assert quotas.QUOTAS[0].taken(prod, reads) == 4


def _instance(environment: str, type: str = "m7g.xlarge") -> Mapping[str, Any]:
    return {
        "InstanceType": type,
        "CpuOptions": {"CoreCount": 4, "ThreadsPerCore": 1},
        "Tags": [{"Key": "Project", "Value": "meals"}, {"Key": "Environment", "Value": environment}],
    }


def test_quota_of_vpcs(dev: Subject, reads: AccountReader, client: Client) -> None:
    assert quota("VPCs", dev, reads).state is OK
    for number in range(4):  # beside the default VPC
        client("ec2").create_vpc(CidrBlock=f"10.{number}.0.0/16")
    judgement = quota("VPCs", dev, reads)
    assert (judgement.state, judgement.is_fatal) == (MISSING, True)
    assert judgement.found == "needs 1, the quota is 5, others take 5"


@pytest.mark.parametrize(
    ("name", "type", "body", "fitting", "too_many"),
    [
        ("rules of a security group", "aws_vpc_security_group_ingress_rule", {"security_group_id": "x"}, 60, 61),
        ("interface endpoints of a VPC", "aws_vpc_endpoint", {"vpc_endpoint_type": "Interface"}, 50, 51),
    ],
)
def test_quotas_in_the_sandbox(
    dev: Subject, reads: AccountReader, name: str, type: str, body: Any, fitting: int, too_many: int
) -> None:
    assert quota(name, with_resources(dev, type, *[body] * fitting), reads).state is OK
    judgement = quota(name, with_resources(dev, type, *[body] * too_many), reads)
    assert (judgement.state, judgement.is_fatal) == (MISSING, True)


@pytest.mark.parametrize(
    ("name", "type", "answers"),
    [
        ("elastic addresses", "aws_eip", {("ec2", "describe_addresses"): {"Addresses": [{"Tags": []}]}}),
        ("SNS topics", "aws_sns_topic", {("sns", "list_topics"): {"Topics": [{"TopicArn": "arn:aws:sns:x:1:other"}]}}),
    ],
)
def test_quotas_that_the_account_shares(dev: Subject, name: str, type: str, answers: Mapping[Any, Any]) -> None:
    for value, state in ((3.0, OK), (2.0, MISSING)):
        reads = CannedAccount({**answers, ("service-quotas", "get_service_quota"): {"Quota": {"Value": value}}})
        assert quota(name, with_resources(dev, type, {"name": "a"}, {"name": "b"}), reads).state is state


def test_a_quota_that_was_never_raised_has_the_default(dev: Subject) -> None:
    reads = CannedAccount(
        {
            ("service-quotas", "get_service_quota"): None,
            ("service-quotas", "get_aws_default_service_quota"): {"Quota": {"Value": 60.0}},
        }
    )
    assert quota("rules of a security group", dev, reads).state is OK


SMS = {"aws_sns_sms_preferences": {"x": {"monthly_spend_limit": 500}}}


@pytest.mark.parametrize(("most", "state"), [(1, MISSING), (500, OK)])
def test_sms_spend_limit(most: int, state: PreconditionState) -> None:
    limits = {"SpendLimits": [{"Name": "TEXT_MESSAGE_MONTHLY_SPEND_LIMIT", "MaxLimit": most}]}
    reads = CannedAccount({("pinpoint-sms-voice-v2", "describe_spend_limits"): limits})
    judgement = judged(sms, subject_of("prod", {"resource": SMS}), reads)[0]
    assert (judgement.state, judgement.is_fatal) == (state, state is MISSING)


@pytest.mark.parametrize(("is_in_sandbox", "state"), [(True, MISSING), (False, OK)])
def test_sms_sandbox(is_in_sandbox: bool, state: PreconditionState) -> None:
    reads = CannedAccount({("sns", "get_sms_sandbox_account_status"): {"IsInSandbox": is_in_sandbox}})
    judgement = judged(sms, subject_of("prod", {"resource": SMS}), reads)[1]
    assert (judgement.state, judgement.is_fatal) == (state, False)


def test_email(dev: Subject, reads: AccountReader, client: Client) -> None:
    assert "the next apply asks 2 of 2" in only(judged(email, dev, reads), OK).found
    subscriptions = [
        {
            "TopicArn": f"arn:aws:sns:us-east-1:111111111111:{topic}",
            "Endpoint": address,
            "SubscriptionArn": "arn:aws:sns:x",
        }
        for topic, address in email.endpoints(dev)
    ]
    confirmed = CannedAccount({("sns", "list_subscriptions"): {"Subscriptions": subscriptions}})
    assert only(judged(email, dev, confirmed), OK).found == "2 confirmed"
    subscriptions[1]["SubscriptionArn"] = "PendingConfirmation"
    assert "payment-failed" in only(judged(email, dev, confirmed), MISSING).found
    topic, address = email.endpoints(dev)[0]
    arn = client("sns").create_topic(Name=topic)["TopicArn"]
    client("sns").subscribe(TopicArn=arn, Protocol="email", Endpoint=address)
    only(judged(email, dev, reads), UNKNOWN)


def test_service_linked_roles(dev: Subject, reads: AccountReader, client: Client) -> None:
    assert "mq.amazonaws.com" in only(judged(service_linked_roles, dev, reads), MISSING).found
    for service in service_linked_roles.services(dev):
        client("iam").create_service_linked_role(AWSServiceName=service)
    only(judged(service_linked_roles, dev, reads), OK)


def test_delivery_policies(dev: Subject, reads: AccountReader, client: Client) -> None:
    assert "not there: meals-dev-" in only(judged(delivery_policies, dev, reads), MISSING).found
    iam = client("iam")
    for name, body in delivery_policies.expected(dev).items():
        document = re.sub(r"\$\{[^}]*\}", "arn:aws:kms:us-east-1:111111111111:key/1", json.dumps(body))
        role, _, policy = name.rpartition("/")
        if role:
            iam.create_role(RoleName=role, AssumeRolePolicyDocument="{}")
            iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=document)
        else:
            iam.create_policy(PolicyName=name, PolicyDocument=document)
    only(judged(delivery_policies, dev, reads), OK)
    wider = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    iam.put_role_policy(RoleName="meals-dev-plan", PolicyName="state", PolicyDocument=json.dumps(wider))
    judgement = only(judged(delivery_policies, dev, reads), MISSING)
    assert judgement.found == "other than the checkout's: meals-dev-plan/state"


@pytest.mark.parametrize(
    ("wanted", "actual", "is_match"),
    [
        ({"a": ["x", "y"]}, {"a": ["y", "x"]}, True),
        ({"a": ["x"]}, {"a": "x"}, True),
        ({"a": ["x"]}, {"a": ["x", "y"]}, False),
        ({"a": "x"}, {"a": "x", "b": "y"}, False),
        ("${aws_kms_key.x.arn}", "arn:aws:kms:us-east-1:1:key/1", True),
        ("${aws_s3_bucket.x.arn}/*", "arn:aws:s3:::other", False),
    ],
)
def test_documents_match(wanted: Any, actual: Any, is_match: bool) -> None:
    assert delivery_policies.matches(wanted, actual) is is_match


def test_preconditions_follow_the_content_of_the_stack(prod: Subject) -> None:
    bare = subject_of("dev", {"terraform": {"backend": {"s3": {}}}})
    assert [precondition.name for precondition in preconditions_of(bare)] == ["account", "state bucket"]
    names = [precondition.name for precondition in preconditions_of(prod)]
    assert len(names) == len(set(names))
    assert {"SMS spend limit", "Amazon MQ", "policies of the CI roles"} <= set(names)


def test_the_documents_list_every_action_that_is_asked(prod: Subject) -> None:
    text = (ROOT / "docs" / "operations.md").read_text()
    everything = with_resources(prod, "aws_eip", {})
    actions = {action for precondition in preconditions_of(everything) for action in precondition.actions}
    assert {action for action in actions if f"`{action}`" not in text} == set()


def test_the_roles_of_ci_may_ask_for_what_can_be_fatal(prod: Subject) -> None:
    """`infra plan` asks as one of them. No policy is needed to ask who one is."""
    granted = {
        action
        for body in delivery_policies.expected(prod).values()
        for statement in (body or {})["Statement"]
        if statement["Effect"] == "Allow"
        for action in statement["Action"]
    }
    asked = {action for each in preconditions_of(prod) if each.can_be_fatal for action in each.actions}
    assert asked - granted == {"sts:GetCallerIdentity"}
