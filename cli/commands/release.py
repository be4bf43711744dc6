"""`infra release`: what promotion carries."""

from __future__ import annotations

from typing import Any

import click

from cli.core.base.target import Target
from cli.ui.app import Group
from cli.ui.options import environment_argument, json_option, sandbox_option
from cli.ui.terminal import print_json


@click.group(cls=Group)
def command() -> None:
    """Show, list and compare releases."""


@command.command("show")
@environment_argument
@json_option
def show(environment: str, as_json: bool) -> None:
    """Show the release that ENV has by its file and this checkout.

    The id is that of its content: values, code, locks and versions.

    \b
    Example:
      infra release show staging
    """
    from cli.core.base.environments import load_settings
    from cli.core.releases.release import release

    data = release(load_settings(environment), terraform=_terraform()).as_data()
    if as_json:
        print_json(data)
        return
    click.echo(f"release {data['id']}")
    for title in ("values", "made_with"):
        click.echo(f"  {title.replace('_', ' ')}")
        width = max(map(len, data[title]))
        for name, value in data[title].items():
            click.echo(f"    {name:<{width}}  {_shown(value)}")


@command.command("list")
@sandbox_option("What was applied in the sandbox.")
@json_option
def list_releases(target: Target, as_json: bool) -> None:
    """List every release that was applied, and where it was applied first and last.

    \b
    Example:
      infra release list
    """
    from cli.core.workspace.workspace import records_of
    from envs.load import environments

    found: dict[str, dict[str, Any]] = {}
    for environment in environments():
        for record in records_of(environment, target).read():
            data = record.data
            if data["deed"] == "apply" and data["result"] == "succeeded" and data["stack"] == environment:
                each = found.setdefault(data["release"]["id"], {"release": data["release"], "applied": {}})
                first = each["applied"].get(environment, {}).get("first", data["finished"])
                each["applied"][environment] = {"first": first, "last": data["finished"]}
    if as_json:
        print_json(list(found.values()))
        return
    if not found:
        click.echo("no release was applied yet")
    for id_, each in found.items():
        applied = ", ".join(
            f"{name} {times['first'][:16].replace('T', ' ')}" for name, times in each["applied"].items()
        )
        click.echo(f"{id_}  application {each['release']['values']['application_version']:<10} {applied}")


@command.command("diff")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@sandbox_option("Look for ids among what was applied in the sandbox.")
@json_option
def diff(before: str, after: str, target: Target, as_json: bool) -> int:
    """Show how two releases differ; A and B are ids of `infra release list`, or environments.

    Ends with 2 when they do.

    \b
    Example:
      infra release diff dev 3f2a9c41d07b
    """
    from cli.core.base.errors import ExitCode

    one, other = (_content(name, target) for name in (before, after))
    rows = [(name, one.get(name), other.get(name)) for name in {**one, **other} if one.get(name) != other.get(name)]
    if as_json:
        print_json([{"name": name, "before": mine, "after": theirs} for name, mine, theirs in rows])
    elif not rows:
        click.echo("no difference")
    else:
        width = max(len(name) for name, _, _ in rows)
        for name, mine, theirs in rows:
            click.echo(f"{name:<{width}}  {_shown(mine)} -> {_shown(theirs)}")
    return ExitCode.CHANGES if rows else ExitCode.OK


def _content(name: str, target: Target) -> dict[str, Any]:
    """What is in a release, by name."""
    from cli.core.base.environments import load_settings
    from cli.core.releases.release import release
    from cli.core.workspace.workspace import records_of
    from envs.load import environments

    data = None
    if name in environments():
        data = release(load_settings(name), terraform=_terraform()).as_data()
    else:
        for environment in environments():
            for record in records_of(environment, target).read():
                if record.data.get("release", {}).get("id") == name:
                    data = record.data["release"]
    if data is None:
        raise click.UsageError(f"there is no release {name!r}; infra release list shows those that were applied")
    return {**data["values"], **data["made_with"]}


def _terraform() -> str:
    """The terraform that would apply; empty text where there is none."""
    import os

    from cli.core.terraform import binary
    from cli.core.terraform.binary import TerraformMissing

    try:
        return str(binary.find(os.environ))
    except TerraformMissing:
        return ""


def _shown(value: Any) -> str:
    import json

    text = "-" if value in (None, "") else value if isinstance(value, str) else json.dumps(value)
    return text if len(text) < 64 else f"{text[:12]}..."
