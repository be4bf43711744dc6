"""The state of a bootstrap stack on every machine: a file beside its Terraform, and a copy in the bucket that it makes.

The stack makes the bucket in which states are kept, so terraform keeps its own in a file. A laptop that is gone must
not take it along: each run that changes the file puts a copy into the bucket, and each run begins with the newer one of
the two. The bucket keeps earlier versions of it. While an apply works, the bucket says whose: whoever comes from
another machine before the copy is there would make once more what it made.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from cli.core.account.account import Account, aws_errors, error_code, open_account
from cli.core.base.clock import utc_now
from cli.core.base.environments import load_settings
from cli.core.base.errors import InfraError, Refusal
from cli.core.base.files import write_whole
from cli.core.base.progress import ProgressReporter
from cli.core.base.target import Target
from cli.core.operations.apply_record import PENDING
from cli.core.operations.provenance import operator
from cli.core.operations.refusals import StateLost
from cli.core.operations.state_check import commands
from cli.core.records.queries import of_stack
from cli.core.synthesis.publish import BOOTSTRAP
from cli.core.terraform.cli import LOCAL_STATE
from cli.core.terraform.failures import StateLocked
from cli.core.workspace.workspace import Workspace, bootstrap_state

_HOLDER = ".apply"
"""End of the key of the object that says who applies."""
_NO_OBJECT = frozenset(("NoSuchKey", "404"))
_NO_BUCKET = "NoSuchBucket"
_CONFLICTS = frozenset(("PreconditionFailed", "ConditionalRequestConflict", "412", "409"))


class OtherState(Refusal, kind="other-state"):
    """There are two states of one bootstrap stack, and neither follows from the other."""


@dataclass(frozen=True, slots=True)
class StateCopy:
    """The copy in the bucket."""

    has_bucket: bool
    content: bytes = b""
    """Empty where there is none."""
    etag: str = ""
    """S3's name of this version of it."""


def copy_of(account: Account, stack: str) -> StateCopy:
    """The copy of a bootstrap stack's state. Raises what asking AWS raises."""
    with aws_errors():
        try:
            found = account.client("s3").get_object(**_place(account, stack))
        except ClientError as error:
            if error_code(error) == _NO_BUCKET:
                return StateCopy(has_bucket=False)
            if error_code(error) in _NO_OBJECT:
                return StateCopy(has_bucket=True)
            raise
        return StateCopy(True, found["Body"].read(), found["ETag"])


def missing_state(name: str, target: Target, progress: ProgressReporter) -> str:
    """Why there is no state of a bootstrap stack; empty if it is here, or in the bucket where these credentials may
    read it."""
    state = bootstrap_state(name, target)
    if state.is_file():
        return ""
    try:
        copy = copy_of(open_account(load_settings(name), target, progress), f"{name}{BOOTSTRAP}")
    except InfraError as error:
        why = f"the copy in its bucket cannot be read: {error}"
    else:
        if copy.content:
            return ""
        why = "there is no copy in its bucket"
    where = "in this sandbox" if target is Target.SANDBOX else "on this machine"
    return f"infra bootstrap {name} did not run {where}, and {why}"


def fetch_state(workspace: Workspace) -> None:
    """Take the copy where it is newer than the file, or where there is no file.

    Raises `StateLost` where the bucket says that there is a state, which is neither here nor in it; `OtherState`; and
    what asking AWS raises.
    """
    file, stack = workspace.directory / LOCAL_STATE, workspace.stack
    copy = copy_of(open_account(workspace.settings, workspace.target, workspace.progress), stack)
    here = file.read_bytes() if file.is_file() else None
    if not copy.content:
        if copy.has_bucket and here is None and not _is_known(workspace):
            raise StateLost(
                f"{stack}: {workspace.settings.state_bucket} exists, so infra bootstrap {workspace.environment} ran "
                "somewhere, and its state is neither here nor in the bucket. Run it where it ran, which puts the state "
                f"there; or bring its records here (git fetch, infra records checkout), and {commands(workspace)[0]} "
                "imports what they have"
            )
        return
    if here is None:
        write_whole(file, copy.content, owner_only=True)
        workspace.progress.note(f"{stack}: its state comes from {workspace.settings.state_bucket}")
        return
    try:
        ours = json.loads(here)
    except ValueError:  # terraform was killed while it wrote it: infra recover
        return
    theirs = json.loads(copy.content)
    if ours["lineage"] != theirs["lineage"]:
        raise OtherState(
            f"{stack} has two states: {file}, and the copy in {workspace.settings.state_bucket}, which is of another "
            f"lineage ({theirs['lineage']}). Keep the one whose resources exist, and move the other out of the way"
        )
    if theirs["serial"] > ours["serial"]:
        write_whole(file, copy.content, owner_only=True)
        workspace.progress.note(f"{stack}: its newer state comes from {workspace.settings.state_bucket}")


