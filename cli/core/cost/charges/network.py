"""Load balancers, gateways, endpoints, VPNs and DNS."""

from __future__ import annotations

from collections.abc import Mapping

from cli.core.cost.charges.observability import delivered_logs
from cli.core.cost.model import HOURS, Unsaid
from cli.core.cost.reading import Reader, Reading, Uses, always, by_usage, hourly, monthly, number_of
from policies.library.model import Resource

_STATIC_ADDRESSES = 2
"""Public IPv4 addresses of an accelerator, which cost as others do (AWS Global Accelerator pricing)."""


def _load_balancer(reading: Reading, resource: Resource) -> Uses:
    kind = resource.text("load_balancer_type", "application")
    yield hourly("AWSELB", f"{kind} load balancer")
    units = reading.used(resource, "capacity_units").times(HOURS)
    yield by_usage("AWSELB", f"{kind} load balancer capacity unit", units)
    is_public = not resource.flag("internal") and kind != "gateway"  # a gateway load balancer has private addresses
    if is_public and resource.text("ip_address_type") != "dualstack-without-public-ipv4":
        mappings = resource.blocks("subnet_mapping")
        if any(each.has("allocation_id") for each in mappings):
            return  # Elastic IP addresses cost by themselves
        if not (zones := len(mappings) or number_of(resource, "subnets")):
            yield Unsaid("in how many zones it has a public address")
            return
        yield hourly("AmazonVPC", "public IPv4 address", zones)


def _classic(reading: Reading, resource: Resource) -> Uses:
    yield hourly("AWSELB", "classic load balancer")
    yield by_usage("AWSELB", "classic load balancer data", reading.used(resource, "processed_gb"))
    if not resource.flag("internal"):
        if not (zones := number_of(resource, "subnets") or number_of(resource, "availability_zones")):
            yield Unsaid("in how many zones it has a public address")
            return
        yield hourly("AmazonVPC", "public IPv4 address", zones)


def _nat_gateway(reading: Reading, resource: Resource) -> Uses:
    yield hourly("AmazonVPC", "NAT gateway")
    yield by_usage("AmazonVPC", "NAT gateway data", reading.used(resource, "processed_gb"))


def _endpoint(reading: Reading, resource: Resource) -> Uses:
    kind = resource.text("vpc_endpoint_type", "Gateway")
    items = {"Interface": "interface endpoint", "GatewayLoadBalancer": "gateway load balancer endpoint"}
    if kind == "Gateway":
        return  # of S3 and DynamoDB: no additional charge (AWS PrivateLink Guide, "Gateway endpoints")
    if kind not in items:
        yield Unsaid(f"the table has no price of an endpoint of type {kind}")
        return
    subnets = number_of(resource, "subnet_ids") + len(
        reading.pointing_at(resource, "aws_vpc_endpoint_subnet_association", "vpc_endpoint_id")
    )
    if not subnets:
        yield Unsaid("in how many subnets it has an address")
        return
    yield hourly("AmazonVPC", items[kind], subnets)
    yield by_usage("AmazonVPC", f"{items[kind]} data", reading.used(resource, "processed_gb"))


def _vpn(reading: Reading, resource: Resource) -> Uses:
    yield hourly("AmazonVPC", "VPN connection")
    if resource.has("transit_gateway_id"):
        yield from _transit_attachment(reading, resource)


def _transit_attachment(reading: Reading, resource: Resource) -> Uses:
    yield hourly("AmazonVPC", "transit gateway attachment")
    yield by_usage("AmazonVPC", "transit gateway data", reading.used(resource, "processed_gb"))


def _accelerator(_: Reading, resource: Resource) -> Uses:
    yield hourly("AWSGlobalAccelerator", "accelerator")
    if not resource.has("ip_addresses"):  # else addresses of one's own
        yield hourly("AmazonVPC", "public IPv4 address", _STATIC_ADDRESSES)


def _client_vpn(reading: Reading, resource: Resource) -> Uses:
    yield by_usage("AmazonVPC", "client VPN connection", reading.used(resource, "connection_hours"))


