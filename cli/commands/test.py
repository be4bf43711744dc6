"""`infra test`: the test suite."""

from __future__ import annotations

import click


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[PYTEST ARGUMENTS]...")
def command(arguments: tuple[str, ...]) -> None:
    """Run the project's tests.

    \b
    Examples:
      infra test
      infra test tests/cli -k synth -x
    """
    import os
    import sys

    from cli.core.base.project import ROOT

    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *arguments])
