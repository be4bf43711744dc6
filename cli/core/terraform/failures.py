"""terraform's errors: what is wrong, how to fix it, and an exit code.

Every pattern of terraform's output is in this file. The texts are those of Terraform 1.11, OpenTofu 1.10 and the AWS
provider 5.100 and 6.25; others are passed on unchanged.
"""

from __future__ import annotations

import re
import signal
from collections.abc import Sequence
from dataclasses import dataclass

from cli.core.base.errors import ExitCode, InfraError
from cli.core.terraform.events import Diagnostic


class TerraformFailed(InfraError):
    """terraform ended with errors; the text has them."""


class StateLocked(InfraError, exit_code=ExitCode.LOCKED):
    """Somebody else holds the lock of the state."""


class WrongAccount(InfraError, kind="wrong-account", exit_code=ExitCode.REFUSED):
    """The credentials are another account's than the environment's (`allowed_account_ids`)."""


class NoCredentials(InfraError, exit_code=ExitCode.MISSING):
    """There are no AWS credentials, or they have expired."""


class ProviderMissing(InfraError, exit_code=ExitCode.MISSING):
    """terraform found no provider that fits."""


class DiskFull(InfraError):
    """terraform could not write a file."""


class AwsUnreachable(InfraError):
    """AWS does not answer, or cannot be found."""


class StateMissing(InfraError, exit_code=ExitCode.MISSING):
    """The bucket of the state does not exist."""


class PlanStale(InfraError, kind="state-moved", exit_code=ExitCode.STALE):
    """terraform itself refuses a saved plan: the state has changed since."""


_UNREACHABLE = re.compile(r"request send failed, (.+)")
"""How the AWS SDK in terraform and in the provider reports that there was no answer, and why."""

_SILENT = "terraform gives no reason, as when there is no room left on the disk, not even for its log"
_CONSEQUENCES = ("Failed to save state", "Failed to persist state to backend", "Error releasing the state lock")
"""Summaries of terraform's errors about its state that follow from there being no answer."""


@dataclass(frozen=True, slots=True)
class Lock:
    """Who holds a state's lock, as terraform reports it."""

    id: str
    operation: str
    who: str
    created: str

    def __str__(self) -> str:
        return f"{self.who}, {self.operation}, since {self.created} (lock {self.id})"


def lock_in(text: str) -> Lock | None:
    """The lock that an error reports: terraform prints `Lock Info:` and a line per field."""
    fields = {name: value.strip() for name, value in re.findall(r"^\W*(ID|Operation|Who|Created):(.*)$", text, re.M)}
    if "Lock Info" not in text or "ID" not in fields:
        return None
    return Lock(fields["ID"], fields.get("Operation", ""), fields.get("Who", ""), fields.get("Created", ""))


def says_unlocked(text: str) -> bool:
    """Whether the answer to an attempt to unlock means that there is no lock."""
    return _any(text, r"NoSuchKey", r"StatusCode: 404", r"not locked", r"LockID isn't in state") is not None


def was_refused(text: str) -> bool:
    """Whether an error is AWS's answer that it has not done what it was asked for: a status of 400 to 499.

    Everything else leaves it open: no answer, an answer of 500 or more, a wait or a look that failed after the thing
    was made, a provider that died. So do the answer that there is such a thing already, and the last answer of several
    attempts: an earlier attempt may have made it, and its answer was lost.
    Source: AWS SDK for Go v2, `smithy.OperationError` ("https response error StatusCode: 403").
    """
    is_later = (
        _any(text, r"(?i)(?:\A|: )(?:waiting|reading)\b", r"(?i)throttl", r"maximum number of attempts") is not None
    )
    return _any(text, r"(?i)status ?code: 4\d\d") is not None and not is_later and not is_there(text)


def is_there(text: str) -> bool:
    """Whether an error says that what was to be made exists already, in the codes of AWS's services."""
    return (
        _any(text, r"(?i)already[ _-]?(exists?|owned)|\bduplicate|NameExists|ResourceExists|ResourceInUse") is not None
    )


def not_there(text: str) -> frozenset[str]:
    """The addresses that an error says cannot be imported, because AWS has nothing with their id."""
    flat = " ".join(text.split())
    return frozenset(re.findall(r'attempting to import an existing object to "(.+?)", the provider detected', flat))


def not_associated(text: str) -> frozenset[str]:
    """The import ids of route table associations that do not exist; their error does not name the address."""
    pairs = re.findall(
        r"No association found between route table ID (\S+) and target ID ([\w-]+)", " ".join(text.split())
    )
    return frozenset(f"{target}/{table}" for table, target in pairs)


