"""Which names the DNS firewall lets servers resolve."""

from __future__ import annotations

from pathlib import Path

from policies.library.terraform.load import load_directory
from policies.reachability.names import ANY, resolvable

LISTS = """
resource "aws_route53_resolver_firewall_domain_list" "allow" { domains = ["api.example.com."] }
resource "aws_route53_resolver_firewall_domain_list" "rest" { domains = ["*."] }
resource "aws_route53_resolver_firewall_rule" "allow" {
  firewall_domain_list_id = aws_route53_resolver_firewall_domain_list.allow.id
  action                  = "ALLOW"
}
"""
REST = """
resource "aws_route53_resolver_firewall_rule" "rest" {
  firewall_domain_list_id = aws_route53_resolver_firewall_domain_list.rest.id
  action                  = %s
}
"""


def names(text: str, directory: Path) -> frozenset[str]:
    """What can be resolved with some Terraform."""
    (directory / "main.tf").write_text(text)
    return resolvable(load_directory(directory)[0])


def test_only_what_is_allowed_where_the_rest_is_blocked(tmp_path: Path) -> None:
    assert names(LISTS + REST % '"BLOCK"', tmp_path) == {"api.example.com"}


def test_any_name_where_the_rest_only_alerts_is_not_known_or_not_there(tmp_path: Path) -> None:
    for rest in (REST % '"ALERT"', 'variable "action" {}' + REST % "var.action", ""):
        assert names(LISTS + rest, tmp_path) == {ANY}
