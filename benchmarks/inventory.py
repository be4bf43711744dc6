"""What of an environment is in its sandbox, as somebody finds it who looks there: the ids of what an address means.

Of what has no name that AWS keeps apart, so that there may be two of it, or one of which nobody heard the id.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import boto3
from botocore.config import Config

from cli.core.sandbox.state_directory import ServerRecord

Body = Mapping[str, Any]


class Listing(NamedTuple):
    """How AWS lists what has a name: operation, where the answer has it, by which fields, and the import id."""

    service: str
    operation: str
    key: str
    name: str
    id: str
    arguments: Mapping[str, Any] = {}


_LISTED: Mapping[str, Listing] = {
    "aws_acm_certificate": Listing(
        "acm", "list_certificates", "CertificateSummaryList", "DomainName", "{CertificateArn}"
    ),
    "aws_backup_plan": Listing("backup", "list_backup_plans", "BackupPlansList", "BackupPlanName", "{BackupPlanId}"),
    "aws_cognito_user_pool": Listing("cognito-idp", "list_user_pools", "UserPools", "Name", "{Id}", {"MaxResults": 60}),
    "aws_launch_template": Listing(
        "ec2", "describe_launch_templates", "LaunchTemplates", "LaunchTemplateName", "{LaunchTemplateId}"
    ),
    "aws_lb": Listing("elbv2", "describe_load_balancers", "LoadBalancers", "LoadBalancerName", "{LoadBalancerArn}"),
    "aws_lb_target_group": Listing(
        "elbv2", "describe_target_groups", "TargetGroups", "TargetGroupName", "{TargetGroupArn}"
    ),
    "aws_mq_broker": Listing("mq", "list_brokers", "BrokerSummaries", "BrokerName", "{BrokerId}"),
    "aws_mq_configuration": Listing("mq", "list_configurations", "Configurations", "Name", "{Id}"),
    "aws_msk_cluster": Listing("kafka", "list_clusters_v2", "ClusterInfoList", "ClusterName", "{ClusterArn}"),
    "aws_msk_configuration": Listing("kafka", "list_configurations", "Configurations", "Name", "{Arn}"),
    "aws_route53_resolver_firewall_domain_list": Listing(
        "route53resolver", "list_firewall_domain_lists", "FirewallDomainLists", "Name", "{Id}"
    ),
    "aws_route53_resolver_firewall_rule_group": Listing(
        "route53resolver", "list_firewall_rule_groups", "FirewallRuleGroups", "Name", "{Id}"
    ),
    "aws_route53_resolver_firewall_rule_group_association": Listing(
        "route53resolver", "list_firewall_rule_group_associations", "FirewallRuleGroupAssociations", "Name", "{Id}"
    ),
    "aws_route53_resolver_query_log_config": Listing(
        "route53resolver", "list_resolver_query_log_configs", "ResolverQueryLogConfigs", "Name", "{Id}"
    ),
    "aws_secretsmanager_secret": Listing("secretsmanager", "list_secrets", "SecretList", "Name", "{ARN}"),
    "aws_wafv2_web_acl": Listing(
        "wafv2", "list_web_acls", "WebACLs", "Name", "{Id}/{Name}/REGIONAL", {"Scope": "REGIONAL"}
    ),
}

_TAGGED = {
    "aws_flow_log": "flow-logs",
    "aws_internet_gateway": "internet-gateway",
    "aws_network_acl": "network-acl",
    "aws_route_table": "route-table",
    "aws_security_group": "security-group",
    "aws_subnet": "subnet",
    "aws_vpc": "vpc",
    "aws_vpc_endpoint": "vpc-endpoint",
}
"""What EC2 knows by the tag Name, and what EC2 calls it."""


class Inventory:
    """What is in a sandbox when it is first asked for, beside the Terraform of it."""

    def __init__(self, record: ServerRecord, configuration: Path) -> None:
        self._bodies: Mapping[str, Mapping[str, Body]] = json.loads(configuration.read_bytes())["resource"]
        self._client: Callable[[str], Any] = cache(lambda service: client_of(record, service))
        self._answers: dict[tuple[str, ...], Any] = {}
        self._others: Mapping[str, Callable[[Body], Iterator[str]]] = {
            "aws_backup_selection": self._selections,
            "aws_cognito_user_pool_client": self._user_pool_clients,
            "aws_iam_service_linked_role": self._service_linked_roles,
            "aws_kms_key": self._keys,
            "aws_lb_listener": self._listeners,
            "aws_lb_listener_rule": self._listener_rules,
            "aws_route53_query_log": self._query_logs,
            "aws_route53_resolver_query_log_config_association": self._query_log_associations,
            "aws_route53_zone": self._zones,
            "aws_sns_topic_subscription": self._subscriptions,
            "aws_sqs_queue": self._queues,
            "aws_vpc_security_group_egress_rule": lambda body: self._group_rules(body, is_egress=True),
            "aws_vpc_security_group_ingress_rule": lambda body: self._group_rules(body, is_egress=False),
        }

    def addresses(self) -> list[str]:
        """Of everything of which there may be two."""
        known = {*_LISTED, *_TAGGED, *self._others}
        return [f"{type_}.{name}" for type_ in sorted(known & self._bodies.keys()) for name in self._bodies[type_]]

    def ids(self, address: str) -> list[str]:
        """By what everything is imported that is what an address means; nothing for types that are not looked for."""
        type_, _, name = address.partition(".")
        body = self._bodies[type_][name]
        if type_ in _LISTED:
            listing = _LISTED[type_]
            names = (body.get(each) for each in ("name", "domain_name", "cluster_name", "broker_name"))
            wanted = next(each for each in names if each)
            found = self._ask(listing.service, listing.operation, listing.key, **listing.arguments)
            return [listing.id.format_map(each) for each in found if each[listing.name] == wanted]
        if type_ in _TAGGED:
            return self._tagged(_TAGGED[type_], body["tags"]["Name"])
        return list(self._others[type_](body)) if type_ in self._others else []

    def _ask(self, service: str, operation: str, key: str, **arguments: Any) -> list[Any]:
        """What a service lists; it is asked once."""
        question = (service, operation, *map(str, arguments.values()))
        if question not in self._answers:
            self._answers[question] = getattr(self._client(service), operation)(**arguments).get(key, [])
        found: list[Any] = self._answers[question]
        return found

    def _tagged(self, kind: str, name: str) -> list[str]:
        tags = self._ask("ec2", "describe_tags", "Tags", Filters=[{"Name": "key", "Values": ["Name"]}])
        return [each["ResourceId"] for each in tags if (each["ResourceType"], each["Value"]) == (kind, name)]

    def _meant(self, reference: str) -> list[str]:
        """The ids of what a reference refers to."""
        (address,) = re.findall(r"(aws_\w+\.[\w-]+)\.", reference)
        return self.ids(address)

    def _keys(self, body: Body) -> Iterator[str]:
        for key in self._ask("kms", "list_keys", "Keys"):
            tags = self._ask("kms", "list_resource_tags", "Tags", KeyId=key["KeyId"])
            if {"TagKey": "Name", "TagValue": body["tags"]["Name"]} in tags:
                yield key["KeyId"]

    def _listeners(self, body: Body) -> Iterator[str]:
        for arn in self._meant(body["load_balancer_arn"]):
            for each in self._ask("elbv2", "describe_listeners", "Listeners", LoadBalancerArn=arn):
                if each["Port"] == body["port"]:
                    yield each["ListenerArn"]

    def _listener_rules(self, body: Body) -> Iterator[str]:
        for arn in self._meant(body["listener_arn"]):
            for each in self._ask("elbv2", "describe_rules", "Rules", ListenerArn=arn):
                if each["Priority"] == str(body["priority"]):
                    yield each["RuleArn"]

    def _group_rules(self, body: Body, *, is_egress: bool) -> Iterator[str]:
        groups, other = self._meant(body["security_group_id"]), body.get("referenced_security_group_id")
        others = self._meant(other) if other else []
        for each in self._ask("ec2", "describe_security_group_rules", "SecurityGroupRules"):
            ports = (each["IpProtocol"], each.get("FromPort"), each.get("ToPort"))
            if (
                each["GroupId"] in groups
                and each["IsEgress"] == is_egress
                and ports == (body["ip_protocol"], body.get("from_port"), body.get("to_port"))
                and each.get("CidrIpv4") == body.get("cidr_ipv4")
                and (not other or each.get("ReferencedGroupInfo", {}).get("GroupId") in others)
                and each.get("Description") == body.get("description")
            ):
                yield each["SecurityGroupRuleId"]

    def _zones(self, body: Body) -> Iterator[str]:
        for each in self._ask("route53", "list_hosted_zones", "HostedZones"):
            if each["Name"] == f"{body['name']}.":
                yield each["Id"].removeprefix("/hostedzone/")

    def _query_logs(self, body: Body) -> Iterator[str]:
        zones = self._meant(body["zone_id"])
        for each in self._ask("route53", "list_query_logging_configs", "QueryLoggingConfigs"):
            if each["HostedZoneId"] in zones:
                yield each["Id"]

    def _query_log_associations(self, body: Body) -> Iterator[str]:
        configurations = self._meant(body["resolver_query_log_config_id"])
        associations = "ResolverQueryLogConfigAssociations"
        for each in self._ask("route53resolver", "list_resolver_query_log_config_associations", associations):
            if each["ResolverQueryLogConfigId"] in configurations:
                yield each["Id"]

    def _selections(self, body: Body) -> Iterator[str]:
        for plan in self._meant(body["plan_id"]):
            for each in self._ask("backup", "list_backup_selections", "BackupSelectionsList", BackupPlanId=plan):
                if each["SelectionName"] == body["name"]:
                    yield f"{plan}|{each['SelectionId']}"

    def _user_pool_clients(self, body: Body) -> Iterator[str]:
        for pool in self._meant(body["user_pool_id"]):
            for each in self._ask("cognito-idp", "list_user_pool_clients", "UserPoolClients", UserPoolId=pool):
                if each["ClientName"] == body["name"]:
                    yield f"{pool}/{each['ClientId']}"

    def _service_linked_roles(self, body: Body) -> Iterator[str]:
        for each in self._ask("iam", "list_roles", "Roles", PathPrefix="/aws-service-role/", MaxItems=1000):
            if each["RoleName"].endswith(f"_{body['custom_suffix']}"):
                yield each["Arn"]

    def _subscriptions(self, body: Body) -> Iterator[str]:
        (address,) = re.findall(r"(aws_\w+\.[\w-]+)\.", body["topic_arn"])
        topic = self._bodies["aws_sns_topic"][address.partition(".")[2]]["name"]
        for each in self._ask("sns", "list_subscriptions", "Subscriptions"):
            if each["TopicArn"].endswith(f":{topic}") and each["Endpoint"] == body["endpoint"]:
                yield each["SubscriptionArn"]

    def _queues(self, body: Body) -> Iterator[str]:
        for url in self._ask("sqs", "list_queues", "QueueUrls"):
            if url.endswith(f"/{body['name']}"):
                yield url


def lost(inventory: Inventory, addresses: Iterable[str]) -> dict[str, str]:
    """Ids by address of what may be there and is."""
    found = {address: inventory.ids(address) for address in addresses}
    return {address: ids[0] for address, ids in found.items() if ids}


def client_of(record: ServerRecord, service: str, attempts: int = 1, *, region: str = "us-east-1") -> Any:
    """A client of a service in a region of a sandbox, which asks so many times."""
    return boto3.client(
        service,
        endpoint_url=record.endpoint,
        region_name=region,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": attempts}, s3={"addressing_style": "path"}),
    )
