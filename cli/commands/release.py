"""`infra release`: the releases of environments."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import click

from cli.core.account.account import open_account
from cli.core.base.clock import utc_now
from cli.core.base.environments import load_settings
from cli.core.base.errors import ExitCode
from cli.core.base.target import Target
from cli.core.operations.admission import objections_on_aws, require_admitted
from cli.core.promotion.catalog import AppliedRelease, applied_releases, current_release, find_release
from cli.core.records.model import ReleaseData
from cli.core.releases.rehearsed import settings_of
from cli.core.releases.release import differences
from cli.core.releases.resolve import Resolution, resolve_release, write_resolution
from cli.ui.app import Application, Group, pass_application
from cli.ui.options import environment_argument, json_flag, sandbox_option


@click.group(cls=Group)
def command() -> None:
    """Show, list, compare and resolve releases.

    \b
    Examples:
      infra release show prod
      infra release list
    """


@command.command("show")
@environment_argument
@click.option("--admitted", is_flag=True, help="End with 10 unless infra apply takes it on AWS.")
@json_flag
@pass_application
def show(application: Application, environment: str, admitted: bool) -> None:
    """Show the release that ENV has by its file and this checkout.

    The id is that of its content: values, code, locks and versions. What keeps infra apply from taking it on AWS is
    named: that it was not promoted to ENV, or that ENV is frozen.

    \b
    Example:
      infra release show staging
    """
    release = current_release(environment, Target.AWS)
    found = objections_on_aws(load_settings(environment), release, utc_now())
    if admitted:
        require_admitted(environment, found, {})
    application.show(
        {**release.model_dump(), "objections": [asdict(each) for each in found]},
        "\n".join([*_lines(release), *(f"infra apply refuses it, {each.condition}: {each.text}" for each in found)]),
    )


@command.command("list")
@sandbox_option("What was applied in the sandbox.")
@json_flag
@pass_application
def list_releases(application: Application, target: Target) -> None:
    """List every release that was applied, and where it was applied first and last.

    \b
    Example:
      infra release list
    """
    releases = applied_releases(target)
    application.show(
        [_as_data(each) for each in releases], "\n".join(map(_line, releases)) or "no release was applied yet"
    )


@command.command("diff")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@sandbox_option("Look for ids among what was applied in the sandbox.")
@json_flag
@pass_application
def diff(application: Application, before: str, after: str, target: Target) -> int:
    """Show how two releases differ.

    A and B are environments, or ids of infra release list. Ends with 2 when they differ.

    \b
    Example:
      infra release diff dev 3f2a9c41d07b
    """
    rows = list(differences(find_release(before, target), find_release(after, target)))
    width = max((len(name) for name, _, _ in rows), default=0)
    lines = [f"{name:<{width}}  {_shown(old)} -> {_shown(new)}" for name, old, new in rows]
    application.show(
        [{"name": name, "before": old, "after": new} for name, old, new in rows], "\n".join(lines) or "no difference"
    )
    return ExitCode.CHANGES if rows else ExitCode.OK


@command.command("resolve")
@environment_argument
@click.option("--new-image", is_flag=True, help="Read the parameter again, although the image is an id.")
@click.option("--image-only", is_flag=True, help="Leave the digests of the artifacts as they are.")
@click.option("--dry-run", is_flag=True, help="Write nothing.")
@sandbox_option("Ask the sandbox.")
@json_flag
@pass_application
def resolve(
    application: Application, environment: str, new_image: bool, image_only: bool, dry_run: bool, target: Target
) -> None:
    """Replace the names in ENV's release by what they mean now, before it is applied and promoted.

    The image becomes the AMI id that its parameter holds; the parameter stays in ami_parameter. The digest of each
    server's archive of the release's version is read from the bucket of ENV. Nothing else in ENV's file changes.

    \b
    Examples:
      infra release resolve dev
      infra release resolve dev --new-image --dry-run
    """
    account = open_account(settings_of(environment, target), target, application.progress)
    resolution = resolve_release(account, application.progress, is_new_image=new_image, is_image_only=image_only)
    if not dry_run:
        write_resolution(resolution)
    changes = [f"  {name}: {old or '-'} -> {new}" for name, old, new in _changed(resolution)]
    where = f"envs/{environment}.yaml" if target is Target.AWS else f"the release of {environment} in the sandbox"
    title = f"{'would write' if dry_run else 'wrote'} {where}"
    data = {
        "environment": environment,
        "written": bool(changes) and not dry_run,
        "changes": [{"name": name, "before": old, "after": new} for name, old, new in _changed(resolution)],
    }
    application.show(data, "\n".join([title, *changes]) if changes else f"the release of {environment} is resolved")


def _changed(resolution: Resolution) -> Iterator[tuple[str, Any, Any]]:
    """What changes, digest by digest."""
    for name, (old, new) in resolution.changes.items():
        if isinstance(new, dict):
            before = old or {}
            yield from (
                (f"{name}.{key}", before.get(key), new.get(key))
                for key in {**before, **new}
                if before.get(key) != new.get(key)
            )
        else:
            yield name, old, new


def _lines(release: ReleaseData) -> Iterator[str]:
    yield f"release {release.id}"
    for title, values in (("values", release.values), ("made with", release.made_with)):
        yield f"  {title}"
        width = max(map(len, values))
        yield from (f"    {name:<{width}}  {_shown(value)}" for name, value in values.items())


def _line(applied: AppliedRelease) -> str:
    where = ", ".join(f"{name} {first:%Y-%m-%d %H:%M}" for name, (first, _) in applied.applied.items())
    return f"{applied.release.id}  application {applied.release.values['application_version']:<10} {where}"


def _as_data(applied: AppliedRelease) -> dict[str, Any]:
    times = {
        name: {"first": first.isoformat(), "last": last.isoformat()} for name, (first, last) in applied.applied.items()
    }
    return {"release": applied.release.model_dump(), "applied": times}


def _shown(value: Any) -> str:
    text = "-" if value in (None, "") else value if isinstance(value, str) else json.dumps(value)
    return text if len(text) < 64 else f"{text[:12]}..."
