"""Whatever part of a configuration is hidden: who is reached still is, and nobody else is but on an assumption."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from policies.reachability.analysis import answer
from policies.reachability.explain import assumptions
from policies.reachability.read import read
from tests.support.hiding import WAYS
from tests.support.reachability_text import NAMES, configuration_of, who_reaches

SEEDS = 40
"""So many parts are hidden of each configuration."""


@pytest.mark.parametrize("name", [*NAMES, "services"])
def test_what_is_hidden_isolates_nobody_and_opens_nothing_for_certain(name: str, tmp_path: Path) -> None:
    configuration = configuration_of(name, tmp_path)
    before = who_reaches(read(configuration))
    ends = {each for pair in before for each in pair}
    for seed in range(SEEDS):
        random = Random(seed)
        what, hidden = random.choice(WAYS)(configuration, random)
        after = read(hidden)
        left = ends & {*after.nodes, *after.externals}
        for source in left:
            for target in left - {source}:
                reply = answer(after, source, target)
                arrived = before.get((source, target))
                if arrived is not None:
                    assert arrived <= reply.arrives, f"{what} hidden isolates {target} from {source}"
                elif reply:
                    is_certain = any(path.guaranteed for path in reply.paths) and not assumptions(reply)
                    assert not is_certain, f"{what} hidden opens {target} to {source} without an assumption"
