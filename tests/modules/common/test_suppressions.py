"""Suppressions: written on a construct, found on its resource."""

import datetime

import pytest
from cdktf_cdktf_provider_aws.vpc import Vpc

from modules.common.suppressions import DEFAULT_EXPIRY, suppress
from tests.support.helpers import resource, resources


@pytest.fixture
def suppressions(synthesize):
    """A function: what `"//".suppressions` of a resource holds once synthesized."""
    return lambda path: resource(synthesize(), "aws_vpc", path).body["//"].get("suppressions", {})


def test_suppression_is_on_its_resource(stack, suppressions):
    suppress(Vpc(stack, "vpc"), rule="CKV_AWS_145", reason="It holds nothing", owner="network", expires="2027-06-30")
    assert suppressions("vpc") == {
        "CKV_AWS_145": {"reason": "It holds nothing", "owner": "network", "expires": "2027-06-30"}
    }


def test_suppression_has_an_owner_and_an_expiry(stack, suppressions):
    suppress(Vpc(stack, "vpc"), rule="CKV2_AWS_11", reason="It holds nothing")
    assert suppressions("vpc")["CKV2_AWS_11"] == {
        "reason": "It holds nothing",
        "owner": "platform",
        "expires": DEFAULT_EXPIRY,
    }


def test_suppression_is_on_no_other_resource(stack, suppressions):
    suppress(Vpc(stack, "one"), rule="CKV_AWS_145", reason="It holds nothing")
    Vpc(stack, "other")
    assert suppressions("other") == {}


def test_two_rules_are_suppressed_on_one_resource(stack, suppressions):
    vpc = Vpc(stack, "vpc")
    suppress(vpc, rule="CKV_AWS_145", reason="It holds nothing")
    suppress(vpc, rule="CKV_AWS_18", reason="It holds nothing")
    assert set(suppressions("vpc")) == {"CKV_AWS_145", "CKV_AWS_18"}


def test_one_rule_is_suppressed_on_two_resources(stack, suppressions):
    suppress(Vpc(stack, "one"), Vpc(stack, "other"), rule="CKV_AWS_145", reason="They hold nothing")
    assert set(suppressions("one")) == set(suppressions("other")) == {"CKV_AWS_145"}


def test_metadata_of_the_construct_stays(stack, synthesize):
    suppress(Vpc(stack, "vpc"), rule="CKV_AWS_145", reason="It holds nothing")
    assert resource(synthesize(), "aws_vpc", "vpc").body["//"]["metadata"]["path"] == "stack/vpc"


@pytest.mark.parametrize("rule", ["", "CKV_AWS", "ckv_aws_145", "CKV_AWS_145 ", "CKV3_AWS_145", "CKV_AWS_145.x"])
def test_malformed_rule_is_refused(stack, rule):
    with pytest.raises(ValueError, match="not a rule id"):
        suppress(Vpc(stack, "vpc"), rule=rule, reason="It holds nothing")


@pytest.mark.parametrize(("reason", "owner"), [("", "platform"), (" ", "platform"), ("It holds nothing", "\n")])
def test_reason_and_owner_are_needed(stack, reason, owner):
    with pytest.raises(ValueError, match="needs a reason and an owner"):
        suppress(Vpc(stack, "vpc"), rule="CKV_AWS_145", reason=reason, owner=owner)


@pytest.mark.parametrize("expires", ["", "2027-13-01", "next year"])
def test_expiry_is_a_date(stack, expires):
    with pytest.raises(ValueError, match=r"isoformat|month"):
        suppress(Vpc(stack, "vpc"), rule="CKV_AWS_145", reason="It holds nothing", expires=expires)


def test_every_suppression_of_every_environment_is_complete(synthesized):
    found = [
        (rule, entry)
        for document in synthesized.values()
        for each in resources(document)
        for rule, entry in each.body["//"].get("suppressions", {}).items()
    ]
    assert found
    for rule, entry in found:
        assert set(entry) == {"expires", "owner", "reason"}, rule
        assert len(entry["reason"].split()) > 4, rule
        datetime.date.fromisoformat(entry["expires"])
