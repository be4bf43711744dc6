"""An acknowledgement stands for exactly one change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.changes import NETWORK, bucket, change, role, web

VARIABLES = 'variable "office" {}\nvariable "everybody" {}\n'
SERVER = NETWORK + VARIABLES + web().replace('["0.0.0.0/0"]', "var.office")
MODULE = 'module "m" {\n  source  = "a/b/aws"\n  version = "5.0.0"\n  networks = ["10.0.0.0/8"]\n}\n'
DOMAIN = """
resource "aws_opensearch_domain" "d" {
  domain_name     = "d"
  access_policies = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Principal = { AWS = "arn:aws:iam::111111111111:root" }, Action = ["es:*"], Resource = "*" }] })
}
"""


def may_read(resources: str, condition: str = "") -> str:
    """A role that may read some objects of the bucket."""
    return (
        bucket(more=role("arn:aws:iam::111111111111:root"))
        + f"""
resource "aws_iam_role_policy" "p" {{
  role   = aws_iam_role.r.id
  policy = jsonencode({{ Version = "2012-10-17", Statement = [{{
    Effect = "Allow", Action = "s3:PutObject", Resource = [{resources}] {condition} }}] }})
}}
"""
    )


def from_network(*networks: str) -> str:
    """The condition that requests come from some networks."""
    listed = ", ".join(f'"{each}"' for each in networks)
    return f', Condition = {{ IpAddress = {{ "aws:SourceIp" = [{listed}] }} }}'


X, Y, Z = (f'"arn:aws:s3:::of-us/{each}/*"' for each in "xyz")


@pytest.mark.parametrize(
    ("before", "after", "otherwise"),
    [
        (may_read(X), may_read(f"{X}, {Y}"), may_read(f"{X}, {Y}, {Z}")),
        (
            may_read(X, from_network("203.0.113.0/28")),
            may_read(X, from_network("203.0.113.0/24", "198.51.100.0/24")),
            may_read(X),
        ),
        (MODULE, MODULE.replace("5.0.0", "5.1.0"), MODULE.replace("10.0.0.0/8", "0.0.0.0/0")),
        (
            DOMAIN,
            DOMAIN.replace(":root", ":role/x"),
            DOMAIN.replace('{ AWS = "arn:aws:iam::111111111111:root" }', '"*"'),
        ),
        (
            SERVER,
            SERVER.replace("var.office", "var.everybody"),
            SERVER.replace("var.office", "concat(var.office, var.everybody)"),
        ),
    ],
)
def test_another_change_has_another_id(before: str, after: str, otherwise: str, tmp_path: Path) -> None:
    assert len({before, after, otherwise}) == 3
    one, other = (change(tmp_path / str(at), before, each) for at, each in enumerate((after, otherwise)))
    again = change(tmp_path / "again", before, after)
    assert one.id == again.id
    assert one.id != other.id
    assert replace(one, environment="prod").id not in (one.id, replace(one, environment="dev").id)
    assert one.digest() == again.digest() != other.digest()


def test_a_proof_that_nothing_opens_is_of_one_change(tmp_path: Path) -> None:
    tagged = [bucket().replace('bucket = "of-us"', f'bucket = "of-us"\n  tags = {{ a = "{each}" }}') for each in "xy"]
    one, other = (change(tmp_path / str(at), bucket(), each) for at, each in enumerate(tagged))
    assert one.is_proved
    assert other.is_proved
    assert one.digest() != other.digest()
