"""What is given to Terraform on its command line: values of variables, and the workspace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from policies.library.terraform.files import Directory, read_settings
from policies.library.terraform.parse import parse_body
from policies.library.terraform.syntax import Literal, Name, Node, SyntaxFault
from policies.library.terraform.types import is_text


@dataclass(frozen=True)
class Inputs:
    """The options that Terraform takes with `plan`."""

    variables: tuple[Path | tuple[str, str], ...] = ()
    """Files of `-var-file`, and names with values of `-var`, in the order given: later ones win, as in Terraform."""
    workspace: str = ""
    """Empty if nobody says, so that it is unknown."""


NO_INPUTS = Inputs()


class BadInput(ValueError):
    """A file with values that is not there or not understood, or a value that is no expression."""


def add_inputs(directory: Directory, inputs: Inputs) -> None:
    """Set the variables of a root module, over what its tfvars files set. Raises BadInput."""
    for given in inputs.variables:
        directory.settings.update(_file(given) if isinstance(given, Path) else [_value(directory, *given)])


def _file(file: Path) -> Iterator[tuple[str, Node]]:
    try:
        yield from read_settings(file).items()
    except (OSError, ValueError, SyntaxFault, RecursionError) as error:
        raise BadInput(f"{file}: {getattr(error, 'strerror', None) or error}") from None


def _value(directory: Directory, name: str, value: str) -> tuple[str, Node]:
    """A value as `-var` gives it: text for a variable that is text or whose type is not said, else an expression."""
    declared = directory.variables.get(name)
    if declared is None:
        allowed = ", ".join(sorted(directory.variables)) or "none"
        raise BadInput(f"variable {name}: is not declared in {directory.path}; allowed: {allowed}")
    if is_text(declared.body.attributes.get("type", Name("any"))):
        return name, Literal(value)
    try:
        return name, parse_body(f"value = {value}\n").attributes["value"]
    except (SyntaxFault, RecursionError) as error:
        raise BadInput(f"variable {name}: {value!r} is no value: {error}") from None
