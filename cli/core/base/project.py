"""Where the project is, a checkout or an installed package, and which versions it consists of."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
"""The checkout; of an installed package the directory that it is installed in."""

IS_CHECKOUT = (ROOT / "pyproject.toml").is_file()
"""Whether this is a checkout, with environments: the installed package has constructs, rules and proofs alone."""

PACKAGE = "infrastructure-toolkit"
"""What the package is called where it is installed."""

OUTPUT = "cdktf.out"
"""Where the Terraform is written unless told otherwise, relative to the checkout: the name `cdktf` uses too."""

RECORDS = "records"
"""Directory of the records, relative to the checkout, to a sandbox, or on the branch of records."""

PROMOTIONS = "promotions"
"""Directory of the log of promotions, beside those of environments."""


def version() -> str:
    """The toolkit's version: pyproject.toml's, or that of the installed package."""
    if not IS_CHECKOUT:
        return package_version(PACKAGE) or "of an unknown version"
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(text)["project"]["version"])


def package_version(name: str) -> str | None:
    """Version of an installed Python package; None when it is not installed."""
    from importlib import metadata  # slow, for what is rarely asked

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
