"""Remembers what checkov finds in an expression's text, and works out of it, which it is asked for again and again.

Without it, the worker takes two to three times as long, and half as much memory again, on HCL with modules that pass
long lists (`benchmarks/modules.py`). To remove it: delete this file, its test and the call in `scanner`. Imported by
`scanner` only.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

REMEMBERED = ("evaluate", "find_brackets_pairs", "find_var_blocks")
"""Functions of checkov whose answer depends on nothing but the texts that they are given."""
_CHANGING = ("timestamp", "uuid", "bcrypt", "random")
"""What makes a value that differs from one time to the next."""


def remembered(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that answers what another one does, and works each text out once. Errors are remembered too.

    Each answer is a value of its own, since checkov changes what it is given.
    """
    answers: dict[tuple[str, ...], bytes] = {}
    errors: dict[tuple[str, ...], Exception] = {}

    def answer(*texts: Any) -> Any:
        if not all(isinstance(text, str) for text in texts) or any(name in texts[0] for name in _CHANGING):
            return function(*texts)
        if texts in errors:
            raise errors[texts]
        if texts not in answers:
            try:
                answers[texts] = pickle.dumps(function(*texts), pickle.HIGHEST_PROTOCOL)
            except Exception as error:
                errors[texts] = error.with_traceback(None)
                raise
        return pickle.loads(answers[texts])

    return answer


def install(modules: Iterable[ModuleType]) -> None:
    """Give these modules of checkov's such functions in place of theirs."""
    for module in modules:
        names = vars(module)
        names.update({name: remembered(names[name]) for name in REMEMBERED if name in names})
