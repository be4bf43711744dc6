"""The secrets that the stack reads are filled, and have the keys that it reads.

A value is read, its keys are looked at, and the value is gone when the function returns: neither answers nor judgements
hold it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from cli.core.preconditions.model import Judgement, Precondition, Reads, Subject, missing, ok

_ABSENT = ("ResourceNotFoundException",)


class SecretShape(NamedTuple):
    """What is known of a secret; never its value."""

    exists: bool
    is_filled: bool = False
    filled_keys: frozenset[str] | None = None
    """Keys of its JSON whose values are not empty; None when it is no JSON object."""


def preconditions(subject: Subject) -> Iterator[Precondition[SecretShape]]:
    """One for each secret that the environment's stack reads."""
    names = {str(body["name"]) for body in subject.data("aws_secretsmanager_secret") if "name" in body}
    names |= {str(body["secret_id"]) for body in subject.data("aws_secretsmanager_secret_version")}
    for name in sorted(name for name in names if "${" not in name):
        yield Precondition(
            name=f"secret {name}",
            why="an apply reads it; without a value, or with another shape, it ends in the middle",
            actions=("secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue", "kms:Decrypt"),
            ask=partial(_ask, name=name),
            judge=partial(judge, name=name),
        )


def required_keys(subject: Subject, name: str) -> tuple[str, ...]:
    """The keys that the JSON of a secret must have; none for a secret that may be any text."""
    settings = subject.settings
    if name == settings.broker.credentials_secret_name:
        return ("username", "password")
    if name == settings.streaming.metrics_export.api_key_secret_name:
        return ("api_key",)
    platforms = {push.credential_secret_name: push.platform for push in settings.notifications.mobile_push}
    if platforms.get(name, "GCM").startswith("APNS"):
        return ("signing_key", "signing_key_id", "team_id", "bundle_id")
    return ()


def _ask(subject: Subject, reads: Reads, *, name: str) -> SecretShape:
    description = reads.ask("secretsmanager", "describe_secret", absent=_ABSENT, SecretId=name)
    if description is None or "DeletedDate" in description:
        return SecretShape(exists=False)
    stages = description.get("VersionIdsToStages", {}).values()
    if not any("AWSCURRENT" in names for names in stages):
        return SecretShape(exists=True)
    if not required_keys(subject, name):
        return SecretShape(exists=True, is_filled=True)
    answer = reads.ask("secretsmanager", "get_secret_value", absent=_ABSENT, SecretId=name)
    return SecretShape(answer is not None, answer is not None, _filled_keys((answer or {}).get("SecretString", "")))


def _filled_keys(text: str) -> frozenset[str] | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return frozenset(key for key, content in value.items() if content) if isinstance(value, dict) else None


def judge(subject: Subject, shape: SecretShape, *, name: str) -> Judgement:
    """Whether a secret exists, is filled and has its keys."""
    environment, keys = subject.settings.environment, required_keys(subject, name)
    if not shape.exists:
        return missing("there is no such secret", f"infra bootstrap {environment} makes it; then fill it")
    form = f"JSON with {' and '.join(keys)}" if keys else "its value"
    remedy = f"aws secretsmanager put-secret-value --secret-id {name} --secret-string file://FILE, with {form} in FILE"
    if not shape.is_filled:
        return missing("it has no value", remedy)
    if not keys:
        return ok("filled")
    if shape.filled_keys is None:
        return missing("its value is no JSON object", remedy)
    lacking = [key for key in keys if key not in shape.filled_keys]
    if lacking:
        return missing(f"its JSON lacks {', '.join(lacking)}", remedy)
    return ok(f"filled, with {', '.join(keys)}")
