"""`infra policies`: what the gate checks."""

from __future__ import annotations

from difflib import get_close_matches

import click

from cli.core.base.errors import NoCheckout
from cli.core.base.files import write_whole
from cli.core.base.project import IS_CHECKOUT
from cli.core.gate import catalog
from cli.core.gate.duplicates import BETTER
from cli.core.gate.gate import builtin_rules
from cli.core.gate.model import RuleInfo
from cli.core.gate.packs import FOLDERS
from cli.ui.app import Application, Group, pass_application
from cli.ui.options import json_flag
from cli.ui.tables import table


@click.group(cls=Group, invoke_without_command=True)
@json_flag
@click.option("--write", is_flag=True, help="Write the pages of the rules and claims in docs/.")
@click.pass_context
def command(context: click.Context, write: bool) -> None:
    """List the project's rules, and explain each.

    The gate runs checkov's built-in rules as well.

    \b
    Examples:
      infra policies
      infra policies --write
      infra policies explain CKV2_MEALS_101
    """
    if context.invoked_subcommand is not None:
        return
    if write:
        if not IS_CHECKOUT:
            raise NoCheckout("infra policies --write writes the pages of a checkout")
        for page, text in catalog.documents().items():
            write_whole(page, text.encode())
        return
    rules = [(pack, rule) for pack, rules in catalog.all_rules().items() for rule in rules]
    data = [
        {
            "id": rule.id,
            "pack": FOLDERS.get(pack),
            "name": rule.name,
            "severity": rule.severity,
            "claim": rule.claim or None,
            "controls": rule.controls,
            "applies_to": rule.applies_to,
            "fix": rule.fix,
        }
        for pack, rule in rules
    ]
    rows = [(rule.id, rule.severity, rule.claim, rule.name) for _, rule in rules]
    context.ensure_object(Application).show(data, table(("rule", "severity", "claim", "what holds"), rows))


@command.command("explain")
@click.argument("rule", metavar="ID")
@json_flag
@pass_application
def explain(application: Application, rule: str) -> None:
    """Explain a rule: its purpose, the fix, and an example that passes and one that fails.

    Of a rule that is built into checkov there is its name, its severity, and the project's rules that judge the same.

    \b
    Examples:
      infra policies explain CKV2_MEALS_101
      infra policies explain CKV_AWS_18
    """
    known = {each.id: each for rules in catalog.all_rules().values() for each in rules}
    if rule in known:
        text = catalog.explanation(known[rule]).rstrip()
    else:
        application.status("asking checkov")
        builtin = {each.id: each for each in builtin_rules()}
        if rule not in builtin:
            near = get_close_matches(rule, [*known, *builtin], n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise click.UsageError(f"there is no rule {rule}; infra policies lists ours.{hint}")
        text = _builtin_text(builtin[rule])
    application.show({"id": rule, "explanation": text}, text)


def _builtin_text(rule: RuleInfo) -> str:
    """What is known of a rule of checkov."""
    better = ", ".join(sorted(BETTER.get(rule.id, ())))
    lines = [f"{rule.id}  {rule.name}", f"Built into checkov. Severity {rule.severity}; pack {rule.pack}."]
    return "\n".join([*lines, f"The project judges the same more exactly: {better}."] if better else lines)
