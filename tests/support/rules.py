"""The rules of all packs, run in this process."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from policies.library.model import Configuration
from policies.library.rule import Rule
from policies.library.terraform.load import load_directory
from tests.support.helpers import ROOT


def all_rules() -> Mapping[str, Rule]:
    """The rules of all packs, by id."""
    paths = sorted((ROOT / "policies/checks").glob("*/meals_*.py"))
    rules = [importlib.import_module(f"policies.checks.{path.parent.name}.{path.stem}").RULE for path in paths]
    return {rule.id: rule for rule in rules}


RULES = all_rules()


def read(document: Mapping[str, Any], directory: Path) -> Configuration:
    """A stack's document as the rules see it."""
    (directory / "cdk.tf.json").write_text(json.dumps(document))
    configuration, unreadable = load_directory(directory)
    assert not unreadable
    return configuration
