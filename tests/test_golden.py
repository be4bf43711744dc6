"""What each environment consists of, kept as text: a change of a resource or of its construct path shows in review.

Renew with `./infra test tests/test_golden.py --snapshot-update`, and read the difference: a line that vanishes is a
resource that terraform destroys.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from tests.support.helpers import resources


class Text(SingleFileSnapshotExtension):
    """One plain text file per snapshot."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
def test_resources(synthesized: Mapping[str, Any], environment: str, snapshot: SnapshotAssertion) -> None:
    assert _table(synthesized[environment]) == snapshot(extension_class=Text)


def test_bootstrap_resources(synthesized_bootstrap: Mapping[str, Any], snapshot: SnapshotAssertion) -> None:
    (table,) = {_table(document) for document in synthesized_bootstrap.values()}
    assert table == snapshot(extension_class=Text)


def _table(document: Mapping[str, Any]) -> str:
    """The parts with their numbers of resources, then every resource: construct path and type."""
    found = resources(document)
    parts = Counter(each.path.partition("/")[0] for each in found)
    counts = "".join(f"{count:5}  {part}\n" for part, count in sorted(parts.items()))
    width = max(len(each.path) for each in found)
    rows = "".join(f"{each.path:<{width}}  {each.type}\n" for each in found)
    return f"{len(found):5}  resources\n{counts}\n{rows}"
