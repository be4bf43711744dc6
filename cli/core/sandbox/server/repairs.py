"""Small corrections of moto's own code: where it refuses or changes what AWS takes as it is.

Each names what moto 5.2.5 does. What moto lacks altogether is in `services`.
"""

from __future__ import annotations

import base64
import inspect
import json
from typing import Any

from moto.acm.models import CertBundle
from moto.backup.models import BackupBackend
from moto.core.utils import camelcase_to_underscores
from moto.ec2.models import EC2Backend
from moto.ec2.models.instances import Instance
from moto.ec2.models.launch_templates import LaunchTemplateVersion
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ec2.models.vpn_connections import VPNConnection
from moto.ec2.utils import parse_user_data, random_private_ip
from moto.iam.access_control import PermissionResult
from moto.mq.models import ConfigurationRevision
from moto.route53.exceptions import ResourceRecordAlreadyExists
from moto.route53.models import Route53Backend
from moto.route53.responses import Route53
from moto.route53resolver.models import Route53ResolverBackend
from moto.s3.models import FakeBucket
from moto.sns.responses import SNSResponse
from moto.sqs.models import Queue

_TOPIC_ATTRIBUTES = (
    "SignatureVersion",
    "TracingConfig",
    *(
        f"{protocol}{what}"
        for protocol in ("Application", "Firehose", "HTTP", "Lambda", "SQS")
        for what in ("FailureFeedbackRoleArn", "SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate")
    ),
)


def apply() -> None:
    """Correct moto; done once, before the first request."""
    _let_policies_permit_log_delivery()
    _enforce_no_bucket_policies()
    _let_everything_of_the_resolver_have_tags()
    _take_log_groups_with_and_without_star()
    _make_zones_with_a_vpc_private()
    _give_certificates_the_key_they_were_asked_for()
    _correct_versions_of_launch_templates()
    _give_back_every_attribute_of_topics()
    _give_back_descriptions_of_every_rule()
    _find_vpn_connections_by_id_and_route()
    _encode_the_first_revision_of_broker_configurations()
    _keep_policies_of_queues_that_are_updated()
    _give_back_redrive_policies_without_blanks()
    _make_records_again_that_were_deleted()
    _forget_backup_plans_that_were_deleted()
    _delete_interfaces_of_instances_that_are_terminated()
    _delete_the_network_acl_of_a_vpc_with_it()
    _keep_an_interface_of_endpoints_in_each_of_their_subnets()


def _replace(owner: type, name: str, function: Any) -> Any:
    """Replace a method or property and return what it was, so that the new one can call it."""
    before = getattr(owner, name)
    setattr(owner, name, function)
    return before


def _let_policies_permit_log_delivery() -> None:
    """moto finds log delivery's permission only in statements with one service and one resource, each as a string."""
    _replace(FakeBucket, "_log_permissions_enabled_policy", staticmethod(lambda **_: True))


def _enforce_no_bucket_policies() -> None:
    """moto denies what a statement denies whatever its conditions are. The sandbox enforces no policies anywhere."""
    _replace(FakeBucket, "get_permission", lambda *_: PermissionResult.NEUTRAL)


def _let_everything_of_the_resolver_have_tags() -> None:
    """moto lists tags of endpoints and rules only, not of query logs."""
    _replace(Route53ResolverBackend, "_matched_arn", lambda *_: None)


def _take_log_groups_with_and_without_star() -> None:
    """moto refuses a log group's ARN without `:*` at its end; Route 53 takes both."""

    def create(self: Route53Backend, hosted_zone_id: str, log_group_arn: str) -> Any:
        config = before(self, hosted_zone_id, f"{log_group_arn.removesuffix(':*')}:*")
        config.cloud_watch_logs_log_group_arn = log_group_arn
        return config

    before = _replace(Route53Backend, "create_query_logging_config", create)


def _make_zones_with_a_vpc_private() -> None:
    """moto makes a zone with a VPC public unless told; AWS makes it private."""

    def read(self: Route53, param_name: str, if_none: Any = None) -> Any:
        if param_name == "HostedZoneConfig.PrivateZone" and self._get_param("VPC.VPCId"):
            return True
        return before(self, param_name, if_none)

    before = _replace(Route53, "_get_bool_param", read)


def _give_certificates_the_key_they_were_asked_for() -> None:
    """moto's certificates are all RSA_2048."""

    def describe(self: CertBundle) -> Any:
        described = before(self)
        described["Certificate"]["KeyAlgorithm"] = "EC_prime256v1"
        return described

    before = _replace(CertBundle, "describe", describe)


def _correct_versions_of_launch_templates() -> None:
    """moto gives back the tags of a launch template as tags of what it launches, and cannot launch from a further
    version, whose user data it keeps as text."""

    def init(self: LaunchTemplateVersion, *args: Any, **kwargs: Any) -> None:
        before(self, *args, **kwargs)
        given = self.data.get("TagSpecifications", [])
        kept = [each for each in given if each.get("ResourceType") != "launch-template"]
        self.data = {**self.data, "TagSpecifications": kept}
        if isinstance(self.data.get("UserData"), str):
            self.data["UserData"] = parse_user_data(self.data["UserData"])

    before = _replace(LaunchTemplateVersion, "__init__", init)


def _give_back_every_attribute_of_topics() -> None:
    """moto keeps all attributes of a topic and gives back some."""

    def get(self: SNSResponse) -> Any:
        found = before(self)
        topic: dict[str, Any] = vars(self.backend.get_topic(self._get_param("TopicArn")))
        more = {name: topic.get(camelcase_to_underscores(name)) for name in _TOPIC_ATTRIBUTES}
        found.result["Attributes"].update({name: value for name, value in more.items() if value is not None})
        return found

    before = _replace(SNSResponse, "get_topic_attributes", get)


