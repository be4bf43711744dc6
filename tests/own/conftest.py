"""The system as the settings in `envs/` have it: what `infra new` writes tests of."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from envs.load import load_all
from tests.support.helpers import ROOT, Document


@pytest.fixture(scope="session")
def own(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Document]:
    """The synthesized Terraform of each environment in `envs/`, by its name. Not to be changed."""
    from main import synthesize  # with the constructs, which load slowly

    directory = tmp_path_factory.mktemp("own")
    settings = load_all(ROOT / "envs")
    synthesize(settings, directory)
    names = [each.environment for each in settings]
    return {name: json.loads((directory / "stacks" / name / "cdk.tf.json").read_bytes()) for name in names}
