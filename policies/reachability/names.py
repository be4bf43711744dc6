"""Which names servers can resolve: what the DNS firewall of Route 53 lets through. Which addresses those have, it does
not decide.

Source: Route 53 developer guide, "Resolver DNS Firewall": rules by priority, of which the first that matches decides.
"""

from __future__ import annotations

from policies.library.model import Configuration, Resource
from policies.library.values import UnknownValue

ANY = "any name"

_RULE = "aws_route53_resolver_firewall_rule"
_LIST = "aws_route53_resolver_firewall_domain_list"


def resolvable(configuration: Configuration) -> frozenset[str]:
    """The names that rules let through; only `ANY` where that is every name. What is not known may be any name."""
    rules = configuration.of_type(_RULE)
    found: set[str] = set()
    is_closed = False
    for rule in rules:
        names = _names(configuration, rule)
        try:
            blocks = rule.text("action") == "BLOCK"
        except UnknownValue:
            blocks = False
        if not blocks:
            found |= names
        is_closed = is_closed or (blocks and "*" in names)
    return frozenset(found if is_closed and not found & {ANY, "*"} else {ANY})


def _names(configuration: Configuration, rule: Resource) -> set[str]:
    """The names in the list of a rule; of one that is not known, none that blocks and any that is let through."""
    lists = configuration.targets(rule.get("firewall_domain_list_id"), _LIST)
    try:
        known = {name.lower().rstrip(".") for each in lists.certain for name in each.texts("domains")}
    except UnknownValue:
        return {ANY}
    return known if lists.certain else {ANY}
