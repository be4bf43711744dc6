"""Reading environments: YAML text to checked settings."""

from __future__ import annotations

from pathlib import Path

from ruamel.yaml import YAML

from envs.chain import PROMOTION_CHAIN
from envs.settings import Settings

DIRECTORY = Path(__file__).parent
"""Where the environment files are, unless told otherwise."""


def environments(directory: Path | None = None) -> tuple[str, ...]:
    """Names of the environments in ``directory``: those of the promotion chain in its order, then the others sorted."""
    names = {path.stem for path in (directory or DIRECTORY).glob("*.yaml")}
    chain = tuple(name for name in PROMOTION_CHAIN if name in names)
    return chain + tuple(sorted(names - set(chain)))


def load(environment: str, *, directory: Path | None = None) -> Settings:
    """The settings of an environment, read from ``<directory>/<environment>.yaml`` and checked.

    Raises ``SettingsError`` with everything that is wrong.
    """
    path = (directory or DIRECTORY) / f"{environment}.yaml"
    data = YAML(typ="safe", pure=True).load(path)
    return Settings.model_validate(data)
