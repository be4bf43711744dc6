"""Policies of the organization, from files beside the environments."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policies.access.read.organization import NoPolicyFile, with_organization
from tests.support.reading import ReadAccess

BUCKET = 'provider "aws" {\n  allowed_account_ids = ["111122223333"]\n}\nresource "aws_s3_bucket" "b" { bucket = "b" }'


def _write(directory: Path, path: str, text: str) -> None:
    file = directory / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def _policy(sid: str) -> str:
    return json.dumps({"Statement": [{"Sid": sid, "Effect": "Allow", "Action": "*", "Resource": "*"}]})


def test_levels_restrict_the_own_account_in_their_order(model: ReadAccess, tmp_path: Path) -> None:
    organization = tmp_path / "organization"
    _write(organization, "scp/2-production/allow.json", _policy("Below"))
    _write(organization, "scp/1-root/allow.json", _policy("Root"))
    _write(organization, "rcp/1-root/allow.json", _policy("Resources"))
    accounts = with_organization(model(BUCKET), organization).accounts
    own = accounts["111122223333"]
    assert [[each.sid for policy in level for each in policy.statements] for level in own.scps] == [["Root"], ["Below"]]
    assert [each.name for level in own.rcps for each in level] == ["rcp/1-root/allow.json"]
    assert accounts["another account"].scps == ()


def test_without_files_nothing_is_restricted(model: ReadAccess, tmp_path: Path) -> None:
    assert with_organization(model(BUCKET), tmp_path / "organization").accounts["111122223333"].scps == ()


def test_a_file_that_is_no_policy_is_named(model: ReadAccess, tmp_path: Path) -> None:
    _write(tmp_path, "organization/scp/1-root/broken.json", "{")
    with pytest.raises(NoPolicyFile, match=r"broken\.json"):
        with_organization(model(BUCKET), tmp_path / "organization")
