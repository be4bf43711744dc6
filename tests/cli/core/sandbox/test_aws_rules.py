"""What the sandbox refuses, or answers in another way than moto, because AWS does."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cli.core.sandbox.override import variables
from cli.core.sandbox.server.lingering import SECONDS
from tests.support.sandbox import ACCOUNT_ID, Client

POLICY = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:GetCallerIdentity", "Resource": "*"}]}
)


def refusal(call: Callable[..., Any], **arguments: Any) -> tuple[str, str]:
    """The code and the message of the error that a call ends with."""
    with pytest.raises(ClientError) as error:
        call(**arguments)
    return error.value.response["Error"]["Code"], error.value.response["Error"]["Message"]


def cluster(kafka: Any, name: str, *, brokers: int = 2, subnets: tuple[str, ...] = ("subnet-1", "subnet-2")) -> str:
    """Make a cluster; its ARN."""
    arn: str = kafka.create_cluster(
        ClusterName=name,
        KafkaVersion="3.8.x",
        NumberOfBrokerNodes=brokers,
        BrokerNodeGroupInfo={
            "ClientSubnets": list(subnets),
            "InstanceType": "kafka.m7g.large",
            "SecurityGroups": [f"sg-{name}"],
        },
    )["ClusterArn"]
    return arn


def network(shared: Client, cidr: str, zone: str = "us-east-1a") -> tuple[str, str]:
    """Ids of a subnet and of a security group in a new VPC."""
    ec2 = shared("ec2")
    vpc = ec2.create_vpc(CidrBlock=cidr)["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock=cidr, AvailabilityZone=zone)["Subnet"]["SubnetId"]
    group = ec2.create_security_group(VpcId=vpc, GroupName=f"group-{cidr}", Description="brokers")["GroupId"]
    return subnet, group


def role(shared: Client, name: str) -> str:
    """Make a role with the inline policy `own`; its ARN."""
    iam = shared("iam")
    arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=POLICY)["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=POLICY)
    return arn


def test_of_four_brokers_any_three_are_named_in_any_order(shared: Client) -> None:
    kafka = shared("kafka")
    arn = cluster(kafka, "four", brokers=4)
    answers = {kafka.get_bootstrap_brokers(ClusterArn=arn)["BootstrapBrokerStringSaslIam"] for _ in range(60)}
    assert {len(answer.split(",")) for answer in answers} == {3}
    assert len({frozenset(answer.split(",")) for answer in answers}) > 1
    assert len(answers) > len({frozenset(answer.split(",")) for answer in answers})


def test_nodes_are_all_brokers_with_their_ids_and_addresses(shared: Client) -> None:
    kafka = shared("kafka")
    arn = cluster(kafka, "nodes", brokers=4)
    nodes = [node["BrokerNodeInfo"] for node in kafka.list_nodes(ClusterArn=arn)["NodeInfoList"]]
    by_id = {node["BrokerId"]: (node["Endpoints"], node["ClientSubnet"]) for node in nodes}
    assert by_id == {
        float(number): (
            [f"b-{number}.nodes.sandbox.c1.kafka.us-east-1.amazonaws.com"],
            f"subnet-{2 - number % 2}",
        )
        for number in (1, 2, 3, 4)
    }


def test_brokers_are_refused_in_the_zone_that_msk_lacks(shared: Client) -> None:
    subnet, _ = network(shared, "10.31.0.0/24", zone="us-east-1e")
    zones = shared("ec2").describe_availability_zones(ZoneNames=["us-east-1e"])["AvailabilityZones"]
    assert [zone["ZoneId"] for zone in zones] == ["use1-az3"]
    kafka = shared("kafka")
    arguments = {
        "ClusterName": "elsewhere",
        "KafkaVersion": "3.8.x",
        "NumberOfBrokerNodes": 1,
        "BrokerNodeGroupInfo": {"ClientSubnets": [subnet], "InstanceType": "kafka.m7g.large"},
    }
    code, message = refusal(kafka.create_cluster, **arguments)
    assert (code, "us-east-1e" in message) == ("BadRequestException", True)


def test_a_configuration_that_is_gone_is_a_bad_request(shared: Client) -> None:
    """What the provider waits for at the end of a deletion."""
    kafka = shared("kafka")
    arn = kafka.create_configuration(Name="gone", ServerProperties=b"a=1")["Arn"]
    kafka.delete_configuration(Arn=arn)
    code, message = refusal(kafka.describe_configuration, Arn=arn)
    assert (code, message) == ("BadRequestException", "Configuration ARN does not exist.")


def test_interfaces_of_a_pipe_keep_subnet_and_group_for_a_while(shared: Client) -> None:
    ec2, pipes = shared("ec2"), shared("pipes")
    subnet, group = network(shared, "10.32.0.0/24")
    source = _cluster_in(shared, "read", subnet, group)
    pipes.create_pipe(Name="reads", Source=source, Target="arn:aws:sns:us-east-1:1:t", RoleArn=role(shared, "reads"))
    assert refusal(ec2.delete_subnet, SubnetId=subnet) == (
        "DependencyViolation",
        f"The subnet '{subnet}' has dependencies and cannot be deleted.",
    )
    pipes.delete_pipe(Name="reads")
    assert refusal(ec2.delete_security_group, GroupId=group) == (
        "DependencyViolation",
        f"resource {group} has a dependent object",
    )
    time.sleep(SECONDS + 0.1)
    ec2.delete_security_group(GroupId=group)
    ec2.delete_subnet(SubnetId=subnet)


def test_interfaces_stay_when_the_role_of_the_pipe_goes_too_early(shared: Client) -> None:
    pipes = shared("pipes")
    subnet, group = network(shared, "10.33.0.0/24")
    source = _cluster_in(shared, "stranded", subnet, group)
    pipes.create_pipe(Name="stray", Source=source, Target="arn:aws:sns:us-east-1:1:t", RoleArn=role(shared, "stray"))
    pipes.delete_pipe(Name="stray")
    shared("iam").delete_role_policy(RoleName="stray", PolicyName="own")
    time.sleep(SECONDS + 0.1)
    assert refusal(shared("ec2").delete_subnet, SubnetId=subnet)[0] == "DependencyViolation"


def test_an_endpoint_has_an_interface_in_each_of_its_subnets(shared: Client) -> None:
    ec2 = shared("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.34.0.0/16")["Vpc"]["VpcId"]
    first, second, third = (
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.34.{number}.0/24")["Subnet"]["SubnetId"] for number in range(3)
    )
    endpoint = ec2.create_vpc_endpoint(
        VpcId=vpc,
        VpcEndpointType="Interface",
        ServiceName="com.amazonaws.us-east-1.ssm",
        SubnetIds=[first, second],
    )["VpcEndpoint"]["VpcEndpointId"]
    ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, AddSubnetIds=[third], RemoveSubnetIds=[second])
    (changed,) = ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"]
    interfaces = ec2.describe_network_interfaces(NetworkInterfaceIds=changed["NetworkInterfaceIds"])[
        "NetworkInterfaces"
    ]
    assert sorted(each["SubnetId"] for each in interfaces) == sorted([first, third])
    assert (
        ec2.describe_network_interfaces(Filters=[{"Name": "subnet-id", "Values": [second]}])["NetworkInterfaces"] == []
    )


def _cluster_in(shared: Client, name: str, subnet: str, group: str) -> str:
    arn: str = shared("kafka").create_cluster(
        ClusterName=name,
        KafkaVersion="3.8.x",
        NumberOfBrokerNodes=1,
        BrokerNodeGroupInfo={
            "ClientSubnets": [subnet],
            "InstanceType": "kafka.m7g.large",
            "SecurityGroups": [group],
        },
    )["ClusterArn"]
    return arn


def delivery_stream(shared: Client, name: str, cluster_arn: str) -> None:
    """Make a delivery stream that reads a topic of a cluster."""
    role_arn = f"arn:aws:iam::{ACCOUNT_ID}:role/firehose"
    shared("firehose").create_delivery_stream(
        DeliveryStreamName=name,
        DeliveryStreamType="MSKAsSource",
        MSKSourceConfiguration={
            "MSKClusterARN": cluster_arn,
            "TopicName": "topic",
            "AuthenticationConfiguration": {"RoleARN": role_arn, "Connectivity": "PRIVATE"},
        },
        ExtendedS3DestinationConfiguration={"RoleARN": role_arn, "BucketARN": "arn:aws:s3:::bucket"},
    )


def status(shared: Client, name: str) -> tuple[str, str]:
    """Status of a delivery stream, and the type of its failure."""
    found = shared("firehose").describe_delivery_stream(DeliveryStreamName=name)["DeliveryStreamDescription"]
    return found["DeliveryStreamStatus"], found.get("FailureDescription", {}).get("Type", "")


def test_firehose_fails_while_the_policy_of_the_cluster_is_new(shared: Client) -> None:
    kafka = shared("kafka")
    arn = cluster(kafka, "connected")
    kafka.put_cluster_policy(ClusterArn=arn, Policy=POLICY)
    delivery_stream(shared, "early", arn)
    assert status(shared, "early") == ("CREATING_FAILED", "CREATE_PRIVATE_LINK_FAILED")
    shared("firehose").delete_delivery_stream(DeliveryStreamName="early")
    time.sleep(SECONDS + 0.1)
    delivery_stream(shared, "late", arn)
    assert status(shared, "late")[0] != "CREATING_FAILED"


def test_a_cluster_stays_while_firehose_is_connected(shared: Client) -> None:
    kafka, firehose = shared("kafka"), shared("firehose")
    arn = cluster(kafka, "read-by-firehose")
    kafka.put_cluster_policy(ClusterArn=arn, Policy=POLICY)
    time.sleep(SECONDS + 0.1)
    delivery_stream(shared, "reader", arn)
    assert refusal(kafka.delete_cluster, ClusterArn=arn)[0] == "BadRequestException"
    firehose.delete_delivery_stream(DeliveryStreamName="reader")
    assert refusal(kafka.delete_cluster, ClusterArn=arn)[0] == "BadRequestException"
    time.sleep(SECONDS + 0.1)
    kafka.delete_cluster(ClusterArn=arn)


def test_pauses_in_the_sandbox_are_longer_than_what_lingers() -> None:
    assert float(variables("http://127.0.0.1:1", {})["INFRA_PAUSE_SECONDS"]) > SECONDS


def test_a_bucket_with_objects_stays(shared: Client) -> None:
    s3 = shared("s3")
    s3.create_bucket(Bucket="with-objects")
    s3.put_object(Bucket="with-objects", Key="object", Body=b"content")
    assert refusal(s3.delete_bucket, Bucket="with-objects")[0] == "BucketNotEmpty"


def test_an_sms_limit_above_the_quota_is_refused(shared: Client) -> None:
    sns = shared("sns")
    sns.set_sms_attributes(attributes={"MonthlySpendLimit": "1"})
    code, message = refusal(sns.set_sms_attributes, attributes={"MonthlySpendLimit": "500"})
    assert (code, "MonthlySpendLimit" in message) == ("InvalidParameter", True)
    assert sns.get_sms_attributes()["attributes"]["MonthlySpendLimit"] == "1"


@pytest.mark.parametrize(
    ("engine", "first"), [("RABBITMQ", "https://"), ("ACTIVEMQ", "wss://")], ids=["rabbitmq", "activemq"]
)
def test_the_first_endpoint_of_a_broker_is_not_the_one_to_connect_to(shared: Client, engine: str, first: str) -> None:
    mq = shared("mq")
    broker = mq.create_broker(
        AutoMinorVersionUpgrade=True,
        BrokerName=f"first-{engine.lower()}",
        DeploymentMode="SINGLE_INSTANCE",
        EngineType=engine,
        EngineVersion="3.13" if engine == "RABBITMQ" else "5.18",
        HostInstanceType="mq.m7g.medium",
        PubliclyAccessible=False,
        Users=[{"Username": "servers", "Password": "made-up-for-a-test"}],
    )["BrokerId"]
    (instance,) = mq.describe_broker(BrokerId=broker)["BrokerInstances"]
    assert instance["Endpoints"][0].startswith(first)
    assert len(instance["Endpoints"]) > 1


def scaling_group(shared: Client, name: str, role_arn: str) -> None:
    """Make a scaling group that passes a service-linked role."""
    autoscaling, ec2 = shared("autoscaling"), shared("ec2")
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    ec2.create_launch_template(LaunchTemplateName=name, LaunchTemplateData={"ImageId": image})
    autoscaling.create_auto_scaling_group(
        AutoScalingGroupName=name,
        AvailabilityZones=["us-east-1a"],
        LaunchTemplate={"LaunchTemplateName": name},
        MaxSize=0,
        MinSize=0,
        ServiceLinkedRoleARN=role_arn,
    )


def linked_role(suffix: str) -> str:
    """ARN of the service-linked role of EC2 Auto Scaling with a suffix."""
    path = "role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
    return f"arn:aws:iam::{ACCOUNT_ID}:{path}{suffix}"


def test_the_apply_role_is_asked_whether_it_may_pass_a_role_with_a_suffix(shared: Client) -> None:
    iam = shared("iam")
    role(shared, "passing-apply")
    arn = linked_role("_passing")
    code, message = refusal(scaling_group, shared=shared, name="refused", role_arn=arn)
    assert code == "AccessDenied"
    assert f"is not authorized to perform: iam:PassRole on resource: {arn}" in message
    allowed = {
        "Effect": "Allow",
        "Action": ["iam:PassRole"],
        "Resource": arn,
        "Condition": {"StringEquals": {"iam:PassedToService": "autoscaling.amazonaws.com"}},
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    iam.put_role_policy(RoleName="passing-apply", PolicyName="own", PolicyDocument=document)
    scaling_group(shared, "passed", arn)
    shared("autoscaling").update_auto_scaling_group(AutoScalingGroupName="passed", ServiceLinkedRoleARN=arn)


def test_an_attached_policy_counts_by_its_default_version(shared: Client) -> None:
    iam, arn = shared("iam"), linked_role("_attached")
    role(shared, "attached-apply")

    def document(action: str) -> str:
        statement = {"Effect": "Allow", "Action": action, "Resource": arn}
        return json.dumps({"Version": "2012-10-17", "Statement": [statement]})

    policy = iam.create_policy(PolicyName="attached-apply", PolicyDocument=document("iam:GetRole"))["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="attached-apply", PolicyArn=policy)
    assert refusal(scaling_group, shared=shared, name="not-attached", role_arn=arn)[0] == "AccessDenied"
    iam.create_policy_version(PolicyArn=policy, PolicyDocument=document("iam:PassRole"), SetAsDefault=True)
    scaling_group(shared, "attached", arn)


@pytest.mark.parametrize("suffix", ["", "_unasked"])
def test_nobody_is_asked_for_the_default_role_or_without_an_apply_role(shared: Client, suffix: str) -> None:
    scaling_group(shared, f"unasked{suffix}", linked_role(suffix))


def test_query_logs_go_once_no_vpc_uses_them(shared: Client) -> None:
    resolver = shared("route53resolver")
    vpc = shared("ec2").create_vpc(CidrBlock="10.34.0.0/24")["Vpc"]["VpcId"]
    config = resolver.create_resolver_query_log_config(
        Name="logs",
        CreatorRequestId="logs",
        DestinationArn=f"arn:aws:logs:us-east-1:{ACCOUNT_ID}:log-group:queries",
    )["ResolverQueryLogConfig"]["Id"]
    resolver.associate_resolver_query_log_config(ResolverQueryLogConfigId=config, ResourceId=vpc)
    code, _ = refusal(resolver.delete_resolver_query_log_config, ResolverQueryLogConfigId=config)
    assert code == "InvalidRequestException"
    resolver.disassociate_resolver_query_log_config(ResolverQueryLogConfigId=config, ResourceId=vpc)
    resolver.delete_resolver_query_log_config(ResolverQueryLogConfigId=config)
    code, _ = refusal(resolver.get_resolver_query_log_config, ResolverQueryLogConfigId=config)
    assert code == "ResourceNotFoundException"


def test_a_queue_that_is_updated_keeps_its_policy(shared: Client) -> None:
    sqs = shared("sqs")
    url = sqs.create_queue(QueueName="kept")["QueueUrl"]
    statement = {"Sid": "a", "Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "60"})
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy", "VisibilityTimeout"])["Attributes"]
    assert (json.loads(found["Policy"])["Statement"], found["VisibilityTimeout"]) == ([statement], "60")
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
    assert "Policy" not in sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"]).get("Attributes", {})


def test_a_scaling_group_that_is_gone_has_no_capacity_to_set(shared: Client) -> None:
    code, message = refusal(shared("autoscaling").set_desired_capacity, AutoScalingGroupName="gone", DesiredCapacity=1)
    assert (code, message) == ("ValidationError", "AutoScalingGroup name not found - no such group: gone")


def test_a_record_that_was_deleted_is_made_again(shared: Client) -> None:
    route53 = shared("route53")
    zone = route53.create_hosted_zone(Name="again.example", CallerReference="again")["HostedZone"]["Id"]
    target = {"HostedZoneId": "Z1", "DNSName": "balancer.example", "EvaluateTargetHealth": False}
    records: list[dict[str, Any]] = [
        {"Name": "again.example", "Type": "A", "AliasTarget": target},
        {"Name": "again.example", "Type": "CAA", "TTL": 60, "ResourceRecords": [{"Value": '0 issue "amazon.com"'}]},
    ]

    def change(action: str, record: dict[str, Any]) -> None:
        batch = {"Changes": [{"Action": action, "ResourceRecordSet": record}]}
        route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)

    for record in records:
        change("CREATE", record)
        code, message = refusal(change, action="CREATE", record=record)
        assert code == "InvalidChangeBatch"
        assert "already exists" in message
        for action in ("DELETE", "CREATE", "DELETE"):
            change(action, record)
    left = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    assert {each["Type"] for each in left} == {"NS", "SOA"}


def test_a_backup_plan_that_was_deleted_is_made_again(shared: Client) -> None:
    backup = shared("backup")
    rule = {"RuleName": "daily", "TargetBackupVaultName": "vault"}
    for _ in range(2):
        plan = backup.create_backup_plan(BackupPlan={"BackupPlanName": "again", "Rules": [rule]})["BackupPlanId"]
        backup.delete_backup_plan(BackupPlanId=plan)
    assert backup.list_backup_plans()["BackupPlansList"] == []
