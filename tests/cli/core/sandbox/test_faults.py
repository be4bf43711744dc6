"""Points at which the sandbox is to fail or to die."""

from __future__ import annotations

import pytest

from cli.core.sandbox.faults import FaultError, Point


@pytest.mark.parametrize("text", ["1", "40", "s3:PutBucketPolicy:1", "application-autoscaling:TagResource:12"])
def test_a_point_is_written_as_it_is_read(text: str) -> None:
    assert str(Point.read(text)) == text


def test_an_operation_without_a_number_is_its_first_call() -> None:
    assert Point.read("kafka:CreateCluster") == Point("kafka:CreateCluster", 1)


@pytest.mark.parametrize(
    "text", ["", "0", "-1", "s3", "s3:putBucketPolicy", "S3:PutBucketPolicy", "s3:PutBucketPolicy:0"]
)
def test_anything_else_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(FaultError, match="allowed: a number of changes, such as 12, or an operation"):
        Point.read(text)


def test_a_number_counts_changes_only() -> None:
    point = Point.read("2")
    seen = [point.passes(*each) for each in [("s3:GetObject", False), ("s3:PutObject", True), ("sns:Publish", True)]]
    assert seen == [False, False, True]


def test_an_operation_counts_its_own_calls_and_passes_once() -> None:
    point = Point.read("s3:PutObject:2")
    calls = ["s3:PutObject", "s3:DeleteObject", "s3:PutObject", "s3:PutObject"]
    assert [point.passes(each, True) for each in calls] == [False, False, True, False]


def test_reads_can_be_named() -> None:
    assert Point.read("s3:GetObject").passes("s3:GetObject", False)
