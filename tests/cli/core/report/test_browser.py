"""The page in a real browser: it complains of nothing, is accessible, wide and narrow, light and dark, and on paper.

The stories are in `browser/page.mjs`, for Playwright; axe-core judges what people need who cannot see or point.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from cli.core.report.page import page
from tests.support.node import install, node
from tests.support.programs import without
from tests.support.reports import sample

STORIES = (
    "wide and light",
    "wide and dark",
    "narrow and unfolded",
    "narrow and dark",
    "a cell opens its answer",
    "the keyboard is enough",
    "one environment is shown",
    "search",
    "paper has everything",
    "without a script",
)


@pytest.fixture(scope="module")
def outcomes(synthesized_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str | None]:
    """What came of each story, by its name."""
    browser = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    if browser is None:
        without("browser", "neither chromium nor google-chrome is on PATH")
    directory = install(Path(__file__).parent / "browser", tmp_path_factory.mktemp("browser"))
    file = directory / "report.html"
    file.write_text(page(sample(synthesized_directory / "stacks")))
    done = node("page.mjs", file.as_uri(), browser, cwd=directory)
    assert done.returncode == 0, done.stderr
    found: dict[str, str | None] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("story", STORIES)
def test_story(story: str, outcomes: Mapping[str, str | None]) -> None:
    assert outcomes[story] is None, outcomes[story]


def test_every_story_is_asked_for(outcomes: Mapping[str, str | None]) -> None:
    assert tuple(outcomes) == STORIES
