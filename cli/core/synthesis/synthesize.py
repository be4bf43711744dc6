"""The one way from the commands to the constructs, which are loaded only where no synthesis that is kept fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from envs.settings import Settings


def synthesize(settings: Settings, directory: Path) -> bool:
    """Write the stacks of an environment, and cdktf's manifest, to an empty directory.

    True: they were taken from an earlier synthesis that was made from the very same. Raises ``ConstructError`` and
    ``BindingsError``.
    """
    from cli.core.synthesis import cache as kept
    from cli.core.synthesis.publish import clean_environment

    clean_environment()
    name = kept.key(settings)
    if kept.take(name, directory):
        return True
    import main

    main.synthesize([settings], directory)
    if kept.key(settings) == name:  # else something changed meanwhile
        kept.keep(name, directory, main.installed_files())
    return False
