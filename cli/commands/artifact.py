"""`infra artifact`: the archives of the application that servers start."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path

import click

from cli.core.account.account import open_account
from cli.core.artifacts.archive import read_archive
from cli.core.artifacts.published import (
    ArtifactBucket,
    ArtifactStatus,
    PublishedArchive,
    artifact_statuses,
    expected_digests,
)
from cli.core.artifacts.put import put_archive
from cli.core.base.errors import ExitCode
from cli.core.base.target import Target
from cli.core.releases.rehearsed import settings_of
from cli.ui.app import Application, Group, pass_application
from cli.ui.options import NamedPath, environment_argument, json_flag, sandbox_option
from cli.ui.tables import table
from envs.settings.release import APPLICATION_VERSION

version_option = click.option(
    "--version", metavar="X.Y.Z", help="Version of the application.  [default: that of the release in ENV's file]"
)


@click.group(cls=Group)
def command() -> None:
    """Put, list and verify the archives that servers start.

    \b
    Examples:
      infra artifact list dev
      infra artifact verify dev
    """


@command.command("put")
@environment_argument
@click.argument("server")
@click.argument("file", type=NamedPath(exists=True, dir_okay=False, path_type=Path), metavar="FILE")
@version_option
@sandbox_option("Put it into the sandbox's bucket.")
@json_flag
@pass_application
def put(
    application: Application, environment: str, server: str, file: Path, version: str | None, target: Target
) -> None:
    """Put a server's archive, with its checksum, into the bucket of ENV.

    SERVER is core-server, ordering-server, event-store, purchase-gateway or a further server of ENV. FILE is a .tar.gz
    with the executable bin/server. What a version is never changes: the same content again changes nothing, another
    one is refused.

    \b
    Examples:
      infra artifact put dev core-server build/core-server.tar.gz
      infra artifact put dev event-store event-store.tar.gz --version 1.5.0 --sandbox
    """
    settings = settings_of(environment, target)
    if server not in settings.server_names:
        allowed = f"one of {', '.join(settings.server_names)}"
        raise click.BadParameter(f"received {server!r}; allowed: {allowed}", param_hint="SERVER")
    application.status(f"reading {file}")
    archive = read_archive(file)
    version = application_version(version, settings.release.application_version)
    bucket = ArtifactBucket.of(open_account(settings, target, application.progress))
    result = put_archive(bucket, archive, application.progress, server=server, version=version)
    text = f"{'put' if result.is_new else 'was there already:'} s3://{bucket.name}/{result.key}, {result.size} bytes, "
    application.show({"bucket": bucket.name, **asdict(result)}, f"{text}sha256 {result.digest}")


@command.command("list")
@environment_argument
@sandbox_option("List the sandbox's bucket.")
@json_flag
@pass_application
def list_archives(application: Application, environment: str, target: Target) -> None:
    """List the archives in the bucket of ENV, and mark those of its release.

    \b
    Example:
      infra artifact list dev
    """
    settings = settings_of(environment, target)
    bucket = ArtifactBucket.of(open_account(settings, target, application.progress))
    application.status("listing archives")
    archives = tuple(bucket.archives())
    current = settings.release.application_version
    data = [
        {**asdict(archive), "uploaded": archive.uploaded.isoformat(), "release": archive.version == current}
        for archive in archives
    ]
    application.show({"bucket": bucket.name, "archives": data}, _table(archives, current) or f"{bucket.name} is empty")


@command.command("verify")
@environment_argument
@version_option
@click.option("--download", is_flag=True, help="Read every archive, instead of taking the digest that S3 keeps.")
@sandbox_option("Look into the sandbox's bucket.")
@json_flag
@pass_application
def verify(application: Application, environment: str, version: str | None, download: bool, target: Target) -> int:
    """Verify that every server of ENV can start its archive.

    Each archive must be there, with a checksum file that says the same, and with the digest that the release names, if
    it names one. Ends with 3 when something is wrong.

    \b
    Examples:
      infra artifact verify dev
      infra artifact verify prod --version 1.5.0 --download
    """
    settings = settings_of(environment, target)
    version = application_version(version, settings.release.application_version)
    account = open_account(settings, target, application.progress)
    statuses = artifact_statuses(
        account,
        version,
        application.progress,
        expected=expected_digests(settings, version),
        is_downloading=download,
    )
    data = [{**asdict(status), "ok": status.is_ok} for status in statuses]
    application.show({"version": version, "artifacts": data}, "\n".join(map(_line, statuses)))
    return ExitCode.OK if all(status.is_ok for status in statuses) else ExitCode.FINDINGS


def application_version(received: str | None, default: str) -> str:
    """The version of the command line, or of the release. Raises `BadParameter` for what no release can have."""
    if received is None:
        return default
    if not re.fullmatch(APPLICATION_VERSION, received, re.ASCII):
        raise click.BadParameter(
            f"received {received!r}; allowed: a semantic version, such as 1.4.0", param_hint="--version"
        )
    return received


def _table(archives: tuple[PublishedArchive, ...], current: str) -> str:
    rows = [
        [
            archive.server,
            archive.version,
            str(archive.size),
            f"{archive.uploaded:%Y-%m-%d %H:%M}",
            archive.digest or "not known to S3",
            "release" if archive.version == current else "",
        ]
        for archive in archives
    ]
    return table(["server", "version", "bytes", "uploaded", "sha256", ""], rows, right={"bytes"}) if rows else ""


def _line(status: ArtifactStatus) -> str:
    return f"{status.key}: {'ok, sha256 ' + status.digest if status.is_ok else status.problem}"