def hold_state(workspace: Workspace) -> None:
    """Note in the bucket, where there is one, that this machine begins an apply; `keep_state` takes it back.

    Raises `StateLocked` while another machine has begun one and put no state there, and what asking AWS raises.
    """
    account = open_account(workspace.settings, workspace.target, workspace.progress)
    if not copy_of(account, workspace.stack).has_bucket:
        return
    us, place = operator(), _place(account, workspace.stack, _HOLDER)
    since = f"{utc_now():%Y-%m-%d %H:%M} UTC"
    ours = json.dumps({"user": us.user, "host": us.host, "name": us.name, "since": since}).encode()
    with aws_errors():
        try:
            account.client("s3").put_object(**place, Body=ours, IfNoneMatch="*")
        except ClientError as error:
            if error_code(error) not in _CONFLICTS:
                raise
            holder = _holder(account, workspace.stack)
            if holder and not _is_ours(holder):
                raise StateLocked(
                    f"{workspace.stack}: {holder['name']} has begun an apply on {holder['host']} ({holder['since']}), "
                    "and its state is not in the bucket yet. If it died, infra bootstrap "
                    f"{workspace.environment} there puts it there. If that machine is gone: aws s3 rm "
                    f"s3://{place['Bucket']}/{place['Key']}, and "
                    f"{commands(workspace)[0]} imports what the records have"
                ) from error


def keep_state(workspace: Workspace) -> None:
    """Put a copy of the state into the bucket, where there is a bucket and the copy is an older one, or none.

    What `hold_state` noted here is taken back. Raises `OtherState` when somebody else has put one there meanwhile, and
    what asking AWS raises.
    """
    file = workspace.directory / LOCAL_STATE
    if not file.is_file():
        return
    content = file.read_bytes()
    account = open_account(workspace.settings, workspace.target, workspace.progress)
    copy = copy_of(account, workspace.stack)
    if not copy.has_bucket:
        return
    if copy.content != content:
        _put(workspace, account, copy, content)
    holder = _holder(account, workspace.stack)
    if holder and _is_ours(holder):
        with aws_errors():
            account.client("s3").delete_object(**_place(account, workspace.stack, _HOLDER))


def _holder(account: Account, stack: str) -> Mapping[str, str]:
    """Who has begun an apply, and where; empty for nobody."""
    with aws_errors():
        try:
            found = account.client("s3").get_object(**_place(account, stack, _HOLDER))
        except ClientError as error:
            if error_code(error) in _NO_OBJECT:
                return {}
            raise
        holder: Mapping[str, str] = json.loads(found["Body"].read())
        return holder


def _is_ours(holder: Mapping[str, str]) -> bool:
    us = operator()
    return (holder["user"], holder["host"]) == (us.user, us.host)


def _put(workspace: Workspace, account: Account, copy: StateCopy, content: bytes) -> None:
    """Put a newer copy in the place of one. Raises `OtherState`."""
    state = json.loads(content)
    if copy.content:
        theirs = json.loads(copy.content)
        if (theirs["lineage"], state["serial"] <= theirs["serial"]) != (state["lineage"], False):
            raise _conflict(workspace)
    condition = {"IfMatch": copy.etag} if copy.content else {"IfNoneMatch": "*"}
    with aws_errors():
        try:
            account.client("s3").put_object(**_place(account, workspace.stack), Body=content, **condition)
        except ClientError as error:
            if error_code(error) in _CONFLICTS:
                raise _conflict(workspace) from error
            raise


def _conflict(workspace: Workspace) -> OtherState:
    return OtherState(
        f"{workspace.stack}: somebody else has changed it meanwhile, and the copy of the state in "
        f"{workspace.settings.state_bucket} is theirs; compare it with {workspace.directory / LOCAL_STATE}"
    )


def _place(account: Account, stack: str, ending: str = "") -> Mapping[str, Any]:
    """The bucket, in the account that it has to be in, and the key."""
    settings = account.settings
    return {
        "Bucket": settings.state_bucket,
        "Key": f"{stack}/{LOCAL_STATE}{ending}",
        "ExpectedBucketOwner": settings.account_id,
    }


def _is_known(workspace: Workspace) -> bool:
    """Whether the records here, or an apply without one yet, say what was made: then `infra recover` knows more."""
    pending = workspace.state_directory / PENDING
    return pending.exists() or bool(of_stack(workspace.records.read(), workspace.stack))
