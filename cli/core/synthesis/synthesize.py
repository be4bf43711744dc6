"""The one way from the commands to the constructs, which are loaded only where the cache has no synthesis that fits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from cli.core.base.progress import ProgressReporter
from cli.core.synthesis import address_check, cache
from cli.core.synthesis.publish import clean_environment
from envs.settings import Settings


def synthesize(settings: Settings, directory: Path) -> bool:
    """Write the stacks of an environment, and cdktf's manifest, to an empty directory.

    True where they come from the cache. Raises ``ConstructError``, ``ModuleError``, ``BindingsError``, and
    ``InfraError`` for a manifest of addresses that cannot be read.
    """
    clean_environment()
    key = cache.key(settings)
    if cache.load(key, directory):
        return True
    address_check.load()  # the constructs read it too, and would end in a traceback
    import main  # 1.4 s: loads the constructs, which a synthesis from the cache does without

    main.synthesize([settings], directory)
    if cache.key(settings) == key:  # else something changed meanwhile
        cache.store(key, directory, main.installed_files())
    return False


def synthesize_each(
    environments: Iterable[Settings], directory: Path, progress: ProgressReporter
) -> Iterator[tuple[Settings, Path]]:
    """Synthesize environments one by one, each to a directory of its own in ``directory``."""
    for settings in environments:
        progress.step(f"synthesizing {settings.environment}")
        out = directory / settings.environment
        out.mkdir()
        synthesize(settings, out)
        yield settings, out