def _zone(reading: Reading, resource: Resource) -> Uses:
    yield monthly("AmazonRoute53", "hosted zone")
    if not resource.blocks("vpc"):  # queries of a VPC are not charged
        yield by_usage("AmazonRoute53", "query", reading.used(resource, "queries"))


def _record(_: Reading, resource: Resource) -> Uses:
    """A record is free; queries of some cost more than those that the zone counts (Amazon Route 53 pricing)."""
    for policy in ("latency", "geolocation", "geoproximity", "cidr"):
        if resource.has(f"{policy}_routing_policy"):
            yield Unsaid(f"the table has no price of queries that are routed by {policy}")


def _query_log(reading: Reading, resource: Resource) -> Uses:
    yield from delivered_logs(reading, resource, "destination_arn")


def _health_check(reading: Reading, resource: Resource) -> Uses:
    if resource.text("type") in ("CALCULATED", "CLOUDWATCH_METRIC", "RECOVERY_CONTROL"):
        yield Unsaid(f"the table has no price of a health check of type {resource.text('type')}")
        return
    kind = resource.text("type")
    features = [
        kind.startswith("HTTPS"),
        kind.endswith("STR_MATCH"),
        resource.flag("measure_latency"),
        resource.text("request_interval") == "10",
    ]
    if not any(reading.configuration.resolve(resource.get(name)) for name in ("fqdn", "ip_address")):
        yield Unsaid("whether its endpoint is outside AWS, where a health check costs more")
    yield monthly("AmazonRoute53", "health check")
    if number := sum(features):
        yield monthly("AmazonRoute53", "health check feature", number)


def _resolver_endpoint(_: Reading, resource: Resource) -> Uses:
    yield hourly("AmazonRoute53", "resolver endpoint address", len(resource.blocks("ip_address")))


def _domain_list(_: Reading, resource: Resource) -> Uses:
    yield monthly("AmazonRoute53", "DNS Firewall domain", number_of(resource, "domains"))


def _rule_group_association(reading: Reading, resource: Resource) -> Uses:
    yield by_usage("AmazonRoute53", "DNS Firewall query", reading.used(resource, "queries"))


def _firewall(reading: Reading, resource: Resource) -> Uses:
    if mappings := resource.blocks("subnet_mapping"):
        yield hourly("AWSNetworkFirewall", "endpoint", len(mappings))
    else:
        yield Unsaid("how many endpoints it has at a transit gateway")
    policies = reading.configuration.resolve(resource.get("firewall_policy_arn"))
    if any(
        each.has("tls_inspection_configuration_arn") for policy in policies for each in policy.blocks("firewall_policy")
    ):
        yield Unsaid("the table has no price of the inspection of TLS")
    yield by_usage("AWSNetworkFirewall", "data", reading.used(resource, "processed_gb"))


def _signing(_reading: Reading, _resource: Resource) -> Uses:
    yield Unsaid("the table has no price of DNSSEC beside its key")


NETWORK: Mapping[str, Reader] = {
    "aws_alb": _load_balancer,
    "aws_alb_listener": always(),
    "aws_ec2_client_vpn_endpoint": _client_vpn,
    "aws_ec2_client_vpn_network_association": always(hourly("AmazonVPC", "client VPN association")),
    "aws_ec2_transit_gateway_vpc_attachment": _transit_attachment,
    "aws_elb": _classic,
    "aws_globalaccelerator_accelerator": _accelerator,
    "aws_lb": _load_balancer,
    "aws_lb_listener": always(),
    "aws_nat_gateway": _nat_gateway,
    "aws_networkfirewall_firewall": _firewall,
    "aws_route53_health_check": _health_check,
    "aws_route53_hosted_zone_dnssec": _signing,
    "aws_route53_key_signing_key": always(),  # its key costs by itself, and what it signs is named at the zone
    "aws_route53_record": _record,
    "aws_route53_resolver_endpoint": _resolver_endpoint,
    "aws_route53_resolver_firewall_domain_list": _domain_list,
    "aws_route53_resolver_firewall_rule": always(),
    "aws_route53_resolver_firewall_rule_group_association": _rule_group_association,
    "aws_route53_resolver_query_log_config": _query_log,
    "aws_route53_zone": _zone,
    "aws_vpc_endpoint": _endpoint,
    "aws_vpn_connection": _vpn,
}
