"""What every part of an environment knows: how things are named, which keys encrypt them, whether data is protected."""

from dataclasses import dataclass

from constructs import Construct

from envs.settings import Settings
from modules.common.keys import Keys
from modules.common.names import Names


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The context of one environment. `modules.stacks` builds it once and hands it to every part.

    `names` holds the account and the region too. A part encrypts with the key of its kind of data, such as `keys.logs`.
    With `stateful_protection`, neither Terraform nor AWS deletes what holds data.
    """

    names: Names
    keys: Keys
    stateful_protection: bool

    @classmethod
    def of(cls, scope: Construct, settings: Settings) -> "Context":
        """Return the context that `settings` ask for, with the keys, which are made in `scope`."""
        names, protection = Names.of(settings), settings.stateful_protection
        keys = Keys(scope, "keys", names=names, settings=settings.keys, stateful_protection=protection)
        return cls(names=names, keys=keys, stateful_protection=protection)
