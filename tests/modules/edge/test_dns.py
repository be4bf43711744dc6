"""Hosted zones: the private one, and what an environment puts into the public one, which it looks up."""

from modules.edge.dns import internal_host, internal_url
from tests.support.helpers import resource

PUBLIC_ZONE = "edge/dns/public-zone"
PRIVATE_ZONE = "edge/dns/private-zone"


def test_internal_host_is_below_the_internal_domain():
    assert internal_host("dev.meals.example", "event-store") == "event-store.internal.dev.meals.example"


def test_internal_url_names_the_port():
    assert internal_url("meals.example", "event-store", port=2113) == "https://event-store.internal.meals.example:2113"


def test_internal_url_leaves_out_the_port_of_https():
    assert internal_url("meals.example", "gateway", port=443) == "https://gateway.internal.meals.example"


def test_public_zone_is_looked_up_by_name_and_tag(environment, synthesized_bootstrap):
    looked_up = environment.document["data"]["aws_route53_zone"]
    [zone] = looked_up.values()
    made = resource(synthesized_bootstrap[environment.name], "aws_route53_zone", PUBLIC_ZONE).body
    assert zone["//"]["metadata"]["path"] == f"{environment.name}/{PUBLIC_ZONE}"
    assert zone["private_zone"] is False
    assert (zone["name"], zone["tags"]) == (made["name"], made["tags"])


def test_environment_makes_only_the_private_zone(environment):
    assert [each.path for each in environment.all("aws_route53_zone")] == [PRIVATE_ZONE]


def test_records_of_the_public_zone_go_into_the_one_looked_up(environment):
    private = {
        each.path for each in environment.all("aws_route53_record", under="edge/private-load-balancer/load-balancer/")
    }
    records = [each for each in environment.all("aws_route53_record") if each.path not in private]
    [name] = environment.document["data"]["aws_route53_zone"]
    assert len(records) == 5
    assert {each.body["zone_id"] for each in records} == {f"${{data.aws_route53_zone.{name}.zone_id}}"}


def test_private_zone_is_seen_by_the_vpc_only(environment):
    zone = environment.at("aws_route53_zone", PRIVATE_ZONE)
    assert [environment.target(vpc["vpc_id"]) for vpc in zone["vpc"]] == ["network/vpc/vpc"]


def test_private_zone_is_the_internal_domain(environment):
    assert environment.at("aws_route53_zone", PRIVATE_ZONE)["name"] == f"internal.{environment.settings.domain_name}"


def test_private_services_are_found_where_their_clients_look(environment):
    records = environment.all("aws_route53_record", under="edge/private-load-balancer/load-balancer/")
    names = {record.body["name"] for record in records}
    assert names == {
        internal_host(environment.settings.domain_name, each) for each in ("event-store", "purchase-gateway")
    }


def test_private_names_are_in_the_private_zone(environment):
    records = environment.all("aws_route53_record", under="edge/private-load-balancer/load-balancer/")
    assert {environment.target(record.body["zone_id"]) for record in records} == {PRIVATE_ZONE}


def test_private_names_stand_for_the_internal_load_balancer(environment):
    records = environment.all("aws_route53_record", under="edge/private-load-balancer/load-balancer/")
    targets = {environment.target(record.body["alias"]["name"]) for record in records}
    assert targets == {"edge/private-load-balancer/load-balancer/load-balancer"}


def test_domain_stands_for_the_public_load_balancer(environment):
    record = environment.at("aws_route53_record", "edge/public/load-balancer/alias")
    assert record["name"] == environment.settings.domain_name
    assert record["type"] == "A"
    assert environment.target(record["alias"]["name"]) == "edge/public/load-balancer/load-balancer"


def test_only_amazon_may_issue_certificates(environment):
    record = environment.at("aws_route53_record", "edge/dns/certificate-authorities")
    assert record["type"] == "CAA"
    assert record["records"] == [
        '0 issue "amazon.com"',
        '0 issue "amazonaws.com"',
        '0 issue "amazontrust.com"',
        '0 issue "awstrust.com"',
    ]
