"""Stacks of CloudFormation and the like may hold anything, unless their template is known to make no network."""

from __future__ import annotations

import json

import pytest

from policies.reachability.analysis import answer
from tests.support.hcl import NETWORK, resource
from tests.support.reading import ReadHcl

MAIL = json.dumps({"Resources": {"S": {"Type": "AWS::SNS::Subscription", "Properties": {"R": "AWS::Region"}}}})
SERVERS = json.dumps({"Resources": {"S": {"Type": "AWS::EC2::Instance"}}})
GUARDED = (
    NETWORK
    + resource("aws_security_group.g", vpc_id="aws_vpc.v.id")
    + resource("aws_instance.i", subnet_id="aws_subnet.s.id", vpc_security_group_ids=["aws_security_group.g.id"])
)
GROUP = {"parameters": ["aws_security_group.g.id"]}


def stack(**arguments: object) -> str:
    """A stack with some arguments."""
    return resource("aws_cloudformation_stack.web", name="web", **arguments)


def test_a_stack_reaches_what_it_is_given(network: ReadHcl) -> None:
    found = network(GUARDED + stack(template_url="https://example.com/web.yaml", **GROUP))
    assert answer(found, "aws_cloudformation_stack.web", "aws_instance.i")
    assert "aws_cloudformation_stack.web is given it and is not here" in " ".join(e.text for e in found.assumptions)


def test_every_no_says_that_a_stack_is_not_read(network: ReadHcl) -> None:
    found = network(GUARDED + stack(template_body=SERVERS))
    assert [each.text for each in found.gaps] == [
        "aws_cloudformation_stack.web: its template is not read: taken to open nothing that it is not given"
    ]


@pytest.mark.parametrize(
    ("arguments", "is_end"),
    [
        ({"template_body": MAIL, **GROUP}, False),
        ({"template_body": SERVERS, **GROUP}, True),
        ({"template_body": MAIL.replace("SNS", "New")}, True),
        ({"template_body": json.dumps({"Transform": "AWS::Serverless-2016-10-31", **json.loads(MAIL)})}, True),
        ({"template_url": "https://example.com/web.yaml"}, True),
    ],
)
def test_a_template_without_network_is_no_end(network: ReadHcl, arguments: dict[str, object], is_end: bool) -> None:
    found = network(GUARDED + stack(**arguments))
    assert ("aws_cloudformation_stack.web" in found.nodes) is is_end


def test_a_stack_set_is_given_what_the_set_is(network: ReadHcl) -> None:
    found = network(
        GUARDED
        + resource("aws_cloudformation_stack_set.web", name="web", template_body=SERVERS, **GROUP)
        + resource("aws_cloudformation_stack_set_instance.web", stack_set_name="aws_cloudformation_stack_set.web.name")
    )
    assert answer(found, "aws_cloudformation_stack_set_instance.web", "aws_instance.i")
