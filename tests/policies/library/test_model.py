"""Reading attributes: what is known is read in any spelling, what is unknown never passes for anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policies.library.model import Block, Configuration, Resource
from policies.library.values import (
    Linked,
    Partial,
    Reference,
    Unknown,
    UnknownValue,
    Value,
    is_unknown,
    known,
    references,
    unknowns,
)

UNKNOWN = Unknown("var.x")
REFERENCE = Reference("module.m[0].aws_lb.this.arn", "module.m[0].aws_lb.this", "arn")


def block(value: Value) -> Block:
    return Block({"a": value}, "aws_x.y")


@pytest.mark.parametrize(
    ("value", "text"), [("x", "x"), (443, "443"), (True, "true"), (("x",), "x"), (None, "default"), (1.5, "1.5")]
)
def test_text(value: Value, text: str) -> None:
    assert block(value).text("a", default="default") == text


@pytest.mark.parametrize(
    ("value", "flag"), [(True, True), ("true", True), ("False", False), ("0", False), (None, True), ((False,), False)]
)
def test_flag(value: Value, flag: bool) -> None:
    assert block(value).flag("a", default=True) is flag


@pytest.mark.parametrize(("value", "number"), [(80, 80), ("80", 80), (None, None), ("", None), (80.0, 80)])
def test_number(value: Value, number: int | None) -> None:
    assert block(value).number("a") == number


@pytest.mark.parametrize(
    ("value", "texts"), [(("a", "b"), ("a", "b")), ("a", ("a",)), (None, ()), ((), ()), ((1, "b"), ("1", "b"))]
)
def test_texts(value: Value, texts: tuple[str, ...]) -> None:
    assert block(value).texts("a") == texts


def test_blocks() -> None:
    outer = block(({"b": {"c": 1}}, {"b": ({"c": 2}, {"c": 3})}))
    first, second = outer.blocks("a")
    assert [inner.number("c") for inner in (*first.blocks("b"), *second.blocks("b"))] == [1, 2, 3]
    assert second.blocks("b")[1].place == "aws_x.y.a[1].b[1]"
    assert outer.blocks("nothing") == ()
    assert outer.block("nothing") is None
    assert block({"Name": "x", "Other": UNKNOWN}).mapping("a")["Name"] == "x"
    assert block(None).mapping("a") == {}


@pytest.mark.parametrize("value", [None, "", (), {}])
def test_what_is_empty_is_not_set(value: Value) -> None:
    assert not block(value).has("a")


@pytest.mark.parametrize("value", [UNKNOWN, REFERENCE, (UNKNOWN,), False, 0, "x", {"b": UNKNOWN}])
def test_what_is_there_is_set(value: Value) -> None:
    assert block(value).has("a")


READERS: list[Callable[[Block], Any]] = [
    lambda each: each.text("a"),
    lambda each: each.flag("a"),
    lambda each: each.number("a"),
    lambda each: each.texts("a"),
    lambda each: each.blocks("a"),
    lambda each: each.block("a"),
    lambda each: each.mapping("a"),
]


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("value", [UNKNOWN, REFERENCE, Partial("text", ("a", UNKNOWN))], ids=repr)
def test_reading_what_is_unknown_raises(value: Value, read: Callable[[Block], Any]) -> None:
    with pytest.raises(UnknownValue, match=r"aws_x\.y\.a = "):
        read(block(value))


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (READERS[0], {"b": 1}),
        (READERS[0], ("a", "b")),
        (READERS[1], "perhaps"),
        (READERS[2], "eighty"),
        (READERS[3], ({"b": 1},)),
        (READERS[4], "text"),
    ],
)
def test_reading_what_has_another_type_raises(value: Value, read: Callable[[Block], Any]) -> None:
    with pytest.raises(UnknownValue, match="unexpected type"):
        read(block(value))


@pytest.mark.parametrize(
    "mistake",
    [
        lambda value: value == "x",
        lambda value: value != "x",
        lambda value: bool(value),
        lambda value: "x" in value,
        lambda value: value in ("x", "y"),
        lambda value: value < 1,
        lambda value: f"{value}",
        lambda value: list(value),
        lambda value: value["x"],
        lambda value: int(value),
        lambda value: len(value),
    ],
)
@pytest.mark.parametrize("value", [UNKNOWN, REFERENCE], ids=repr)
def test_an_unknown_is_nothing_that_it_is_taken_for(value: Any, mistake: Callable[[Any], object]) -> None:
    with pytest.raises(UnknownValue):
        mistake(value)


def test_unknowns_and_references_at_any_depth() -> None:
    value: Value = ({"a": (UNKNOWN, Partial("t", ("x", REFERENCE)))}, Linked("name", REFERENCE))
    assert [each.expression for each in unknowns(value)] == ["var.x", "t"]
    assert list(references(value)) == [REFERENCE, REFERENCE]
    assert is_unknown(UNKNOWN)
    assert not is_unknown((UNKNOWN,))
    with pytest.raises(UnknownValue):
        known(value)
    assert known(("a",)) == ("a",)


@pytest.mark.parametrize(
    ("address", "type_"),
    [
        ("aws_lb.this", "aws_lb"),
        ('module.a["x.y"].module.b[0].aws_lb.this[1]', "aws_lb"),
        ("module.a.data.aws_ami.this", "data.aws_ami"),
    ],
)
def test_types_of_references(address: str, type_: str) -> None:
    assert Reference("", address, "arn").type == type_


def resource(address: str, **attributes: Value) -> Resource:
    type_, name = address.split(".")
    return Resource(attributes, address, address, type=type_, name=name, file="main.tf")


def test_resources_are_found_by_what_plans_give_of_them() -> None:
    bucket = resource("aws_s3_bucket.b", bucket="meals", arn="arn:aws:s3:::meals")
    key = resource("aws_kms_key.k", id="1234", arn="arn:aws:kms:us-east-1:1:key/1234")
    user = resource("aws_x.y", key="arn:aws:kms:us-east-1:1:key/1234", bucket="meals", nested=({"id": ("1234",)},))
    configuration = Configuration({each.address: each for each in (bucket, key, user)})
    assert configuration.resolve(user.get("key")) == (key,)
    assert configuration.resolve(user.get("bucket")) == (bucket,)
    assert configuration.referring(key, "aws_x", "nested", "id") == (user,)
    assert configuration.referring(key, "aws_x", "key") == (user,)
    assert configuration.referring(bucket, "aws_x", "key") == ()
    assert configuration.refer(("elsewhere", "meals"), bucket)
    assert configuration.resolve("elsewhere") == ()
    assert configuration.of_type("aws_x", "aws_kms_key") == (user, key)
