"""Our rules, to be read: listed, explained, and written to docs/policies.md, docs/policies/ and docs/claims.md."""

from __future__ import annotations

import importlib
import os.path
import re
from collections.abc import Mapping, Sequence
from difflib import unified_diff
from pathlib import Path
from textwrap import dedent, indent

from cli.core.base.errors import InfraError
from cli.core.base.project import ROOT
from cli.core.gate.packs import FOLDERS
from policies.library.claims import CLAIMS, TESTS
from policies.library.rule import Rule, described

CHECKS = ROOT / "policies" / "checks"
DOCS = ROOT / "docs"
PAGES = DOCS / "policies"
CLAIMS_FILE = ROOT / "policies" / "claims.yaml"

PACKS: Mapping[str, str] = {
    "": "Suppressions",
    "secured_channels": "Secured channels",
    "encryption_at_rest": "Encryption at rest",
    "customer_keys": "Customer-managed keys",
    "private_isolation": "Private isolation",
    "reachability": "Reachability",
    "access": "Access",
}
"""Directories below policies/checks, and their titles, in the order in which they are shown."""

_GENERATED = "<!-- Written by `infra policies --write` from policies/. -->\n"
_LONG = 20
"""Lines of an example, above which the failing one is shown as a difference."""

_INTRODUCTION = """\
# Policies

`infra check` runs these rules and checkov's built-in ones on every environment, and packs of them on [other
Terraform](check.md). `infra policies` lists them, `infra policies explain ID` shows one. Plain `checkov` runs the same
rules on the output of `infra synth`. [Claims](claims.md) says which property of the architecture each rule serves, [ADR
11](adr/0011-policy-gate.md) how the gate works.

A rule also fails where it needs a value that Terraform knows only after the apply. The message names that value.

## Suppress a finding

Accept a finding where the resource is made, with a reason:

```python
suppress(bucket, rule="CKV_AWS_18", reason="Access logs cannot go to their own bucket", expires="2027-06-30")
```

The suppression is part of the Terraform and covers this resource and this rule. It ends on its date. Reports name it
from 60 days before. A suppression that is incomplete, over or not needed is a finding itself (CKV2_MEALS_001).
"""

_CLAIMS = """\
# Claims

The properties of this architecture that `infra check` proves on the Terraform of every environment, before anything is
deployed. A rule checks one resource or one connection. [`policies/claims.yaml`](../policies/claims.yaml) holds the
claims about connections as data; [reachability](reachability.md) says how they are computed.
[`policies/access.yaml`](../policies/access.yaml) holds those about requests to AWS. Each rule has a test that breaks
the system and sees the rule fail.
"""


class RuleNotLoaded(InfraError, kind="rule-not-loaded"):
    """The file of a rule cannot be read, or raises an error."""


def all_rules() -> Mapping[str, Sequence[Rule]]:
    """The rules of each pack, by id. Loads checkov, which the rules register with. Raises `RuleNotLoaded`."""
    return {pack: _rules_in(CHECKS / pack) for pack in PACKS}


def _rules_in(directory: Path) -> Sequence[Rule]:
    """The rules whose files are directly in a directory."""
    found = []
    for file in directory.glob("meals_*.py"):
        name = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        try:
            rule: Rule = importlib.import_module(name).RULE
        except Exception as error:
            place = file.relative_to(ROOT)
            raise RuleNotLoaded(f"{place}: {described(error)}\n  --debug shows the calls that led there") from error
        found.append(rule)
    return sorted(found, key=lambda rule: rule.id)


def documents() -> Mapping[Path, str]:
    """The text of every generated page, by file."""
    packs = all_rules()
    pages = {_page(pack): _pack_page(title, packs[pack]) for pack, title in PACKS.items()}
    return {DOCS / "policies.md": _index(packs), DOCS / "claims.md": _claims_page(packs), **pages}


def _page(pack: str) -> Path:
    """The page of a pack."""
    return PAGES / f"{(pack or 'suppressions').replace('_', '-')}.md"


