"""One network for each `Names`: those of a second one would have the names of the first."""

from pathlib import Path

import pytest
from cdktf import App, TerraformStack

from envs.load import load
from envs.settings import Settings
from modules.common.context import Context
from modules.network.network import Network


def add_network(stack: TerraformStack, settings: Settings) -> None:
    Network(
        stack,
        "network",
        context=Context.of(stack, settings),
        settings=settings.network,
        server_port=8443,
        domain_name="shop.example",
        allowed_domains=(),
    )


def test_a_second_network_of_the_same_names_is_refused(tmp_path: Path) -> None:
    app, settings = App(outdir=str(tmp_path)), load("dev")
    add_network(TerraformStack(app, "one"), settings)
    with pytest.raises(
        ValueError, match=r"^two/network: there is a Network of meals-dev already, one/network; allowed"
    ):
        add_network(TerraformStack(app, "two"), settings)


def test_networks_of_two_environments_stand_in_one_app(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path))
    for environment in ("dev", "staging"):
        add_network(TerraformStack(app, environment), load(environment))
