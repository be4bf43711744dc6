"""Policies of types that are not read are named."""

from __future__ import annotations

from tests.support.reading import ReadAccess


def test_a_policy_of_a_type_that_is_not_read_is_named(model: ReadAccess) -> None:
    found = model('resource "aws_opensearch_domain" "o" { access_policies = jsonencode({ Statement = [] }) }')
    (note,) = found.gaps
    assert note.text.startswith("the policy of aws_opensearch_domain.o is not read")


def test_policies_that_are_read_are_not_named(model: ReadAccess) -> None:
    found = model(
        """
        resource "aws_s3_bucket" "b" {}
        resource "aws_s3_bucket_policy" "p" {
          bucket = aws_s3_bucket.b.id
          policy = jsonencode({ Statement = [] })
        }
        resource "aws_sqs_queue" "q" { policy = jsonencode({ Statement = [] }) }
        resource "aws_opensearch_domain" "o" { domain_name = "o" }
        """
    )
    assert found.gaps == ()


def test_what_lets_somebody_in_without_a_policy_is_named(model: ReadAccess) -> None:
    found = model(
        """
        resource "aws_lakeformation_permissions" "l" { principal = "arn:aws:iam::222222222222:root" }
        resource "aws_s3_object" "public" { acl = "public-read" }
        resource "aws_s3_object" "private" { key = "k" }
        """
    )
    assert [each.text.split(" lets")[0] for each in found.gaps] == [
        "whom aws_lakeformation_permissions.l",
        "whom aws_s3_object.public",
    ]
