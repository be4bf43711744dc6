"""The release of an environment on AWS and in the sandbox.

On AWS it is the one in the environment's file, and git knows who wrote it. A rehearsal changes neither: what is
promoted, rolled back or resolved with `--sandbox` is written into the sandbox's directory, with a log of its own, and
commands with `--sandbox` take the environment with that release. It is in force as long as the release in the file is
the one of then, and goes with `infra sandbox reset`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cli.core.base.environments import load_settings
from cli.core.base.target import Target
from cli.core.records import Record
from cli.core.records.model import LogRecord
from cli.core.records.store import in_order
from cli.core.releases.edit import environment_file, with_release
from cli.core.releases.log import FileEdit, Log, content_of, promotion_log
from cli.core.sandbox.process import SandboxError
from cli.core.sandbox.state_directory import StateDirectory
from envs import load
from envs.load import environments
from envs.settings import Settings

_FILE = "release.json"
"""In the directory of the environment's sandbox."""


def settings_of(environment: str, target: Target) -> Settings:
    """The settings of an environment, in the sandbox with the release that was rehearsed there.

    Raises `UnknownEnvironment`, `SettingsError`, and `SandboxError` for a damaged release.
    """
    settings = load_settings(environment)
    values = _rehearsed(settings) if target is Target.SANDBOX else None
    if values is None:
        return settings
    return _parsed(_with(environment, values).encode(), environment)


def text_of(environment: str, target: Target) -> str:
    """The file of an environment, in the sandbox with the release that was rehearsed there. Raises as `settings_of`."""
    values = _rehearsed(load_settings(environment)) if target is Target.SANDBOX else None
    return environment_file(environment).read_text() if values is None else _with(environment, values)


def log_of(environment: str, target: Target) -> Log:
    """The log with the promotions of an environment: that of the checkout, or that of the environment's sandbox."""
    return promotion_log() if target is Target.AWS else Log(StateDirectory.of(environment).directory)


def logged(environment: str | None, target: Target) -> tuple[Record[LogRecord], ...]:
    """The records of promotions, of one environment or of all: of the checkout, or of the sandboxes.

    Raises `BrokenChain`.
    """
    if target is Target.AWS:
        return promotion_log().records(environment)
    names = environments() if environment is None else (environment,)
    return in_order(record for name in names for record in log_of(name, target).records(name))


def edit_of(environment: str, target: Target, before: bytes, after: bytes) -> FileEdit:
    """What is written where an environment gets another release: its file, or the release of its sandbox.

    ``before`` and ``after`` are what `text_of` says, and what it should say.
    """
    if target is Target.AWS:
        return FileEdit(environment_file(environment), before, after)
    file = _file(environment)
    document = {"of_file": _values(load_settings(environment)), "release": _values(_parsed(after, environment))}
    return FileEdit(file, content_of(file), json.dumps(document, indent=2).encode() + b"\n")


def _rehearsed(settings: Settings) -> dict[str, Any] | None:
    """The release that was rehearsed in an environment's sandbox, as long as its file is the one of then."""
    file = _file(settings.environment)
    content = content_of(file)
    if not content:
        return None
    try:
        document = json.loads(content)
        of_file, values = document["of_file"], dict(document["release"])
    except (ValueError, LookupError, TypeError) as error:
        raise SandboxError(
            f"{file}: cannot be read as a release: {error}; infra sandbox reset {settings.environment} starts anew"
        ) from error
    return values if of_file == _values(settings) else None


def _parsed(content: bytes, environment: str) -> Settings:
    return load.parse(content, environment=environment, file=f"envs/{environment}.yaml")


def _with(environment: str, values: dict[str, Any]) -> str:
    return with_release(environment_file(environment).read_text(), values)


def _values(settings: Settings) -> dict[str, Any]:
    return settings.release.model_dump(mode="json")


def _file(environment: str) -> Path:
    return StateDirectory.of(environment).directory / _FILE
