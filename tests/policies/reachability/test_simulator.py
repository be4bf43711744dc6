"""The analyser against the simulator: on every class of packets of thousands of small networks, both say the same."""

from __future__ import annotations

from random import Random

import pytest

from policies.reachability import traffic
from tests.support.random_networks import Drawing
from tests.support.trial import Trial

BATCHES, NETWORKS = 10, 200
"""So many times so many networks are drawn."""

PAIRS = 8
"""So many pairs of ends are tried in each network."""


@pytest.mark.parametrize("batch", range(BATCHES))
def test_the_analyser_and_the_simulator_agree(batch: int) -> None:
    carried = passed_on = 0
    for seed in range(batch * NETWORKS, (batch + 1) * NETWORKS):
        network = Drawing(seed).network()
        trial = Trial(network)
        random = Random(seed)
        ends = [*network.nodes, *network.externals]
        passed_to = [forward.target for forward in network.forwards] or ends
        asked = [traffic.ALL, *(forward.back for forward in network.forwards)]
        for _ in range(PAIRS):
            source, target = random.choice(ends), random.choice(random.choice((ends, passed_to)))
            if source in network.externals and target in network.externals:
                continue
            try:
                carried += trial.check_direct(source, target)
                passed_on += trial.check_ways(source, target, random.choice(asked))
            except AssertionError as error:
                raise AssertionError(f"network {seed}, from {source} to {target}") from error
    assert carried > 5 * NETWORKS, "hardly anything is reached in these networks: they show nothing"
    assert passed_on > NETWORKS // 5, "hardly anything is passed on in these networks: they show nothing"
