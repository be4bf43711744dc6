"""`infra test`: the test suite."""

from __future__ import annotations

import os
import sys
from itertools import pairwise

import click

from cli.core.base.project import ROOT


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[PATH]... [PYTEST OPTION]...")
def command(arguments: tuple[str, ...]) -> None:
    """Run the project's tests.

    Paths are relative to the checkout. Options go to pytest; infra test -- --help lists them.

    \b
    Examples:
      infra test
      infra test tests/cli -k synth -x
    """
    for before, argument in pairwise(("", *arguments)):
        path = argument.partition("::")[0]
        is_path = not argument.startswith("-") and (os.sep in path or path.endswith(".py"))
        if is_path and not before.startswith("-") and not (ROOT / path).exists():
            raise click.UsageError(f"there is no {path} in {ROOT}; the tests are in tests/")
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *arguments])
