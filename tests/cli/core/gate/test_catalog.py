"""The pages of rules and claims: every rule has its place, and docs/ has what `infra policies --write` writes."""

from __future__ import annotations

import json
import sys

from cli.core.gate import catalog
from cli.core.gate.packs import FOLDERS
from policies.library.claims import CLAIMS, TESTS
from policies.reachability.claims.load import claims
from tests.support.helpers import ROOT, infra_environment
from tests.support.programs import run_program

# checkov changes the process that loads it, so the rules are loaded in another one
CODE = """\
import json
from checkov.common.checks_infra.registry import get_graph_checks_registry
from cli.core.gate import catalog
from cli.core.gate.packs import pack_of
pages = {str(path): text for path, text in catalog.documents().items()}
claims = {rule.id: rule.claim for rules in catalog.all_rules().values() for rule in rules}
folders = {rule.id: folder for folder, rules in catalog.all_rules().items() for rule in rules}
checks = get_graph_checks_registry("terraform").checks
packs = [(folders[each.id], pack_of(each.source)) for each in checks if folders.get(each.id)]
print(json.dumps([pages, claims, packs]))
"""


def test_every_rule_is_in_a_pack_that_is_shown() -> None:
    files = set(catalog.CHECKS.rglob("meals_*.py"))
    assert files == {file for pack in catalog.PACKS for file in (catalog.CHECKS / pack).glob("meals_*.py")}


def test_the_pages_are_current_and_every_claim_is_checked() -> None:
    """If not: infra policies --write. Each rule is in the pack of its file's folder, wherever its function is."""
    done = run_program([sys.executable, "-c", CODE], cwd=ROOT, env=infra_environment(), check=True)
    pages, served, packs = json.loads(done.stdout)
    assert len(packs) == len(served) - 1  # that of suppressions is in no folder
    assert all(pack == FOLDERS[folder] for folder, pack in packs)
    assert {path: (ROOT / path).read_text() for path in pages} == pages
    assert {str(path) for path in catalog.PAGES.iterdir()} <= pages.keys()
    assert set(served.values()) - {""} | TESTS.keys() == CLAIMS.keys()
    assert claims().claims.keys() <= served.keys()


def test_the_tests_of_claims_exist() -> None:
    assert all((ROOT / test).exists() for tests in TESTS.values() for test in tests)