def _give_back_descriptions_of_every_rule() -> None:
    """moto keeps the description of a security group's rule only where the peer is a CIDR block."""

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        before(self, *args, **kwargs)
        given = signature.bind(self, *args, **kwargs).arguments
        peers = [given.get(name) or {} for name in ("source_group", "prefix_list_id")]
        self.kept_description = next((peer["Description"] for peer in peers if "Description" in peer), None)

    def description(self: Any) -> Any:
        return self.ip_range.get("Description", self.kept_description)

    before = _replace(SecurityGroupRule, "__init__", init)
    signature = inspect.signature(before)
    _replace(SecurityGroupRule, "description", property(description))


def _find_vpn_connections_by_id_and_route() -> None:
    """moto cannot filter VPN connections by what the provider filters them by."""

    def value(self: Any, filter_name: str, method_name: str | None = None) -> Any:
        if filter_name == "vpn-connection-id":
            return self.id
        if filter_name == "route.destination-cidr-block":
            return [route["DestinationCidrBlock"] for route in self.routes]
        return before(self, filter_name, method_name)

    before = _replace(VPNConnection, "get_filter_value", value)


def _encode_the_first_revision_of_broker_configurations() -> None:
    """moto gives the data of the revision that it makes by itself as it is, and not in Base64 like all others."""

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        before(self, *args, **kwargs)
        if self.data.startswith("<?xml"):
            self.data = base64.b64encode(self.data.encode()).decode()

    before = _replace(ConfigurationRevision, "__init__", init)


def _keep_policies_of_queues_that_are_updated() -> None:
    """moto drops a queue's policy when attributes are set without it."""

    def update(self: Queue, attributes: dict[str, Any], now: float | None = None) -> None:
        kept = {"Policy": self.policy} if hasattr(self, "_policy_json") and "Policy" not in attributes else {}
        before(self, {**kept, **attributes}, now)

    before = _replace(Queue, "_set_attributes", update)


def _give_back_redrive_policies_without_blanks() -> None:
    """moto writes them with blanks, AWS without; Terraform's provider takes that for a change."""
    before: property = vars(Queue)["attributes"]

    def attributes(self: Queue) -> dict[str, Any]:
        found: dict[str, Any] = before.__get__(self)
        if self.redrive_policy:
            found["RedrivePolicy"] = json.dumps(self.redrive_policy, separators=(",", ":"))
        return found

    _replace(Queue, "attributes", property(attributes))


def _make_records_again_that_were_deleted() -> None:
    """moto refuses a record that was there once, and takes any record after it for the same."""

    def change(self: Route53Backend, zoneid: str, change_list: list[dict[str, Any]]) -> None:
        zone = self.get_hosted_zone(zoneid)
        there = {_record_key(each.name, str(each.type), each.set_identifier) for each in zone.rrsets}
        for each in change_list:
            record = each["ResourceRecordSet"]
            if each["Action"] == "CREATE":
                if _record_key(record["Name"], record["Type"], record.get("SetIdentifier")) in there:
                    raise ResourceRecordAlreadyExists(name=f"{record['Name'].rstrip('.')}.", _type=record["Type"])
                while each in zone.rr_changes:  # of before it was deleted
                    zone.rr_changes.remove(each)
        before(self, zoneid, change_list)

    before = _replace(Route53Backend, "change_resource_record_sets", change)


def _record_key(name: str, type: str, set_identifier: str | None) -> tuple[str, str, str]:
    return name.rstrip(".").lower(), type, set_identifier or ""


def _forget_backup_plans_that_were_deleted() -> None:
    """moto keeps them, and makes none with the name of one."""

    def delete(self: BackupBackend, backup_plan_id: str) -> Any:
        deleted = before(self, backup_plan_id)
        del self.plans[backup_plan_id]
        return deleted

    before = _replace(BackupBackend, "delete_backup_plan", delete)


def _delete_interfaces_of_instances_that_are_terminated() -> None:
    """moto keeps the primary one of an instance that a scaling group has launched, in a subnet that is gone."""

    def terminate(self: Instance) -> Any:
        state = before(self)
        if 0 in self.nics:
            self.ec2_backend.enis.pop(self.nics[0].id, None)
        return state

    before = _replace(Instance, "terminate", terminate)


def _delete_the_network_acl_of_a_vpc_with_it() -> None:
    """moto keeps the default one."""

    def delete(self: EC2Backend, vpc_id: str) -> Any:
        vpc = before(self, vpc_id)
        for acl in [each for each in self.network_acls.values() if each.vpc_id == vpc_id]:
            del self.network_acls[acl.id]
        return vpc

    before = _replace(EC2Backend, "delete_vpc", delete)


def _keep_an_interface_of_endpoints_in_each_of_their_subnets() -> None:
    """moto keeps the interfaces that an endpoint was made with, whatever its subnets become."""

    def modify(self: EC2Backend, vpc_id: str, **given: Any) -> None:
        before(self, vpc_id=vpc_id, **given)
        (endpoint,) = self.describe_vpc_endpoints([vpc_id])
        if str(endpoint.vpc_endpoint_type).lower() != "interface":
            return
        subnets = endpoint.subnet_ids or []
        there = {self.enis[each].subnet.id: each for each in endpoint.network_interface_ids}
        for subnet in there.keys() - set(subnets):
            del self.enis[there.pop(subnet)]
        for subnet in [each for each in subnets if each not in there]:
            there[subnet] = self.create_network_interface(subnet, random_private_ip()).id
        endpoint.network_interface_ids = list(there.values())

    before = _replace(EC2Backend, "modify_vpc_endpoint", modify)
