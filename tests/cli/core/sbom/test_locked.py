"""What the locks name, and under which licences."""

from __future__ import annotations

import pytest

from cli.core.sbom import locked as locked_packages
from cli.core.sbom.locked import LockedPackage, packages
from envs.cdk import CDKTN

PERMISSIVE = {"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSD", "MIT", "MIT-0", "PSF-2.0", "MPL-2.0"}
"""What an application may use unchanged whatever its own licence is; of MPL-2.0 the changes to its files stay open."""

READ = {
    "@fontsource/unifontex": "OFL-1.1",  # a font: free to use, embed and pass on
    "aiohttp": "Apache-2.0 AND MIT",
    "contextlib2": "Apache-2.0 AND PSF-2.0",
    "cryptography": "Apache-2.0 OR BSD-3-Clause",
    "dejavu-fonts-ttf": "SEE LICENSE IN README.md AND LICENSE",  # Bitstream Vera: free to use and embed
    "elkjs": "EPL-2.0 OR GPL-3.0-or-later",  # run as it is, in a process of its own
    "numpy": "BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0",
    "orjson": "MPL-2.0 AND (Apache-2.0 OR MIT)",
    "packaging": "Apache-2.0 AND BSD",
    "python-dateutil": "BSD AND Apache-2.0",
    "regex": "Apache-2.0 AND CNRI-Python",
    "tqdm": "MPL-2.0 AND MIT",
    "uv": "MIT OR Apache-2.0",
}
"""Licences of several, and others, each looked at."""


@pytest.fixture(scope="module")
def locked() -> tuple[LockedPackage, ...]:
    """Everything that the locks name."""
    return packages()


def test_each_licence_is_one_that_we_may_use(locked: tuple[LockedPackage, ...]) -> None:
    """A package that is not installed here is in the lock for another Python or system, and told apart."""
    licences = {each.name: each.licence for each in locked if each.licence is not None}
    unknown = {each.name for each in locked} - licences.keys()
    assert unknown <= {"pywin32"}
    assert {
        name: licence for name, licence in licences.items() if licence not in PERMISSIVE and READ.get(name) != licence
    } == {}


def test_each_package_has_digests_and_is_needed(locked: tuple[LockedPackage, ...]) -> None:
    assert all(each.digests for each in locked)
    names = {each.name for each in locked}
    assert {need for each in locked for need in each.requires} <= names


def test_what_the_tests_alone_need_is_told_apart(locked: tuple[LockedPackage, ...]) -> None:
    shipped = {each.name: each.is_shipped for each in locked}
    assert all(shipped[name] for name in ("cdktf", "checkov", "click", "jsii", "moto", "werkzeug", "elkjs"))
    assert not any(shipped[name] for name in ("pytest", "hypothesis", "mypy", "pluggy", "z3-solver"))


def test_the_fork_is_among_them_where_it_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locked_packages, "chosen", lambda: CDKTN)
    found = {each.name: each.is_shipped for each in packages()}
    assert found["cdktn"]
    assert found["cdktn-provider-aws"]