def _index(packs: Mapping[str, Sequence[Rule]]) -> str:
    lines = [_GENERATED, _INTRODUCTION]
    for pack, title in PACKS.items():
        name = FOLDERS.get(pack)
        lines += [
            f"## [{title}](policies/{_page(pack).name})",
            "",
            *([f"Pack `{name}`.", ""] if name else []),
            "| rule | what holds | severity | claim |",
            "|---|---|---|---|",
        ]
        lines += [
            f"| {_link(rule, pack, DOCS)} | {_cell(rule.name)} | {rule.severity} | {_claim_link(rule, DOCS)} |"
            for rule in packs[pack]
        ]
        lines.append("")
    return _text(lines)


def _pack_page(title: str, rules: Sequence[Rule]) -> str:
    lines = [_GENERATED, f"# {title}", "", "All rules: [policies](../policies.md).", ""]
    for rule in rules:
        lines += [_section(rule), ""]
    return _text(lines)


def _claims_page(packs: Mapping[str, Sequence[Rule]]) -> str:
    lines = [_GENERATED, _CLAIMS, "| claim | what it says | checked by |", "|---|---|---|"]
    sections: list[str] = []
    for claim, text in CLAIMS.items():
        serving = {pack: [rule for rule in packs[pack] if rule.claim == claim] for pack in PACKS if pack}
        counts = [f"{len(rules)} of {PACKS[pack].lower()}" for pack, rules in serving.items() if rules]
        counts += ["tests"] if claim in TESTS else []
        lines.append(f"| [{claim}](#{claim.lower()}) | {_cell(text)} | {', '.join(counts)} |")
        sections += [f"## {claim}", "", text, ""]
        sections += [f"- {_link(rule, pack, DOCS)}: {rule.name}" for pack, rules in serving.items() for rule in rules]
        sections += [f"- [{test}](../{test})" for test in TESTS.get(claim, ())]
        sections.append("")
    return _text([*lines, "", *sections])


def _link(rule: Rule, pack: str, base: Path) -> str:
    return f"[{rule.id}]({os.path.relpath(_page(pack), base)}#{rule.id.lower()})"


def _claim_link(rule: Rule, base: Path) -> str:
    page = os.path.relpath(DOCS / "claims.md", base)
    return f"[{rule.claim}]({page}#{rule.claim.lower()})" if rule.claim else ""


def _text(lines: Sequence[str]) -> str:
    return "\n".join(lines).rstrip() + "\n"


def explanation(rule: Rule) -> str:
    """A rule in plain text."""
    types = ", ".join(rule.applies_to) or "every resource that carries a suppression"
    serves = ", ".join(filter(None, (rule.claim, *rule.controls)))
    parts = [f"{rule.id}  {rule.name}", "", f"severity    {rule.severity}", f"serves      {serves}"]
    parts += [f"applies to  {types}", f"fix         {rule.fix}", ""]
    parts += ["passes:", "", indent(_code(rule.good), "    "), "", "fails:", "", indent(_code(rule.bad), "    ")]
    return "\n".join(parts) + "\n"


def _section(rule: Rule) -> str:
    """A rule in Markdown."""
    types = ", ".join(f"`{each}`" for each in rule.applies_to) or "every resource that carries a suppression"
    serves = ", ".join(filter(None, (_claim_link(rule, PAGES), *rule.controls)))
    name = f"**{rule.name}.** Severity {rule.severity}; serves {serves}."
    parts = [f"## {rule.id}", name, f"Applies to {types}.", f"Fix: {rule.fix}"]
    claim = re.search(rf"^  {rule.id}:\n(?:    .*\n)+", CLAIMS_FILE.read_text(), re.MULTILINE)
    if claim:
        parts.append(f"In `policies/claims.yaml`:\n\n```yaml\n{_code(claim[0])}\n```")
        return "\n\n".join([*parts, f"An example that passes and one that fails: `infra policies explain {rule.id}`."])
    good, bad = _code(rule.good), _code(rule.bad)
    language = "json" if good.startswith("{") else "hcl"
    parts.append(f"Passes:\n\n```{language}\n{good}\n```")
    if len(good.splitlines()) <= _LONG:
        parts.append(f"Fails:\n\n```{language}\n{bad}\n```")
    else:
        changes = list(unified_diff(good.splitlines(), bad.splitlines(), lineterm="", n=2))[2:]
        parts.append("\n".join(["Fails with this change:\n", "```diff", *changes, "```"]))
    return "\n\n".join(parts)


def _code(text: str) -> str:
    return dedent(text).strip()


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
