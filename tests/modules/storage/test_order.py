"""What uses a bucket is made after it and goes before it: every use of its name in the same stack is a dependency."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tests.support.helpers import Document, resources, strings

REFERENCE = re.compile(r"\b((?:aws_\w+|terraform_data)\.[\w-]+)")


def needs(document: Document) -> dict[str, set[str]]:
    """Addresses that each resource refers to or depends on."""
    return {
        each.address: {found for text in strings(each.body) for found in REFERENCE.findall(text)} - {each.address}
        for each in resources(document)
    }


def reached(address: str, edges: Mapping[str, set[str]]) -> set[str]:
    """Addresses that come before a resource, directly or not."""
    found: set[str] = set()
    waiting = {address}
    while waiting:
        waiting = {need for each in waiting for need in edges.get(each, ())} - found
        found |= waiting
    return found


def uses(body: Mapping[str, Any]) -> list[str]:
    """Texts of a resource that are no policies: a policy may name what does not exist yet."""
    return [text for key, value in body.items() if key not in ("policy", "//") for text in strings(value)]


def test_whatever_names_a_bucket_depends_on_it(document: Document) -> None:
    edges = needs(document)
    buckets = {each.body["bucket"]: each.address for each in resources(document, "aws_s3_bucket")}
    loose = {
        (each.address, name)
        for each in resources(document)
        for name, address in buckets.items()
        if address != each.address
        and any(name in text for text in uses(each.body))
        and address not in reached(each.address, edges)
    }
    assert loose == set()


def test_consumers_of_buckets_are_found(document: Document) -> None:
    """The streams, the workgroup, the table and the export refer to their buckets."""
    edges = needs(document)
    kinds = ("aws_kinesis_firehose_delivery_stream", "aws_athena_workgroup", "aws_glue_catalog_table")
    consumers = [each.address for kind in kinds for each in resources(document, kind)]
    consumers += [each.address for each in resources(document, "aws_scheduler_schedule", under="event-store/")]
    without = [each for each in consumers if not any(need.startswith("aws_s3_bucket.") for need in edges[each])]
    assert (without, len(consumers)) == ([], 5)
