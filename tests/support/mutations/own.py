"""Sabotages that the rules which `infra new rule` added must find."""

from __future__ import annotations

from tests.support.mutation import Part, by_rule

OWN_MUTATIONS: dict[str, tuple[str, str, str]] = {
    # id of the rule: the resource that it must find, and its attribute
}

MUTATIONS = by_rule(
    **{
        rule: [(f"{attribute.replace('_', '-')}-is-off", Part(type_, path).change(attribute, to=False))]
        for rule, (type_, path, attribute) in OWN_MUTATIONS.items()
    }
)
