"""Programs that the toolkit's platforms do not promise: a test that needs one is skipped where it is missing."""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest


def required(*names: str) -> str:
    """The path of the first of some programs that is on PATH. Ends the test as `without` does where none is."""
    paths = filter(None, map(shutil.which, names))
    return next(paths, None) or without(names[0], f"{' or '.join(names)} is not on PATH")


def without(program: str, reason: str) -> NoReturn:
    """Skip a test that cannot have a program, or fail it where `INFRA_REQUIRE_<PROGRAM>` is 1."""
    variable = f"INFRA_REQUIRE_{program.upper().replace('-', '_')}"
    if os.environ.get(variable) == "1":
        pytest.fail(f"{variable} is 1, but {reason}")
    pytest.skip(reason)
