"""cdktf.json chooses the CDK; a choice that means nothing is an error, not cdktf."""

from __future__ import annotations

from pathlib import Path

import pytest

from envs import cdk
from envs.errors import SettingsError


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current directory of somebody who uses the installed package, where no cdktf.json stands beside it."""
    monkeypatch.setattr(cdk, "_CHECKOUT", tmp_path / "site-packages")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("{}", cdk.CDKTF),
        ('{"context": {}}', cdk.CDKTF),
        ('{"context": {"cdk": "cdktf"}}', cdk.CDKTF),
        ('{"context": {"cdk": "cdktn"}}', cdk.CDKTN),
    ],
)
def test_choices(installed: Path, text: str, chosen: cdk.Cdk) -> None:
    (installed / "cdktf.json").write_text(text)
    assert cdk.chosen() == chosen


def test_without_a_file_it_is_cdktf(installed: Path) -> None:
    assert cdk.chosen() == cdk.CDKTF


def test_that_of_the_checkout_comes_first(installed: Path) -> None:
    (installed / "site-packages").mkdir()
    (installed / "site-packages" / "cdktf.json").write_text("{}")
    (installed / "cdktf.json").write_text('{"context": {"cdk": "cdktn"}}')
    assert cdk.chosen() == cdk.CDKTF


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"context": {"cdk": "cdk"}}', 'cdktf.json: context.cdk: received "cdk"; allowed: "cdktf" or "cdktn"'),
        ('{"context": {"cdk": 3}}', 'cdktf.json: context.cdk: received 3; allowed: "cdktf" or "cdktn"'),
        ('{"context": {"cdk": null}}', 'cdktf.json: context.cdk: received null; allowed: "cdktf" or "cdktn"'),
        ('{"context": {"cdk": ["cdktn"]}}', 'cdktf.json: context.cdk: received ["cdktn"]; allowed: "cdktf" or "cdktn"'),
        ('{"context": []}', 'cdktf.json: received another text; allowed: a JSON object, with an object at "context"'),
        ("[]", 'cdktf.json: received another text; allowed: a JSON object, with an object at "context"'),
        ("{", 'cdktf.json: received another text; allowed: a JSON object, with an object at "context"'),
    ],
)
def test_anything_else_is_an_error(installed: Path, text: str, message: str) -> None:
    (installed / "cdktf.json").write_text(text)
    with pytest.raises(SettingsError) as raised:
        cdk.chosen()
    assert str(raised.value) == message


def test_names_on_pypi() -> None:
    assert cdk.CDKTF.distributions == ("cdktf", "cdktf-cdktf-provider-aws")
    assert cdk.CDKTN.distributions == ("cdktn", "cdktn-provider-aws")
