"""Licences of installed Python packages, as SPDX expressions.

Packages name theirs in three ways: an expression (PEP 639), classifiers, or words. The table translates the words that
the packages of the lock use.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import PackageMetadata

_SPDX: Mapping[str, str] = {
    "Apache Software License": "Apache-2.0",
    "Apache-2.0": "Apache-2.0",
    "BSD": "BSD",
    "BSD License": "BSD",
    "BSD-2-Clause": "BSD-2-Clause",
    "BSD-3-Clause": "BSD-3-Clause",
    "Freely Distributable": "MIT",
    "MIT": "MIT",
    "MIT License": "MIT",
    "MPL-2.0": "MPL-2.0",
    "MPL-2.0 AND MIT": "MPL-2.0 AND MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
"""Classifiers, without what comes before the last ` :: `, and words of the field License. Which BSD licence they do not
say."""


def licence_of(metadata: PackageMetadata) -> str | None:
    """The licence that a package's metadata name; None where they name none that is known."""
    if expressions := metadata.get_all("License-Expression", []):
        return " AND ".join(expressions)
    classifiers = [
        each.rpartition(" :: ")[2] for each in metadata.get_all("Classifier", []) if each.startswith("License")
    ]
    words = [*classifiers, *map(str.strip, metadata.get_all("License", []))]
    known = dict.fromkeys(_SPDX[word] for word in words if word in _SPDX)
    exact = [licence for licence in known if not any(other.startswith(f"{licence}-") for other in known)]
    return " AND ".join(exact) or None
