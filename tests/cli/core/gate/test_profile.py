"""What a team asks for in `.infra-check.yaml`."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.core.gate.model import OffRule
from cli.core.gate.profile import NAME, Profile, profile_at
from envs.errors import SettingsError

WHOLE = """\
packs: [channels, keys]
severity: high
off:
  CKV_AWS_18: Logs go to the central account
private: [backend, Data]
"""


def test_a_profile(tmp_path: Path) -> None:
    file = tmp_path / NAME
    file.write_text(WHOLE)
    (tmp_path / "plan.json").write_text("{}")
    profile = Profile(
        packs=("channels", "keys"),
        severity="high",
        off=(OffRule("CKV_AWS_18", "Logs go to the central account", f"{file}:4"),),
        private_words=("backend", "Data"),
    )
    assert profile_at(tmp_path) == profile_at(tmp_path / "plan.json") == profile


def test_without_a_file_nothing_is_said(tmp_path: Path) -> None:
    assert profile_at(tmp_path) == Profile()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("pack: [channels]\n", ":1:1: pack: received an unknown key; allowed: packs, severity, off, private"),
        ("packs: channels\n", ":1:8: packs: received channels; allowed: a list of packs: channels, isolation"),
        ("packs: []\n", ":1:8: packs: "),
        ("packs:\n  - channels\n  - chanels\n", ":3:5: packs[1]: received chanels; allowed: a list of packs"),
        ("severity: bad\n", ":1:11: severity: received bad; allowed: one of critical, high, medium, low"),
        ("severity: unrated\n", "allowed: one of critical"),
        ("off: [CKV_AWS_18]\n", ":1:6: off: "),
        ("off:\n  CKV_AWS_18: ''\n", ':2:15: off.CKV_AWS_18: received ""; allowed: a reason: text that is not empty'),
        ("off:\n  CKV_AWS_18:\n", "off.CKV_AWS_18: received nothing; allowed: a reason"),
        ("private: [a b]\n", ":1:11: private[0]: received a b; allowed: a list of words"),
        ("packs: [\n", "text that is not YAML"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_key(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / NAME).write_text(text)
    with pytest.raises(SettingsError) as caught:
        profile_at(tmp_path)
    assert says in str(caught.value)
    assert str(caught.value).startswith(f"{tmp_path / NAME}:")


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("packs: [a]\nseverity: b\nc: d\n")
    with pytest.raises(SettingsError) as caught:
        profile_at(tmp_path)
    assert [problem.key for problem in caught.value.problems] == ["packs[0]", "severity", "c"]
