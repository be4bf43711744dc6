"""What the sandbox answers in moto's place, asked by AWS's own client library."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.sandbox import Client


def is_missing(call: Any, code: str, **arguments: Any) -> bool:
    """Whether a call ends with an error of this code."""
    with pytest.raises(ClientError) as error:
        call(**arguments)
    return bool(error.value.response["Error"]["Code"] == code)


def cluster(kafka: Any, name: str) -> str:
    """Make a cluster with a configuration; its ARN."""
    configuration = kafka.create_configuration(Name=f"{name}-configuration", ServerProperties=b"min.insync.replicas=2")
    arn: str = kafka.create_cluster(
        ClusterName=name,
        KafkaVersion="3.8.x",
        NumberOfBrokerNodes=2,
        ConfigurationInfo={"Arn": configuration["Arn"], "Revision": 1},
        BrokerNodeGroupInfo={
            "ClientSubnets": ["subnet-1", "subnet-2"],
            "InstanceType": "kafka.m7g.large",
            "StorageInfo": {"EbsStorageInfo": {"VolumeSize": 100}},
        },
        Tags={"Name": name},
    )["ClusterArn"]
    return arn


def test_kafka_configurations_have_revisions(shared: Client) -> None:
    kafka = shared("kafka")
    arn = kafka.create_configuration(Name="revised", Description="one", ServerProperties=b"a=1")["Arn"]
    assert kafka.update_configuration(Arn=arn, ServerProperties=b"a=2")["LatestRevision"]["Revision"] == 2
    assert kafka.describe_configuration(Arn=arn)["LatestRevision"]["Revision"] == 2
    revisions = [kafka.describe_configuration_revision(Arn=arn, Revision=n)["ServerProperties"] for n in (1, 2)]
    assert revisions == [b"a=1", b"a=2"]
    assert arn in [each["Arn"] for each in kafka.list_configurations()["Configurations"]]
    kafka.delete_configuration(Arn=arn)
    assert is_missing(kafka.describe_configuration, "BadRequestException", Arn=arn)


def test_tables_have_streams_that_get_their_changes(shared: Client) -> None:
    dynamodb = shared("dynamodb")
    assert dynamodb.describe_kinesis_streaming_destination(TableName="t")["KinesisDataStreamDestinations"] == []
    dynamodb.enable_kinesis_streaming_destination(
        TableName="t", StreamArn="arn:aws:kinesis:us-east-1:111111111111:stream/changes"
    )
    (found,) = dynamodb.describe_kinesis_streaming_destination(TableName="t")["KinesisDataStreamDestinations"]
    assert found["StreamArn"] == "arn:aws:kinesis:us-east-1:111111111111:stream/changes"


def test_kafka_clusters_are_active_in_both_versions_of_the_api(shared: Client) -> None:
    kafka = shared("kafka")
    arn = cluster(kafka, "active")
    first = kafka.describe_cluster(ClusterArn=arn)["ClusterInfo"]
    second = kafka.describe_cluster_v2(ClusterArn=arn)["ClusterInfo"]
    assert first["State"] == second["State"] == "ACTIVE"
    (listed,) = [each for each in kafka.list_clusters_v2()["ClusterInfoList"] if each["ClusterArn"] == arn]
    assert listed == second
    assert second["Provisioned"]["BrokerNodeGroupInfo"] == first["BrokerNodeGroupInfo"]
    assert first["BrokerNodeGroupInfo"]["ConnectivityInfo"]["PublicAccess"]["Type"] == "DISABLED"
    assert first["CurrentBrokerSoftwareInfo"]["KafkaVersion"] == "3.8.x"
    assert len(kafka.get_bootstrap_brokers(ClusterArn=arn)["BootstrapBrokerStringSaslIam"].split(",")) == 2
    assert kafka.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"Name": "active"}
    with pytest.raises(ClientError, match="ConflictException"):
        kafka.create_cluster(
            ClusterName="active", KafkaVersion="3.8.x", NumberOfBrokerNodes=2, BrokerNodeGroupInfo=_brokers()
        )
    kafka.delete_cluster(ClusterArn=arn)
    assert is_missing(kafka.describe_cluster_v2, "NotFoundException", ClusterArn=arn)


def _brokers() -> dict[str, Any]:
    return {"ClientSubnets": ["subnet-1"], "InstanceType": "kafka.m7g.large"}


def test_kafka_clusters_change_and_the_change_is_complete(shared: Client) -> None:
    kafka = shared("kafka")
    arn = cluster(kafka, "changing")

    def version() -> str:
        return str(kafka.describe_cluster(ClusterArn=arn)["ClusterInfo"]["CurrentVersion"])

    before = version()
    changes = [
        kafka.update_connectivity(
            ClusterArn=arn,
            CurrentVersion=version(),
            ConnectivityInfo={"VpcConnectivity": {"ClientAuthentication": {"Sasl": {"Iam": {"Enabled": True}}}}},
        ),
        kafka.update_broker_count(ClusterArn=arn, CurrentVersion=version(), TargetNumberOfBrokerNodes=4),
        kafka.update_broker_type(ClusterArn=arn, CurrentVersion=version(), TargetInstanceType="kafka.m7g.xlarge"),
        kafka.update_broker_storage(
            ClusterArn=arn,
            CurrentVersion=version(),
            TargetBrokerEBSVolumeInfo=[{"KafkaBrokerNodeId": "All", "VolumeSizeGB": 200}],
        ),
        kafka.update_cluster_kafka_version(ClusterArn=arn, CurrentVersion=version(), TargetKafkaVersion="3.9.x"),
        kafka.update_monitoring(ClusterArn=arn, CurrentVersion=version(), EnhancedMonitoring="PER_BROKER"),
        kafka.update_cluster_configuration(
            ClusterArn=arn, CurrentVersion=version(), ConfigurationInfo={"Arn": "arn:other", "Revision": 3}
        ),
    ]
    for change in changes:
        operation = kafka.describe_cluster_operation(ClusterOperationArn=change["ClusterOperationArn"])
        assert operation["ClusterOperationInfo"]["OperationState"] == "UPDATE_COMPLETE"
    found = kafka.describe_cluster(ClusterArn=arn)["ClusterInfo"]
    brokers = found["BrokerNodeGroupInfo"]
    assert found["NumberOfBrokerNodes"] == 4
    assert found["EnhancedMonitoring"] == "PER_BROKER"
    assert found["CurrentBrokerSoftwareInfo"] == {
        "ConfigurationArn": "arn:other",
        "ConfigurationRevision": 3,
        "KafkaVersion": "3.9.x",
    }
    assert (brokers["InstanceType"], brokers["StorageInfo"]["EbsStorageInfo"]["VolumeSize"]) == (
        "kafka.m7g.xlarge",
        200,
    )
    assert brokers["ConnectivityInfo"]["VpcConnectivity"]["ClientAuthentication"]["Sasl"]["Iam"]["Enabled"] is True
    assert brokers["ConnectivityInfo"]["PublicAccess"]["Type"] == "DISABLED"
    assert version() != before


def test_kafka_policies_and_tags_come_and_go(shared: Client) -> None:
    kafka = shared("kafka")
    arn = cluster(kafka, "governed")
    assert is_missing(kafka.get_cluster_policy, "NotFoundException", ClusterArn=arn)
    kafka.put_cluster_policy(ClusterArn=arn, Policy="{}")
    assert kafka.get_cluster_policy(ClusterArn=arn)["Policy"] == "{}"
    kafka.delete_cluster_policy(ClusterArn=arn)
    assert is_missing(kafka.get_cluster_policy, "NotFoundException", ClusterArn=arn)
    kafka.tag_resource(ResourceArn=arn, Tags={"a": "1", "b": "2"})
    kafka.untag_resource(ResourceArn=arn, TagKeys=["a", "Name"])
    assert kafka.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"b": "2"}


def test_msk_connect_runs_a_connector(shared: Client) -> None:
    connect = shared("kafkaconnect")
    plugin = connect.create_custom_plugin(
        name="sink",
        contentType="ZIP",
        location={"s3Location": {"bucketArn": "arn:aws:s3:::plugins", "fileKey": "sink.zip"}},
        tags={"a": "1"},
    )["customPluginArn"]
    worker = connect.create_worker_configuration(name="workers", propertiesFileContent="YT0x")["workerConfigurationArn"]
    arn = connect.create_connector(
        connectorName="metrics",
        connectorConfiguration={"tasks.max": "1"},
        capacity={"provisionedCapacity": {"mcuCount": 1, "workerCount": 1}},
        kafkaCluster={
            "apacheKafkaCluster": {
                "bootstrapServers": "b-1:9098",
                "vpc": {"subnets": ["subnet-1"], "securityGroups": ["sg-1"]},
            }
        },
        kafkaClusterClientAuthentication={"authenticationType": "IAM"},
        kafkaClusterEncryptionInTransit={"encryptionType": "TLS"},
        kafkaConnectVersion="3.7.x",
        plugins=[{"customPlugin": {"customPluginArn": plugin, "revision": 1}}],
        serviceExecutionRoleArn="arn:aws:iam::111111111111:role/connect",
        workerConfiguration={"workerConfigurationArn": worker, "revision": 1},
    )["connectorArn"]
    assert connect.describe_custom_plugin(customPluginArn=plugin)["customPluginState"] == "ACTIVE"
    assert connect.describe_worker_configuration(workerConfigurationArn=worker)["latestRevision"]["revision"] == 1
    found = connect.describe_connector(connectorArn=arn)
    assert found["connectorState"] == "RUNNING"
    assert found["plugins"] == [{"customPlugin": {"customPluginArn": plugin, "revision": 1}}]
    connect.update_connector(
        connectorArn=arn,
        currentVersion=found["currentVersion"],
        capacity={"provisionedCapacity": {"mcuCount": 2, "workerCount": 1}},
    )
    capacity = connect.describe_connector(connectorArn=arn)["capacity"]
    assert capacity["provisionedCapacity"] == {"mcuCount": 2, "workerCount": 1}
    connect.tag_resource(resourceArn=plugin, tags={"b": "2"})
    connect.untag_resource(resourceArn=plugin, tagKeys=["a"])
    assert connect.list_tags_for_resource(resourceArn=plugin)["tags"] == {"b": "2"}
    connect.delete_connector(connectorArn=arn)
    connect.delete_worker_configuration(workerConfigurationArn=worker)
    connect.delete_custom_plugin(customPluginArn=plugin)
    assert is_missing(connect.describe_connector, "NotFoundException", connectorArn=arn)


def test_dns_firewall_keeps_domains_with_their_final_dot(shared: Client) -> None:
    resolver = shared("route53resolver")
    domains = resolver.create_firewall_domain_list(CreatorRequestId="1", Name="allowed")["FirewallDomainList"]
    for operation, given in [("ADD", ["a.example", "b.example."]), ("REMOVE", ["a.example"]), ("ADD", ["c.example"])]:
        resolver.update_firewall_domains(FirewallDomainListId=domains["Id"], Operation=operation, Domains=given)
    assert resolver.list_firewall_domains(FirewallDomainListId=domains["Id"])["Domains"] == ["b.example.", "c.example."]
    resolver.update_firewall_domains(FirewallDomainListId=domains["Id"], Operation="REPLACE", Domains=["d.example"])
    assert resolver.list_firewall_domains(FirewallDomainListId=domains["Id"])["Domains"] == ["d.example."]
    found = resolver.get_firewall_domain_list(FirewallDomainListId=domains["Id"])["FirewallDomainList"]
    assert (found["Status"], found["DomainCount"]) == ("COMPLETE", 1)


def test_dns_firewall_rules_hold_for_a_vpc(shared: Client) -> None:
    resolver = shared("route53resolver")
    domains = resolver.create_firewall_domain_list(CreatorRequestId="2", Name="all")["FirewallDomainList"]["Id"]
    group = resolver.create_firewall_rule_group(
        CreatorRequestId="3", Name="group", Tags=[{"Key": "Name", "Value": "group"}]
    )["FirewallRuleGroup"]
    rule = {"FirewallRuleGroupId": group["Id"], "FirewallDomainListId": domains}
    resolver.create_firewall_rule(**rule, CreatorRequestId="4", Name="rule", Priority=1, Action="ALERT")
    resolver.update_firewall_rule(**rule, Action="ALLOW")
    (kept,) = resolver.list_firewall_rules(FirewallRuleGroupId=group["Id"])["FirewallRules"]
    assert (kept["Action"], kept["Priority"]) == ("ALLOW", 1)
    association = resolver.associate_firewall_rule_group(
        CreatorRequestId="5", FirewallRuleGroupId=group["Id"], VpcId="vpc-1", Priority=101, Name="vpc"
    )["FirewallRuleGroupAssociation"]["Id"]
    resolver.update_firewall_rule_group_association(FirewallRuleGroupAssociationId=association, Priority=102)
    found = resolver.get_firewall_rule_group_association(FirewallRuleGroupAssociationId=association)
    assert found["FirewallRuleGroupAssociation"]["Priority"] == 102
    assert domains in [each["Id"] for each in resolver.list_firewall_domain_lists()["FirewallDomainLists"]]
    assert group["Id"] in [each["Id"] for each in resolver.list_firewall_rule_groups()["FirewallRuleGroups"]]
    listed = resolver.list_firewall_rule_group_associations()["FirewallRuleGroupAssociations"]
    assert found["FirewallRuleGroupAssociation"] in listed
    assert resolver.list_tags_for_resource(ResourceArn=group["Arn"])["Tags"] == [{"Key": "Name", "Value": "group"}]
    resolver.untag_resource(ResourceArn=group["Arn"], TagKeys=["Name"])
    resolver.tag_resource(ResourceArn=group["Arn"], Tags=[{"Key": "a", "Value": "1"}])
    assert resolver.list_tags_for_resource(ResourceArn=group["Arn"])["Tags"] == [{"Key": "a", "Value": "1"}]
    resolver.disassociate_firewall_rule_group(FirewallRuleGroupAssociationId=association)
    resolver.delete_firewall_rule(**rule)
    resolver.delete_firewall_rule_group(FirewallRuleGroupId=group["Id"])
    resolver.delete_firewall_domain_list(FirewallDomainListId=domains)
    missing = "ResourceNotFoundException"
    assert is_missing(resolver.get_firewall_rule_group, missing, FirewallRuleGroupId=group["Id"])
    assert is_missing(resolver.get_firewall_domain_list, missing, FirewallDomainListId=domains)


def test_dns_firewall_has_a_configuration_for_every_vpc(shared: Client) -> None:
    resolver = shared("route53resolver")
    assert resolver.get_firewall_config(ResourceId="vpc-2")["FirewallConfig"]["FirewallFailOpen"] == "DISABLED"
    resolver.update_firewall_config(ResourceId="vpc-2", FirewallFailOpen="ENABLED")
    (found,) = [each for each in resolver.list_firewall_configs()["FirewallConfigs"] if each["ResourceId"] == "vpc-2"]
    assert found["FirewallFailOpen"] == "ENABLED"


def test_query_logs_can_leave_a_vpc(shared: Client) -> None:
    resolver = shared("route53resolver")
    log = resolver.create_resolver_query_log_config(
        CreatorRequestId="6", Name="log", DestinationArn="arn:aws:logs:us-east-1:111111111111:log-group:queries"
    )["ResolverQueryLogConfig"]
    vpc = shared("ec2").create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    ids = {"ResolverQueryLogConfigId": log["Id"], "ResourceId": vpc}
    association = resolver.associate_resolver_query_log_config(**ids)["ResolverQueryLogConfigAssociation"]["Id"]
    assert resolver.list_tags_for_resource(ResourceArn=log["Arn"])["Tags"] == []
    resolver.disassociate_resolver_query_log_config(**ids)
    get = resolver.get_resolver_query_log_config_association
    assert is_missing(get, "ResourceNotFoundException", ResolverQueryLogConfigAssociationId=association)


def test_metric_streams_run(shared: Client) -> None:
    cloudwatch = shared("cloudwatch")
    arn = cloudwatch.put_metric_stream(
        Name="stream",
        FirehoseArn="arn:firehose",
        RoleArn="arn:role",
        OutputFormat="opentelemetry1.0",
        IncludeFilters=[{"Namespace": "AWS/EC2"}, {"Namespace": "AWS/SNS"}],
        Tags=[{"Key": "Name", "Value": "stream"}],
    )["Arn"]
    found = cloudwatch.get_metric_stream(Name="stream")
    assert found["State"] == "running"
    assert [each["Namespace"] for each in found["IncludeFilters"]] == ["AWS/EC2", "AWS/SNS"]
    cloudwatch.tag_resource(ResourceARN=arn, Tags=[{"Key": "a", "Value": "1"}])
    cloudwatch.untag_resource(ResourceARN=arn, TagKeys=["Name"])
    assert cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "a", "Value": "1"}]
    cloudwatch.delete_metric_stream(Name="stream")
    assert is_missing(cloudwatch.get_metric_stream, "ResourceNotFoundException", Name="stream")


def test_tags_of_alarms_are_still_motos(shared: Client) -> None:
    cloudwatch = shared("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="alarm",
        EvaluationPeriods=1,
        ComparisonOperator="GreaterThanThreshold",
        Threshold=1,
        MetricName="m",
        Namespace="n",
        Period=60,
        Statistic="Sum",
        Tags=[{"Key": "Name", "Value": "alarm"}],
    )
    arn = cloudwatch.describe_alarms(AlarmNames=["alarm"])["MetricAlarms"][0]["AlarmArn"]
    assert cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "Name", "Value": "alarm"}]


def test_backup_vaults_have_policies_and_plans_select(shared: Client) -> None:
    backup = shared("backup")
    vault = backup.create_backup_vault(BackupVaultName="vault", BackupVaultTags={"a": "1"})["BackupVaultArn"]
    assert backup.list_tags(ResourceArn=vault)["Tags"] == {"a": "1"}
    assert is_missing(backup.get_backup_vault_access_policy, "ResourceNotFoundException", BackupVaultName="vault")
    backup.put_backup_vault_access_policy(BackupVaultName="vault", Policy="{}")
    assert backup.get_backup_vault_access_policy(BackupVaultName="vault")["Policy"] == "{}"
    backup.delete_backup_vault_access_policy(BackupVaultName="vault")
    assert is_missing(backup.get_backup_vault_access_policy, "ResourceNotFoundException", BackupVaultName="vault")
    rules = [{"RuleName": "daily", "TargetBackupVaultName": "vault"}]
    plan = backup.create_backup_plan(BackupPlan={"BackupPlanName": "plan", "Rules": rules})["BackupPlanId"]
    selected = {"SelectionName": "table", "IamRoleArn": "arn:role", "Resources": ["arn:table"]}
    selection = backup.create_backup_selection(BackupPlanId=plan, BackupSelection=selected)["SelectionId"]
    found = backup.get_backup_selection(BackupPlanId=plan, SelectionId=selection)
    assert found["BackupSelection"] == selected
    (listed,) = backup.list_backup_selections(BackupPlanId=plan)["BackupSelectionsList"]
    assert (listed["SelectionId"], listed["SelectionName"]) == (selection, "table")
    backup.delete_backup_selection(BackupPlanId=plan, SelectionId=selection)
    missing = "ResourceNotFoundException"
    assert is_missing(backup.get_backup_selection, missing, BackupPlanId=plan, SelectionId=selection)
    assert backup.list_recovery_points_by_backup_vault(BackupVaultName="vault")["RecoveryPoints"] == []


def test_backup_plans_are_updated_as_new_versions(shared: Client) -> None:
    backup = shared("backup")
    rule = {"RuleName": "daily", "TargetBackupVaultName": "vault", "Lifecycle": {"DeleteAfterDays": 7}}
    made = backup.create_backup_plan(BackupPlan={"BackupPlanName": "updated", "Rules": [rule]})
    longer = {**rule, "Lifecycle": {"DeleteAfterDays": 35}}
    plan = {"BackupPlanName": "updated", "Rules": [longer]}
    updated = backup.update_backup_plan(BackupPlanId=made["BackupPlanId"], BackupPlan=plan)
    assert updated["BackupPlanArn"] == made["BackupPlanArn"]
    assert updated["VersionId"] != made["VersionId"]
    (found,) = backup.get_backup_plan(BackupPlanId=made["BackupPlanId"])["BackupPlan"]["Rules"]
    assert found["Lifecycle"] == {"DeleteAfterDays": 35}
    assert found["ScheduleExpressionTimezone"] == "Etc/UTC"
    assert is_missing(backup.update_backup_plan, "ResourceNotFoundException", BackupPlanId="nobodys", BackupPlan=plan)


def test_workgroups_of_athena_are_updated_in_part(shared: Client) -> None:
    athena = shared("athena")
    results = {"OutputLocation": "s3://results/", "ExpectedBucketOwner": "111111111111"}
    athena.create_work_group(
        Name="reports",
        Configuration={"ResultConfiguration": results, "BytesScannedCutoffPerQuery": 10**7},
    )
    athena.update_work_group(
        WorkGroup="reports",
        State="DISABLED",
        ConfigurationUpdates={
            "RemoveBytesScannedCutoffPerQuery": True,
            "PublishCloudWatchMetricsEnabled": True,
            "ResultConfigurationUpdates": {"OutputLocation": "s3://others/", "RemoveEncryptionConfiguration": True},
        },
    )
    group = athena.get_work_group(WorkGroup="reports")["WorkGroup"]
    assert group["State"] == "DISABLED"
    assert group["Configuration"]["PublishCloudWatchMetricsEnabled"]
    assert group["Configuration"]["ResultConfiguration"] == {**results, "OutputLocation": "s3://others/"}
    assert "BytesScannedCutoffPerQuery" not in group["Configuration"]
    assert is_missing(athena.update_work_group, "InvalidRequestException", WorkGroup="nobodys")


def test_user_pools_have_a_risk_configuration(shared: Client) -> None:
    cognito = shared("cognito-idp")
    pool = cognito.create_user_pool(PoolName="pool")["UserPool"]["Id"]
    assert cognito.describe_risk_configuration(UserPoolId=pool)["RiskConfiguration"] == {"UserPoolId": pool}
    actions = {"EventAction": "BLOCK"}
    cognito.set_risk_configuration(
        UserPoolId=pool, CompromisedCredentialsRiskConfiguration={"EventFilter": ["SIGN_IN"], "Actions": actions}
    )
    found = cognito.describe_risk_configuration(UserPoolId=pool)["RiskConfiguration"]
    assert found["CompromisedCredentialsRiskConfiguration"]["Actions"] == actions


def test_an_updated_user_pool_keeps_how_its_users_sign_in(shared: Client) -> None:
    cognito = shared("cognito-idp")
    created: Any = {"UsernameAttributes": ["email"], "UsernameConfiguration": {"CaseSensitive": False}}
    pool = cognito.create_user_pool(PoolName="kept", DeletionProtection="ACTIVE", **created)["UserPool"]["Id"]
    cognito.update_user_pool(UserPoolId=pool, DeletionProtection="INACTIVE")
    found = cognito.describe_user_pool(UserPoolId=pool)["UserPool"]
    assert found["DeletionProtection"] == "INACTIVE"
    assert {name: found[name] for name in created} == created
    assert is_missing(cognito.update_user_pool, "ResourceNotFoundException", UserPoolId="us-east-1_nobodys")


def test_streams_of_tables_have_policies_beside_those_of_tables(shared: Client) -> None:
    dynamodb = shared("dynamodb")
    table = dynamodb.create_table(
        TableName="events",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )["TableDescription"]
    arns = [table["TableArn"], table["LatestStreamArn"]]
    for arn in arns:
        dynamodb.put_resource_policy(ResourceArn=arn, Policy=json.dumps({"Id": arn}))
    assert [json.loads(dynamodb.get_resource_policy(ResourceArn=arn)["Policy"])["Id"] for arn in arns] == arns
    for arn in arns:
        dynamodb.delete_resource_policy(ResourceArn=arn)
        assert is_missing(dynamodb.get_resource_policy, "PolicyNotFoundException", ResourceArn=arn)


def test_a_table_has_no_policy_and_destination_of_one_before_it(shared: Client) -> None:
    dynamodb = shared("dynamodb")
    table: Any = {
        "TableName": "again",
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
    }
    arn = dynamodb.create_table(**table)["TableDescription"]["TableArn"]
    dynamodb.put_resource_policy(ResourceArn=arn, Policy="{}")
    stream = "arn:aws:kinesis:us-east-1:111111111111:stream/changes"
    dynamodb.enable_kinesis_streaming_destination(TableName="again", StreamArn=stream)
    dynamodb.delete_table(TableName="again")
    dynamodb.create_table(**table)
    assert is_missing(dynamodb.get_resource_policy, "PolicyNotFoundException", ResourceArn=arn)
    found = dynamodb.describe_kinesis_streaming_destination(TableName="again")
    assert found["KinesisDataStreamDestinations"] == []


def test_restored_tables_keep_their_encryption_and_billing_mode(shared: Client) -> None:
    dynamodb = shared("dynamodb")
    keys = ["arn:aws:kms:us-east-1:111111111111:key/1", "arn:aws:kms:us-east-1:111111111111:key/2"]
    encryption = [{"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key} for key in keys]
    dynamodb.create_table(
        TableName="source",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        SSESpecification=encryption[0],
    )
    backup = dynamodb.create_backup(TableName="source", BackupName="backup")["BackupDetails"]["BackupArn"]
    dynamodb.update_table(TableName="source", SSESpecification=encryption[1])
    dynamodb.restore_table_from_backup(TargetTableName="backup", BackupArn=backup)
    dynamodb.restore_table_to_point_in_time(SourceTableName="source", TargetTableName="now")
    dynamodb.restore_table_to_point_in_time(
        SourceTableName="source",
        TargetTableName="other",
        SSESpecificationOverride=encryption[0],
        BillingModeOverride="PROVISIONED",
    )

    def settings(name: str) -> tuple[str, str]:
        table = dynamodb.describe_table(TableName=name)["Table"]
        return table["SSEDescription"]["KMSMasterKeyArn"], table["BillingModeSummary"]["BillingMode"]

    assert settings("backup") == (keys[0], "PAY_PER_REQUEST")
    assert settings("now") == (keys[1], "PAY_PER_REQUEST")
    assert settings("other") == (keys[0], "PROVISIONED")


def test_the_first_revision_of_a_broker_configuration_is_in_base64(shared: Client) -> None:
    mq = shared("mq")
    made = mq.create_configuration(Name="first", EngineType="RABBITMQ", EngineVersion="3.13")["Id"]
    first = mq.describe_configuration_revision(ConfigurationId=made, ConfigurationRevision="1")
    assert base64.b64decode(first["Data"], validate=True)


def test_zones_sign(shared: Client) -> None:
    route53 = shared("route53")
    zone = route53.create_hosted_zone(Name="signed.example", CallerReference="1")["HostedZone"]["Id"]
    key = {"HostedZoneId": zone, "Name": "key"}
    route53.create_key_signing_key(
        **key, CallerReference="2", KeyManagementServiceArn="arn:aws:kms:us-east-1:111111111111:key/1", Status="ACTIVE"
    )
    route53.enable_hosted_zone_dnssec(HostedZoneId=zone)
    found = route53.get_dnssec(HostedZoneId=zone)
    assert found["Status"]["ServeSignature"] == "SIGNING"
    assert [(each["Name"], each["Status"]) for each in found["KeySigningKeys"]] == [("key", "ACTIVE")]
    route53.disable_hosted_zone_dnssec(HostedZoneId=zone)
    route53.deactivate_key_signing_key(**key)
    assert route53.get_dnssec(HostedZoneId=zone)["KeySigningKeys"][0]["Status"] == "INACTIVE"
    route53.activate_key_signing_key(**key)
    route53.deactivate_key_signing_key(**key)
    route53.delete_key_signing_key(**key)
    assert route53.get_dnssec(HostedZoneId=zone)["KeySigningKeys"] == []
    assert is_missing(route53.delete_key_signing_key, "NoSuchKeySigningKey", **key)


def test_scaling_groups_keep_what_they_are_given_and_refresh(shared: Client) -> None:
    ec2, autoscaling = shared("ec2"), shared("autoscaling")
    ec2.create_launch_template(LaunchTemplateName="template", LaunchTemplateData={"InstanceType": "t4g.small"})
    autoscaling.create_auto_scaling_group(
        AutoScalingGroupName="group",
        MinSize=0,
        MaxSize=1,
        AvailabilityZones=["us-east-1a"],
        LaunchTemplate={"LaunchTemplateName": "template", "Version": "1"},
        DefaultInstanceWarmup=180,
        InstanceMaintenancePolicy={"MinHealthyPercentage": 100, "MaxHealthyPercentage": 110},
        ServiceLinkedRoleARN="arn:role",
    )
    autoscaling.update_auto_scaling_group(AutoScalingGroupName="group", DefaultInstanceWarmup=240)
    (group,) = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=["group"])["AutoScalingGroups"]
    assert group["DefaultInstanceWarmup"] == 240
    assert group["InstanceMaintenancePolicy"] == {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 110}
    assert group["ServiceLinkedRoleARN"] == "arn:role"
    autoscaling.put_scaling_policy(
        AutoScalingGroupName="group",
        PolicyName="cpu",
        PolicyType="TargetTrackingScaling",
        TargetTrackingConfiguration={
            "PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageCPUUtilization"},
            "TargetValue": 75,
        },
        Enabled=False,
    )
    (policy,) = autoscaling.describe_policies(AutoScalingGroupName="group")["ScalingPolicies"]
    assert policy["Enabled"] is False
    assert "PredictiveScalingConfiguration" not in policy
    refresh = autoscaling.start_instance_refresh(AutoScalingGroupName="group")["InstanceRefreshId"]
    (found,) = autoscaling.describe_instance_refreshes(AutoScalingGroupName="group")["InstanceRefreshes"]
    assert (found["InstanceRefreshId"], found["Status"]) == (refresh, "Successful")
    cancel = autoscaling.cancel_instance_refresh
    assert is_missing(cancel, "ActiveInstanceRefreshNotFound", AutoScalingGroupName="group")


def test_scaling_groups_launch_from_a_further_version_of_a_template(shared: Client) -> None:
    ec2, autoscaling = shared("ec2"), shared("autoscaling")
    image = ec2.describe_images()["Images"][0]["ImageId"]
    data = {"ImageId": image, "InstanceType": "t4g.small", "UserData": base64.b64encode(b"a").decode()}
    ec2.create_launch_template(LaunchTemplateName="versions", LaunchTemplateData=data)
    data["UserData"] = base64.b64encode(b"b").decode()
    ec2.create_launch_template_version(LaunchTemplateName="versions", LaunchTemplateData=data)
    autoscaling.create_auto_scaling_group(
        AutoScalingGroupName="further",
        MinSize=0,
        MaxSize=2,
        AvailabilityZones=["us-east-1a"],
        LaunchTemplate={"LaunchTemplateName": "versions", "Version": "2"},
    )
    autoscaling.update_auto_scaling_group(AutoScalingGroupName="further", MinSize=2)
    (group,) = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=["further"])["AutoScalingGroups"]
    assert len(group["Instances"]) == 2


def test_scalable_targets_have_tags(shared: Client) -> None:
    scaling = shared("application-autoscaling")
    arn = scaling.register_scalable_target(
        ServiceNamespace="kafka",
        ResourceId="arn:cluster",
        ScalableDimension="kafka:broker-storage:VolumeSize",
        MinCapacity=1,
        MaxCapacity=2,
        Tags={"a": "1", "b": "2"},
    )["ScalableTargetARN"]
    scaling.untag_resource(ResourceARN=arn, TagKeys=["a"])
    scaling.tag_resource(ResourceARN=arn, Tags={"c": "3"})
    assert scaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"b": "2", "c": "3"}


def test_buckets_notify_eventbridge(shared: Client) -> None:
    s3 = shared("s3")
    s3.create_bucket(Bucket="notifying")
    assert "EventBridgeConfiguration" not in s3.get_bucket_notification_configuration(Bucket="notifying")
    s3.put_bucket_notification_configuration(
        Bucket="notifying", NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    assert s3.get_bucket_notification_configuration(Bucket="notifying")["EventBridgeConfiguration"] == {}


def test_secrets_without_a_value_get_one_and_others_keep_theirs(shared: Client) -> None:
    secrets = shared("secretsmanager")
    secrets.create_secret(Name="empty")
    secrets.create_secret(Name="full", SecretString="mine")
    made_up = json.loads(secrets.get_secret_value(SecretId="empty")["SecretString"])
    assert {"username", "password", "api_key"} <= made_up.keys()
    assert len(made_up["password"]) >= 12, "Amazon MQ takes passwords of 12 characters or more"
    assert secrets.get_secret_value(SecretId="full")["SecretString"] == "mine"


def test_vpn_connections_have_static_routes(shared: Client) -> None:
    ec2 = shared("ec2")
    customer = ec2.create_customer_gateway(BgpAsn=65000, IpAddress="203.0.113.7", Type="ipsec.1")["CustomerGateway"]
    connections = [
        ec2.create_vpn_connection(
            CustomerGatewayId=customer["CustomerGatewayId"],
            Type="ipsec.1",
            VpnGatewayId=ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"],
            Options={"StaticRoutesOnly": static},
        )["VpnConnection"]["VpnConnectionId"]
        for static in (True, False)
    ]
    for block in ("192.168.0.0/16", "172.16.0.0/12"):
        ec2.create_vpn_connection_route(VpnConnectionId=connections[0], DestinationCidrBlock=block)
    ec2.delete_vpn_connection_route(VpnConnectionId=connections[0], DestinationCidrBlock="172.16.0.0/12")
    found = {each["VpnConnectionId"]: each for each in ec2.describe_vpn_connections()["VpnConnections"]}
    static, other = (found[each] for each in connections)
    assert [(each["DestinationCidrBlock"], each["State"]) for each in static["Routes"]] == [
        ("192.168.0.0/16", "available")
    ]
    assert [each["Options"]["StaticRoutesOnly"] for each in (static, other)] == [True, False]
    assert other.get("Routes", []) == []
    filters = [
        {"Name": "vpn-connection-id", "Values": connections},
        {"Name": "route.destination-cidr-block", "Values": ["192.168.0.0/16"]},
    ]
    (only,) = ec2.describe_vpn_connections(Filters=filters)["VpnConnections"]
    assert only["VpnConnectionId"] == connections[0]


def test_s3_refuses_another_content_than_its_checksum(shared: Client) -> None:
    s3 = shared("s3")
    s3.create_bucket(Bucket="checked")
    checksum = base64.b64encode(hashlib.sha256(b"content").digest()).decode()
    arguments = {"Bucket": "checked", "Key": "k", "ChecksumAlgorithm": "SHA256", "ChecksumSHA256": checksum}
    assert is_missing(s3.put_object, "BadDigest", **arguments, Body=b"other")
    s3.put_object(**arguments, Body=b"content")
    assert s3.head_object(Bucket="checked", Key="k", ChecksumMode="ENABLED")["ChecksumSHA256"] == checksum
