"""Which values name a key of the customer's."""

from __future__ import annotations

import pytest

from policies.library.keys import key_problem
from policies.library.model import Configuration, Resource
from policies.library.values import Partial, Reference, Unknown, UnknownValue, Value


def reference(address: str, attribute: str) -> Reference:
    """A reference to an attribute of a resource."""
    return Reference(f"{address}.{attribute}", address, attribute)


def looked_up(**attributes: Value) -> Configuration:
    """A configuration with `data.aws_kms_key.k`."""
    address = "data.aws_kms_key.k"
    return Configuration({address: Resource(attributes, address, address, "data.aws_kms_key", "k", "main.tf")})


NOTHING = Configuration({})
KEY = reference("aws_kms_key.k", "arn")


@pytest.mark.parametrize(
    "value", [KEY, reference("module.m.aws_kms_alias.a[0]", "arn"), "alias/own", Partial("", ("alias/own-", KEY))]
)
def test_a_key_of_the_customer(value: Value) -> None:
    assert key_problem(value, NOTHING) == ""


@pytest.mark.parametrize(
    "value",
    [
        Unknown("var.key"),
        Unknown("module.keys, whose source is not here"),
        reference("data.aws_ssm_parameter.p", "value"),
        reference("data.terraform_remote_state.s", "outputs.key"),
        Partial("", ("alias/", Unknown("var.name"))),
        Partial("", (Unknown("var.prefix"), "-key")),
    ],
)
def test_an_unknown_value_is_no_customers_key(value: Value) -> None:
    with pytest.raises(UnknownValue):
        key_problem(value, NOTHING)


def test_a_key_that_is_looked_up() -> None:
    key = reference("data.aws_kms_key.k", "arn")
    assert key_problem(key, looked_up(key_id="alias/own")) == ""
    assert key_problem(key, looked_up(key_id="alias/aws/s3"))
    with pytest.raises(UnknownValue):
        key_problem(key, looked_up(key_id=Unknown("var.key")))
