"""Our rules, to be read: listed, explained, written to docs/policies.md."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import dedent, indent

from cli.core.base.project import ROOT
from policies.library.rule import Rule

CHECKS = ROOT / "policies" / "checks"
DOCUMENT = ROOT / "docs" / "policies.md"

PACKS: Mapping[str, str] = {
    "": "Suppressions",
    "secured_channels": "Secured channels",
    "private_isolation": "Private isolation",
    "reachability": "Claims about who reaches whom",
}
"""Directories below policies/checks, and what they are called; in the order in which they are shown."""

_INTRODUCTION = """\
# Policies

Written by `infra policies --write` from the rules in `policies/checks`; `infra policies explain ID` shows one.
`infra check` runs them, and checkov's built-in rules, on every environment; plain `checkov` does the same on what
`infra synth` wrote. What a claim (C1 to C9) says is in [architecture.md](architecture.md); how the gate works, and what
stock checkov cannot do, in [ADR 0011](adr/0011-policy-gate.md).

A value that is only known when Terraform applies fails the rule that needs it, with a message of its own.

A finding that is right and accepted is suppressed where the resource is made:

```python
suppress(bucket, rule="CKV_AWS_18", reason="The bucket that access logs go to cannot log to itself")
```

That is carried in the Terraform, honoured until its date for that resource and that rule only, and listed by every
report. One that has expired, says nothing, or is not needed is a finding itself.
"""


def all_rules() -> Mapping[str, Sequence[Rule]]:
    """The rules of each pack, by id. Loads checkov, which the rules register with."""
    return {pack: _rules_in(CHECKS / pack) for pack in PACKS}


def _rules_in(directory: Path) -> Sequence[Rule]:
    """The rules whose files are directly in a directory."""
    found = []
    for file in directory.glob("meals_*.py"):
        name = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        rule: Rule = importlib.import_module(name).RULE
        found.append(rule)
    return sorted(found, key=lambda rule: rule.id)


def document() -> str:
    """docs/policies.md."""
    lines = [_INTRODUCTION]
    packs = all_rules()
    for pack, title in PACKS.items():
        lines += [f"## {title}", "", "| rule | what holds | severity | serves |", "|---|---|---|---|"]
        lines += [
            f"| [{rule.id}](#{rule.id.lower()}) | {_cell(rule.name)} | {rule.severity} | {_cell(_serves(rule))} |"
            for rule in packs[pack]
        ]
        lines.append("")
    lines += ["## Each rule", ""]
    for pack in PACKS:
        for rule in packs[pack]:
            lines += [_section(rule), ""]
    return "\n".join(lines).rstrip() + "\n"


def explanation(rule: Rule) -> str:
    """A rule in plain text."""
    types = ", ".join(rule.applies_to) or "every resource that carries a suppression"
    parts = [f"{rule.id}  {rule.name}", "", f"severity    {rule.severity}", f"serves      {_serves(rule)}"]
    parts += [f"applies to  {types}", f"fix         {rule.fix}", ""]
    parts += ["passes:", "", indent(_code(rule.good), "    "), "", "fails:", "", indent(_code(rule.bad), "    ")]
    return "\n".join(parts) + "\n"


def _section(rule: Rule) -> str:
    """A rule in Markdown."""
    types = ", ".join(f"`{each}`" for each in rule.applies_to) or "every resource that carries a suppression"
    language = "json" if rule.good.lstrip().startswith("{") else "hcl"
    texts = (("Passes", rule.good), ("Fails", rule.bad))
    examples = [f"{title}:\n\n```{language}\n{_code(text)}\n```" for title, text in texts]
    name = f"{rule.name}. Severity {rule.severity}; serves {_serves(rule)}."
    return "\n\n".join([f"### {rule.id}", name, f"Applies to {types}.", f"Fix: {rule.fix}", *examples])


def _serves(rule: Rule) -> str:
    """The claim and the published controls."""
    return ", ".join(filter(None, (rule.claim, *rule.controls)))


def _code(text: str) -> str:
    return dedent(text).strip()


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
