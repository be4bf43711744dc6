"""Text with parts that are not known before the apply."""

from __future__ import annotations

from policies.access.text import (
    FIELD_WILDCARD,
    assigned,
    is_determined,
    readable,
    undetermined,
    undetermined_field,
    widened,
)


def test_only_what_may_be_anything_is_widened() -> None:
    text = f"arn:aws:s3:::{undetermined('var.bucket')}/{assigned('random_id.x.hex')}/*"
    assert widened(text) == f"arn:aws:s3:::*/{assigned('random_id.x.hex')}/*"
    assert not is_determined(text)
    assert is_determined(widened(text))


def test_unknown_parts_are_readable() -> None:
    assert readable(f"vpce-{assigned('aws_vpc_endpoint.s3.id')}") == "vpce-<aws_vpc_endpoint.s3.id>"
    assert readable(f"{undetermined('var.name')}-logs") == "<var.name>-logs"


def test_a_field_of_an_arn_is_widened_within_itself() -> None:
    text = f"arn:aws:sqs:{undetermined_field('region')}:111122223333:{undetermined('var.name')}"
    assert widened(text) == f"arn:aws:sqs:{FIELD_WILDCARD}:111122223333:*"
    assert readable(text) == "arn:aws:sqs:<region>:111122223333:<var.name>"
    assert not is_determined(text)


def test_two_parts_of_one_name_are_equal_only_in_kind() -> None:
    assert assigned("a") == assigned("a")
    assert assigned("a") != undetermined("a")
