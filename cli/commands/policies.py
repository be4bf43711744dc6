"""`infra policies`: what the gate checks."""

from __future__ import annotations

import click

from cli.ui.options import Group, json_option
from cli.ui.terminal import console, print_json


@click.group(cls=Group, invoke_without_command=True)
@json_option
@click.option("--write", is_flag=True, help="Write docs/policies.md instead.")
@click.pass_context
def command(context: click.Context, as_json: bool, write: bool) -> None:
    """List the project's rules, and explain each.

    \b
    Examples:
      infra policies
      infra policies --write
      infra policies explain CKV2_MEALS_101
    """
    if context.invoked_subcommand is not None:
        return
    from cli.core.gate import catalog as rules

    if write:
        from cli.core.base.files import write_whole

        write_whole(rules.DOCUMENT, rules.document().encode())
        return
    packs = rules.all_rules()
    if as_json:
        print_json(
            [
                {
                    "id": rule.id,
                    "pack": pack or None,
                    "name": rule.name,
                    "severity": rule.severity,
                    "claim": rule.claim or None,
                    "controls": rule.controls,
                    "applies_to": rule.applies_to,
                    "fix": rule.fix,
                }
                for pack, found in packs.items()
                for rule in found
            ]
        )
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for title in ("rule", "severity", "claim", "what holds"):
        table.add_column(title, overflow="fold")
    for found in packs.values():
        for rule in found:
            table.add_row(rule.id, rule.severity, rule.claim, rule.name)
    console().print(table)


@command.command("explain")
@click.argument("rule", metavar="ID")
def explain(rule: str) -> None:
    """Explain a rule: what it serves, how to fix a finding, what passes and what fails.

    \b
    Example:
      infra policies explain CKV2_MEALS_101
    """
    from difflib import get_close_matches

    from cli.core.gate import catalog as rules

    known = {each.id: each for found in rules.all_rules().values() for each in found}
    if rule not in known:
        near = get_close_matches(rule, known, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise click.UsageError(f"{rule} is not one of our rules; infra policies lists them.{hint}")
    click.echo(rules.explanation(known[rule]), nl=False)
