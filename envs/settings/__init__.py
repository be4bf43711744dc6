"""The settings of an environment, as frozen models: one module per part, ``Settings`` at the root."""

from envs.settings.environment import Settings

__all__ = ["Settings"]
