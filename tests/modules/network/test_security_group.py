"""Security groups: closed until a path is opened, and then open on both sides of that path only."""

import pytest

from envs.load import load
from modules.common.names import Names
from modules.network.security_group import SecurityGroup
from tests.support.helpers import resource, resources

NAMES = Names.of(load("dev"))
INGRESS = "aws_vpc_security_group_ingress_rule"
EGRESS = "aws_vpc_security_group_egress_rule"


@pytest.fixture
def server(stack):
    return group(stack, "server")


@pytest.fixture
def client(stack):
    return group(stack, "client")


def group(stack, name):
    return SecurityGroup(stack, name, names=NAMES, name=name, description=f"A {name}", vpc_id="vpc-1")


def reference(document, name):
    return resource(document, "aws_security_group", f"{name}/group").reference("id")


def test_new_group_has_no_rule(server, synthesize):
    assert [each.type for each in resources(synthesize())] == ["aws_security_group"]


def test_new_group_has_no_rule_of_its_own_either(server, synthesize):
    body = resource(synthesize(), "aws_security_group", "server/group").body
    assert not {"ingress", "egress"} & set(body)


def test_group_is_named_after_its_environment(server, synthesize):
    body = resource(synthesize(), "aws_security_group", "server/group").body
    assert body["name"] == "meals-dev-server"
    assert body["vpc_id"] == "vpc-1"


def test_accepting_a_client_opens_the_server_for_it(server, client, synthesize):
    server.accept_from(client, port=8443, description="HTTPS")
    document = synthesize()
    rule = resource(document, INGRESS, "server/from-client-8443").body
    assert rule["security_group_id"] == reference(document, "server")
    assert rule["referenced_security_group_id"] == reference(document, "client")


def test_accepting_a_client_lets_it_out_to_the_server(server, client, synthesize):
    server.accept_from(client, port=8443, description="HTTPS")
    document = synthesize()
    rule = resource(document, EGRESS, "client/to-server-8443").body
    assert rule["security_group_id"] == reference(document, "client")
    assert rule["referenced_security_group_id"] == reference(document, "server")


def test_accepting_a_client_opens_one_tcp_port_on_both_sides(server, client, synthesize):
    server.accept_from(client, port=8443, description="HTTPS")
    rules = [each.body for each in resources(synthesize()) if each.type in (INGRESS, EGRESS)]
    assert [(rule["ip_protocol"], rule["from_port"], rule["to_port"]) for rule in rules] == [("tcp", 8443, 8443)] * 2


def test_group_can_accept_itself(server, synthesize):
    server.accept_from(server, port=2113, description="Nodes")
    document = synthesize()
    for kind, path in ((INGRESS, "server/from-server-2113"), (EGRESS, "server/to-server-2113")):
        rule = resource(document, kind, path).body
        assert rule["security_group_id"] == rule["referenced_security_group_id"] == reference(document, "server")


def test_description_names_the_other_side(server, client, synthesize):
    server.accept_from(client, port=8443, description="HTTPS")
    document = synthesize()
    assert resource(document, INGRESS, "server/from-client-8443").body["description"] == "HTTPS: from client"
    assert resource(document, EGRESS, "client/to-server-8443").body["description"] == "HTTPS: to server"


@pytest.mark.parametrize(
    ("kind", "path", "peer", "open_path"),
    [
        (
            INGRESS,
            "server/office",
            ("cidr_ipv4", "198.51.100.0/24"),
            lambda server, client, **rule: server.accept_from_cidr("198.51.100.0/24", **rule),
        ),
        (
            EGRESS,
            "client/office",
            ("cidr_ipv4", "198.51.100.0/24"),
            lambda server, client, **rule: client.connect_to_cidr("198.51.100.0/24", **rule),
        ),
        (
            EGRESS,
            "client/office",
            ("prefix_list_id", "pl-1"),
            lambda server, client, **rule: client.connect_to_prefix_list("pl-1", **rule),
        ),
    ],
    ids=["from a block", "to a block", "to a prefix list"],
)
def test_a_path_outside_is_one_port(server, client, synthesize, kind, path, peer, open_path):
    open_path(server, client, id="office", port=443, description="Office")
    rule = resource(synthesize(), kind, path).body
    attribute, value = peer
    assert rule[attribute] == value
    assert (rule["ip_protocol"], rule["from_port"], rule["to_port"]) == ("tcp", 443, 443)


@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
def test_only_the_emptied_default_group_has_inline_rules(synthesized, environment):
    for each in resources(synthesized[environment], "aws_security_group"):
        assert not {"ingress", "egress"} & set(each.body), each.path


@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
def test_every_rule_of_an_environment_is_one_tcp_port_to_one_peer(synthesized, environment):
    peers = {"cidr_ipv4", "prefix_list_id", "referenced_security_group_id"}
    for kind in (INGRESS, EGRESS):
        for each in resources(synthesized[environment], kind):
            assert each.body["ip_protocol"] == "tcp", each.path
            assert each.body["from_port"] == each.body["to_port"], each.path
            assert len(peers & set(each.body)) == 1, each.path


@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
def test_both_halves_of_every_path_between_groups_are_there(synthesized, environment):
    def paths(kind, here, there):
        return {
            (each.body[here], each.body[there], each.body["from_port"])
            for each in resources(synthesized[environment], kind)
            if "referenced_security_group_id" in each.body
        }

    server, client = "security_group_id", "referenced_security_group_id"
    assert paths(INGRESS, server, client) == paths(EGRESS, client, server)
