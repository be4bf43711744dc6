"""The pages of rules and claims: every rule has its place, and docs/ has what `infra policies --write` writes."""

from __future__ import annotations

import json
import sys

from cli.core.gate import catalog
from policies.library.claims import CLAIMS, TESTS
from policies.reachability.claims.load import claims
from tests.support.helpers import ROOT, infra_environment
from tests.support.programs import run_program

# checkov changes the process that loads it, so the rules are loaded in another one
CODE = """\
import json
from cli.core.gate import catalog
pages = {str(path): text for path, text in catalog.documents().items()}
claims = {rule.id: rule.claim for rules in catalog.all_rules().values() for rule in rules}
print(json.dumps([pages, claims]))
"""


def test_every_rule_is_in_a_pack_that_is_shown() -> None:
    files = set(catalog.CHECKS.rglob("meals_*.py"))
    assert files == {file for pack in catalog.PACKS for file in (catalog.CHECKS / pack).glob("meals_*.py")}


def test_the_pages_are_current_and_every_claim_is_checked() -> None:
    """If not: infra policies --write."""
    done = run_program([sys.executable, "-c", CODE], cwd=ROOT, env=infra_environment(), check=True)
    pages, served = json.loads(done.stdout)
    assert {path: (ROOT / path).read_text() for path in pages} == pages
    assert {str(path) for path in catalog.PAGES.iterdir()} <= pages.keys()
    assert set(served.values()) - {""} | TESTS.keys() == CLAIMS.keys()
    assert claims().claims.keys() <= served.keys()


def test_the_tests_of_claims_exist() -> None:
    assert all((ROOT / test).exists() for tests in TESTS.values() for test in tests)
