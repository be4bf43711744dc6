"""Declared channels come down to few, exact security-group rules."""

import re

from hypothesis import given
from hypothesis import strategies as st

from envs.settings.channels import Channel
from modules.channels.channel import Egress, egress
from modules.channels.external import outbound_domains

ALLOWED = re.compile(r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{0,255}")  # EC2 API: IpRange.Description

names = st.from_regex(r"[a-z][a-z0-9]{0,15}(-[a-z0-9]{1,15})?", fullmatch=True)


def outbound(name, *cidrs):
    return Channel(name=name, direction="outbound", domains=(f"{name}.example",), cidrs=cidrs)


@st.composite
def outbound_channels(draw):
    blocks = st.integers(0, 255).map(lambda octet: f"203.0.{octet}.0/24")
    distinct = draw(st.lists(names, unique=True, max_size=40))
    return [outbound(name, *draw(st.lists(blocks, unique=True, max_size=3))) for name in distinct]


def test_channels_without_blocks_share_one_rule_to_anywhere():
    assert egress([outbound("maps"), outbound("payments")]) == (Egress("0.0.0.0/0", 443, ("maps", "payments")),)


def test_channels_with_blocks_open_these_only():
    assert egress([outbound("payments", "203.0.113.0/24")]) == (Egress("203.0.113.0/24", 443, ("payments",)),)


def test_inbound_and_aws_api_channels_open_nothing():
    channels = [Channel(name="apps", direction="inbound"), Channel(name="tableau", direction="aws-api")]
    assert egress(channels) == ()
    assert outbound_domains(channels) == ()


def test_no_channel_opens_nothing():
    assert egress([]) == ()


@given(outbound_channels())
def test_no_block_is_opened_twice(channels):
    opened = [(each.cidr, each.port) for each in egress(channels)]
    assert opened == sorted(set(opened))


@given(outbound_channels())
def test_every_rule_is_on_443(channels):
    assert {each.port for each in egress(channels)} <= {443}


@given(outbound_channels())
def test_labels_are_distinct(channels):
    labels = [each.label for each in egress(channels)]
    assert len(set(labels)) == len(labels)


@given(outbound_channels(), st.randoms(use_true_random=False))
def test_order_of_declaration_does_not_matter(channels, random):
    shuffled = random.sample(channels, len(channels))
    assert (egress(shuffled), outbound_domains(shuffled)) == (egress(channels), outbound_domains(channels))


@given(outbound_channels())
def test_descriptions_are_such_as_aws_accepts(channels):
    assert all(ALLOWED.fullmatch(each.description) for each in egress(channels))


def test_short_description_names_every_channel():
    assert Egress("0.0.0.0/0", 443, ("maps", "payments")).description == "maps, payments"


def test_long_description_counts_what_it_leaves_out():
    description = Egress("0.0.0.0/0", 443, tuple(f"channel-{number:02}" for number in range(40))).description
    assert len(description) <= 255
    shown, rest = description.split(", and ")
    assert int(rest.removesuffix(" more")) == 40 - len(shown.split(", "))


def test_outbound_domains_are_sorted_and_named_once():
    channels = [
        Channel(name="b", direction="outbound", domains=("b.example", "a.example")),
        Channel(name="a", direction="outbound", domains=("a.example",)),
    ]
    assert outbound_domains(channels) == ("a.example", "b.example")