def failure(
    command: str, environment: str, *, code: int, diagnostics: Sequence[Diagnostic] = (), stderr: str = ""
) -> InfraError:
    """The error to raise when a command such as `terraform plan` failed.

    ``code`` is its exit code, negative for the signal that ended it. ``stderr`` counts when there are no diagnostics.
    """
    if code < 0:
        return TerraformFailed(f"{command} was ended by {signal.Signals(-code).name}, before it was done")
    errors = [diagnostic for diagnostic in diagnostics if diagnostic.severity == "error"]
    if unreachable := [error for error in errors if _UNREACHABLE.search(error.text)]:
        others = [error for error in errors if error not in unreachable and error.summary not in _CONSEQUENCES]
        reason = _UNREACHABLE.findall(unreachable[0].text)[0]
        listed = "".join(f"\n{error.text}" for error in others)
        return AwsUnreachable(f"{command} failed, because AWS cannot be reached: {reason}{_indented(listed)}")
    text = "\n".join(dict.fromkeys(error.text for error in errors)) or _errors_in(plain(stderr)) or _SILENT
    return _known(environment, text) or TerraformFailed(f"{command} failed: {_indented(text)}")


def wrong_account(environment: str, account_id: str) -> WrongAccount:
    """The credentials belong to ``account_id``."""
    return WrongAccount(
        f"the credentials belong to account {account_id}, which is not the account of {environment}: choose others, "
        "for example with AWS_PROFILE"
    )


def expired_credentials() -> NoCredentials:
    """There are credentials, of the past."""
    return NoCredentials("the AWS credentials have expired: renew them, for example with aws sso login")


def no_credentials() -> NoCredentials:
    """There are no credentials, or AWS does not know them."""
    return NoCredentials(
        "there are no valid AWS credentials: use aws sso login and AWS_PROFILE, or set AWS_ACCESS_KEY_ID and "
        "AWS_SECRET_ACCESS_KEY"
    )


def _known(environment: str, text: str) -> InfraError | None:
    """An error whose cause and fix are known."""
    flat = " ".join(text.split())
    if full := _any(flat, r"(\S+: )?no space left on device"):
        return DiskFull(f"there is no room left on the disk ({full}): make room, then run the command again")
    if holder := lock_in(text):  # not for each error about a lock: that it cannot be written is none
        return StateLocked(
            f"the state of {environment} is locked by {holder}. Wait until that run ends; if it died, run infra "
            f"unlock {environment}"
        )
    if account := re.search(r"AWS account ID not allowed: (\d+)", flat):
        return wrong_account(environment, account[1])
    if _any(flat, r"ExpiredToken", r"security token included in the request is expired", r"[Tt]oken has expired"):
        return expired_credentials()
    if _any(flat, r"No valid credential sources found", r"no EC2 IMDS role found", r"InvalidClientTokenId"):
        return no_credentials()
    if _any(flat, r"S3 bucket .{0,80} does not exist", r"NoSuchBucket"):
        return StateMissing(
            f"the bucket of the state of {environment} does not exist in the account: run infra bootstrap {environment}"
        )
    if found := _UNREACHABLE.search(text):
        return AwsUnreachable(f"AWS cannot be reached: {found[1]}")
    if "Saved plan is stale" in flat:
        return PlanStale(
            f"the state of {environment} has changed since the plan was made: run infra plan {environment}"
        )
    if provider := _any(
        flat,
        r"Failed to query available provider packages",
        r"Failed to install provider",
        r"Could not retrieve providers for locking",
        r"Required plugins are not installed",
        r"Inconsistent dependency lock file",
        r"Provider dependency changes detected",
    ):
        return ProviderMissing(
            f"terraform has no provider that fits ({provider}): it needs a network, or a mirror or plugin cache named "
            f"in its CLI configuration (TF_CLI_CONFIG_FILE). terraform reports:\n{_indented(text)}"
        )
    return None


def _any(text: str, *patterns: str) -> str | None:
    """The match of the first pattern that is in a text."""
    return next((found[0] for pattern in patterns if (found := re.search(pattern, text))), None)


def plain(text: str) -> str:
    """Text without colours and without the frame that terraform draws around errors."""
    bare = re.sub(r"\x1b\[[0-9;]*m", "", text)
    lines = [re.sub(r"^[│╷╵] ?", "", line).rstrip() for line in bare.splitlines()]
    return "\n".join(line for line in lines if line.strip())


def _errors_in(text: str) -> str:
    """Plain text from the first error on; all of it when it says nowhere that it is one."""
    at = re.search(r"^Error: ", text, re.MULTILINE)
    return text[at.end() :] if at else text


def _indented(text: str) -> str:
    """Several lines as the continuation of one."""
    return text.replace("\n", "\n  ")
