"""terraform's errors in our words: what is wrong, what to do, and an exit code. The texts are those of Terraform
1.11, OpenTofu 1.10 and the AWS provider 5.100 and 6.25; what is not known here is passed on as it is."""

from __future__ import annotations

import re
import signal
from collections.abc import Sequence
from dataclasses import dataclass

from cli.core.base.errors import ExitCode, InfraError
from cli.core.terraform.events import Diagnostic


class TerraformFailed(InfraError):
    """terraform ended with errors; they are the text."""


class StateLocked(InfraError):
    """Somebody else holds the lock of the state."""

    exit_code = ExitCode.LOCKED


class WrongAccount(InfraError):
    """The credentials are another account's than the environment's (`allowed_account_ids`)."""

    exit_code = ExitCode.REFUSED
    kind = "wrong-account"


class NoCredentials(InfraError):
    """There are no AWS credentials, or they have expired."""

    exit_code = ExitCode.MISSING


class ProviderMissing(InfraError):
    """terraform found no provider that fits."""

    exit_code = ExitCode.MISSING


class DiskFull(InfraError):
    """terraform could not write a file."""


class AwsUnreachable(InfraError):
    """AWS does not answer, or cannot be found."""


class StateMissing(InfraError):
    """The bucket of the state does not exist."""

    exit_code = ExitCode.MISSING


class PlanStale(InfraError):
    """terraform itself refuses a saved plan: the state has changed since."""

    exit_code = ExitCode.STALE
    kind = "state-moved"


_UNREACHABLE = re.compile(r"request send failed, (.+)")
"""How the SDK that terraform and the provider have says that there was no answer, and why."""

_SILENT = "it does not say why, as when there is no room left on the disk, not even for its log"
_CONSEQUENCES = ("Failed to save state", "Failed to persist state to backend", "Error releasing the state lock")
"""Summaries of terraform's errors about its state when there is no answer; what is to be done then we say ourselves."""


@dataclass(frozen=True, slots=True)
class Lock:
    """Who holds a state's lock, as terraform tells it."""

    id: str
    operation: str
    who: str
    created: str

    def __str__(self) -> str:
        return f"{self.who}, {self.operation}, since {self.created} (lock {self.id})"


def lock_in(text: str) -> Lock | None:
    """The lock that an error tells of, which terraform prints as `Lock Info:` and a line per field."""
    found = {name: value.strip() for name, value in re.findall(r"^\W*(ID|Operation|Who|Created):(.*)$", text, re.M)}
    if "Lock Info" not in text or "ID" not in found:
        return None
    return Lock(found["ID"], found.get("Operation", ""), found.get("Who", ""), found.get("Created", ""))


def says_unlocked(text: str) -> bool:
    """Whether what terraform says to an attempt to unlock means that there is no lock."""
    return _any(text, r"NoSuchKey", r"StatusCode: 404", r"not locked", r"LockID isn't in state") is not None


def not_there(text: str) -> frozenset[str]:
    """The addresses that cannot be imported because there is nothing of their id in AWS, as an error says."""
    flat = " ".join(text.split())
    return frozenset(re.findall(r'attempting to import an existing object to "(.+?)", the provider detected', flat))


def not_associated(text: str) -> frozenset[str]:
    """By what associations of route tables cannot be imported because there are none; these have an error of their own,
    which does not name the address."""
    found = re.findall(
        r"No association found between route table ID (\S+) and target ID ([\w-]+)", " ".join(text.split())
    )
    return frozenset(f"{target}/{table}" for table, target in found)


def failure(what: str, environment: str, diagnostics: Sequence[Diagnostic], errors: str, code: int) -> InfraError:
    """The error to raise when a command failed.

    ``what`` is the command, such as `terraform plan`; ``errors`` is what it wrote to standard error, which is shown
    when there are no diagnostics; ``code`` is its exit code, negative for the signal that ended it.
    """
    if code < 0:
        return TerraformFailed(f"{what} was ended by {signal.Signals(-code).name}, before it was done")
    told = [each for each in diagnostics if each.severity == "error"]
    if unreachable := [each for each in told if _UNREACHABLE.search(each.text)]:
        told = [each for each in told if each not in unreachable and each.summary not in _CONSEQUENCES]
        others = "".join(f"\n{each.text}" for each in told)
        said = _UNREACHABLE.findall(unreachable[0].text)[0]
        return AwsUnreachable(f"{what} failed, since AWS cannot be reached: {said}{_indented(others)}")
    text = "\n".join(dict.fromkeys(each.text for each in told)) or _errors_in(plain(errors)) or _SILENT
    return _known(environment, text) or TerraformFailed(f"{what} failed: {_indented(text)}")


def _known(environment: str, text: str) -> InfraError | None:
    """An error that we can say more about."""
    flat = " ".join(text.split())
    if full := _any(flat, r"(\S+: )?no space left on device"):
        return DiskFull(f"there is no room left on the disk ({full}): make room, then do it again")
    if holder := lock_in(text):  # not for each error about a lock: that it cannot be written is none
        return StateLocked(
            f"the state of {environment} is locked by {holder}. Wait until that run is done; if it died, infra unlock "
            f"{environment}"
        )
    if account := re.search(r"AWS account ID not allowed: (\d+)", flat):
        return WrongAccount(
            f"the credentials are those of account {account[1]}, which is not the account of {environment}: choose "
            "other ones, by AWS_PROFILE for instance"
        )
    if _any(flat, r"ExpiredToken", r"security token included in the request is expired", r"[Tt]oken has expired"):
        return NoCredentials("the AWS credentials have expired: renew them, by aws sso login for instance")
    if _any(flat, r"No valid credential sources found", r"no EC2 IMDS role found", r"InvalidClientTokenId"):
        return NoCredentials(
            "there are no valid AWS credentials: aws sso login and AWS_PROFILE, or AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY"
        )
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
            f"in its CLI configuration (TF_CLI_CONFIG_FILE). It said:\n{_indented(text)}"
        )
    return None


def _any(text: str, *patterns: str) -> str | None:
    """What the first of some patterns finds in a text."""
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
