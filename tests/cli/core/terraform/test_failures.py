"""terraform's errors in our words, and terraform that is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.core.base.errors import ExitCode
from cli.core.terraform import binary, failures
from cli.core.terraform.events import Diagnostic
from tests.support.helpers import infra

LOCKED = """Error message: operation error S3: PutObject, api error PreconditionFailed
Lock Info:
  ID:        c9d75484-3234-85f8-c1c9-5f69b1c364db
  Path:      state/dev/terraform.tfstate
  Operation: OperationTypePlan
  Who:       root@vm
  Version:   1.11.4
  Created:   2026-11-22 19:50:50.098436468 +0000 UTC
  Info:
"""


@pytest.mark.parametrize(
    ("summary", "detail", "code", "says"),
    [
        (
            "Error acquiring the state lock",
            LOCKED,
            9,
            "locked by root@vm, OperationTypePlan, since 2026-11-22",
        ),
        (
            "AWS account ID not allowed: 999999999999",
            "",
            10,
            "belong to account 999999999999, which is not",
        ),
        (
            "configuring provider",
            "api error ExpiredToken: expired",
            7,
            "have expired: renew them",
        ),
        ("No valid credential sources found", "no EC2 IMDS role found", 7, "there are no valid AWS credentials"),
        ("Failed to get state", 'S3 bucket "x" does not exist.', 7, "run infra bootstrap dev"),
        (
            "Error acquiring the state lock",
            'could not write lock info for "terraform.tfstate": write .lock.info: no space left on device',
            1,
            "no room left on the disk (.lock.info: no space left on device)",
        ),
        (
            "Error acquiring the state lock",
            "operation error S3: PutObject, api error AccessDenied: no",
            1,
            "terraform apply failed: Error acquiring the state lock\n  operation error S3: PutObject, api error Acc",
        ),
        ("Saved plan is stale", "", 8, "run infra plan dev"),
        ("Failed to query available provider packages", "no such host", 7, "no provider that fits"),
        (
            "creating VPC",
            "api error VpcLimitExceeded: no more",
            1,
            "apply failed: creating VPC\n  api error Vpc",
        ),
    ],
)
def test_what_is_known_is_said_in_our_words(summary: str, detail: str, code: int, says: str) -> None:
    error = failures.failure("terraform apply", "dev", code=1, diagnostics=[Diagnostic("error", summary, detail)])
    assert int(error.exit_code) == code
    assert says in str(error)


def test_errors_without_diagnostics_are_shown_from_where_they_begin() -> None:
    text = "Initializing...\n\x1b[31m╷\x1b[0m\n│ Error: Unsupported thing\n│\n│   on cdk.tf.json line 3\n╵\n"
    error = failures.failure("terraform init", "dev", code=1, stderr=text)
    assert str(error) == "terraform init failed: Unsupported thing\n    on cdk.tf.json line 3"


def test_the_lock_that_terraform_tells_of() -> None:
    lock = failures.lock_in(LOCKED)
    assert lock is not None
    assert lock.id == "c9d75484-3234-85f8-c1c9-5f69b1c364db"
    assert failures.lock_in("LocalState not locked") is None


def program(directory: Path, name: str, says: str) -> None:
    """Put a program there that says something."""
    path = directory / name
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)


def test_what_cannot_be_imported_as_it_is_not_there() -> None:
    text = (
        'Cannot import non-existent remote object\nWhile attempting to import an existing object to\n"aws_vpc.a", the '
        "provider detected that no object exists\n"
        "No association found between route table ID rtb-1 and target ID\nsubnet-2"
    )
    assert failures.not_there(text) == {"aws_vpc.a"}
    assert failures.not_associated(text) == {"subnet-2/rtb-1"}


def test_terraform_before_tofu_unless_one_is_named(tmp_path: Path) -> None:
    program(tmp_path, "tofu", "OpenTofu v1.10.1")
    variables = {"PATH": f"{tmp_path}:/bin:/usr/bin"}
    only_tofu = {"PATH": str(tmp_path)}
    program(tmp_path, "terraform", "Terraform v1.12.0")
    assert str(binary.find(variables)) == "terraform 1.12.0"
    assert str(binary.find({**variables, binary.VARIABLE: "tofu"})) == "tofu 1.10.1"
    (tmp_path / "terraform").unlink()
    assert str(binary.find(only_tofu)) == "tofu 1.10.1"


@pytest.mark.parametrize(
    ("says", "message"),
    [("Terraform v1.10.5", "is 1.10.5, too old to lock the state"), ("something", "does not run"), (None, "neither")],
)
def test_terraform_that_cannot_be_used(tmp_path: Path, says: str | None, message: str) -> None:
    if says is not None:
        program(tmp_path, "terraform", says)
    with pytest.raises(binary.TerraformMissing, match=message) as caught:
        binary.find({"PATH": str(tmp_path)})
    assert caught.value.exit_code == ExitCode.MISSING
    assert "\n" not in str(caught.value)


def test_terraform_that_would_ignore_encryption_is_refused(tmp_path: Path) -> None:
    program(tmp_path, "tofu", "OpenTofu v1.10.1")
    program(tmp_path, "terraform", "Terraform v1.15.5")
    variables = {"PATH": f"{tmp_path}:/bin:/usr/bin", "TF_ENCRYPTION": 'key_provider "pbkdf2" "k" {}'}
    with pytest.raises(binary.StateUnencrypted) as caught:
        binary.find(variables)
    assert str(caught.value) == (
        "TF_ENCRYPTION is set, and terraform 1.15.5 would write states and plans unencrypted: unset it, or name tofu "
        "in INFRA_TERRAFORM"
    )
    assert caught.value.exit_code == ExitCode.MISSING
    assert str(binary.find({**variables, binary.VARIABLE: "tofu"})) == "tofu 1.10.1"
    assert str(binary.find({**variables, "TF_ENCRYPTION": ""})) == "terraform 1.15.5"


@pytest.mark.parametrize("command", ["plan", "apply", "drift", "output", "destroy", "bootstrap", "unlock"])
def test_every_command_says_at_once_that_terraform_is_missing(tmp_path: Path, command: str) -> None:
    done = infra(command, "dev", "--sandbox", variables={"PATH": str(tmp_path)})
    assert (done.returncode, done.stdout) == (7, "")
    assert done.stderr.startswith("infra: neither terraform nor tofu is on PATH: install Terraform 1.11")
    assert done.stderr.count("\n") == 1
