"""Claim C6: public servers leave the VPC on 443 only, for the declared channels only."""

import json

import pytest
from cdktf import App, TerraformStack

from envs.load import load
from envs.settings.channels import Channel
from modules.channels.external import ExternalChannels
from modules.common.names import Names
from modules.common.provider import add_provider
from modules.network.security_group import SecurityGroup
from tests.support.helpers import resources

BLOCKS = ("203.0.113.0/24", "198.51.100.0/24")


def channel_rules(document):
    return resources(document, "aws_vpc_security_group_egress_rule", under="channels/")


def test_channels_make_egress_rules_and_nothing_else(document):
    assert {each.type for each in resources(document, under="channels/")} == {"aws_vpc_security_group_egress_rule"}


def test_channels_open_443_only(document):
    for rule in channel_rules(document):
        assert (rule.body["ip_protocol"], rule.body["from_port"], rule.body["to_port"]) == ("tcp", 443, 443)


def test_each_client_has_each_block_once(document):
    opened = [(rule.body["security_group_id"], rule.body["cidr_ipv4"]) for rule in channel_rules(document)]
    assert len(set(opened)) == len(opened)


def test_channels_open_the_declared_blocks_only(environment, document):
    declared = {
        cidr
        for channel in load(environment).channels
        if channel.direction == "outbound"
        for cidr in channel.cidrs or ("0.0.0.0/0",)
    }
    assert {rule.body["cidr_ipv4"] for rule in channel_rules(document)} == declared


def test_descriptions_name_every_outbound_channel(environment, document):
    described = {name for rule in channel_rules(document) for name in rule.body["description"].split(", ")}
    assert described == {each.name for each in load(environment).channels if each.direction == "outbound"}


def test_clients_have_no_other_way_out_of_the_vpc(document):
    clients = {rule.body["security_group_id"] for rule in channel_rules(document)}
    assert clients
    for rule in resources(document, "aws_vpc_security_group_egress_rule"):
        if rule.body["security_group_id"] in clients and not rule.path.startswith("channels/"):
            assert not {"cidr_ipv4", "cidr_ipv6"} & rule.body.keys()


def test_no_rule_in_the_environment_knows_ipv6(document):
    for direction in ("egress", "ingress"):
        for rule in resources(document, f"aws_vpc_security_group_{direction}_rule"):
            assert "cidr_ipv6" not in rule.body


@pytest.fixture(scope="module")
def synthesize(tmp_path_factory):
    """A function: two groups with some channels, as a stack."""

    def synthesize(*channels):
        settings = load("prod")
        names = Names.of(settings)
        outdir = tmp_path_factory.mktemp("channels")
        app = App(outdir=str(outdir))
        stack = TerraformStack(app, "prod")
        add_provider(stack, names)
        clients = [
            SecurityGroup(stack, name, names=names, name=name, description=name, vpc_id="vpc-1")
            for name in ("core-server", "ordering-server")
        ]
        ExternalChannels(stack, "channels", channels=channels, clients=clients)
        app.synth()
        return json.loads((outdir / "stacks" / "prod" / "cdk.tf.json").read_text())

    return synthesize


def test_without_outbound_channels_nothing_leaves(synthesize):
    document = synthesize(Channel(name="apps", direction="inbound"))
    assert resources(document, "aws_vpc_security_group_egress_rule") == []


def test_channels_with_blocks_leave_no_rule_to_anywhere(synthesize):
    document = synthesize(
        Channel(name="payments", direction="outbound", domains=("api.payments.example",), cidrs=BLOCKS)
    )
    assert sorted(rule.body["cidr_ipv4"] for rule in channel_rules(document)) == sorted(2 * BLOCKS)


def test_another_channel_without_blocks_only_changes_a_description(synthesize):
    channels = [Channel(name=name, direction="outbound", domains=(f"{name}.example",)) for name in ("maps", "payments")]
    one, two = synthesize(channels[0]), synthesize(*channels)
    assert [rule.address for rule in channel_rules(one)] == [rule.address for rule in channel_rules(two)]
