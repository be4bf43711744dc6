"""The documents show real output, and what they link to is there."""

import re
from pathlib import Path

import pytest

from tests.support.helpers import ROOT, infra

DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)[^)]*\)")


def shown(command: str, document: str = "README.md") -> list[str]:
    """The output that a document shows for a command, by lines."""
    (found,) = re.findall(rf"^\$ \./infra {command}\n(.*?)^(?:```|\$ )", (ROOT / document).read_text(), re.M | re.S)
    return [line.rstrip() for line in found.rstrip().splitlines()]


def printed(text: str) -> list[str]:
    """What a command printed, by lines."""
    return [line.rstrip() for line in text.rstrip().splitlines()]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    links = LINK.findall(document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_readme_shows_the_environments() -> None:
    assert shown("env list") == printed(infra("env", "list").stdout)


def test_readme_shows_the_synthesis(tmp_path: Path) -> None:
    done = infra("synth", "--out", str(tmp_path / "cdktf.out"), variables={"COLUMNS": "100"})
    real = [line.replace(f"{tmp_path}/", "") for line in printed(done.stdout)]
    # How long it took is another number each time.
    assert [line for line in shown("synth") if not line.startswith("seconds")] == [
        line for line in real if not line.startswith("seconds")
    ]


def test_readme_shows_the_gate() -> None:
    assert shown("check") == printed(infra("check").stdout)


@pytest.mark.parametrize(
    ("document", "question"),
    [
        ("README.md", "--from internet --to event_store --port 2113"),
        ("docs/reachability.md", ""),
        ("docs/reachability.md", "--from internet --to event_store --port 2113"),
        ("docs/reachability.md", "--from internet --to core --port 443"),
    ],
)
def test_documents_show_who_reaches_whom(document: str, question: str) -> None:
    done = infra("reach", "prod", *question.split())
    assert shown(f"reach prod {question}".strip(), document) == printed(done.stdout)


def test_readme_shows_what_a_mistake_looks_like(checkout: Path) -> None:
    file = checkout / "envs" / "dev.yaml"
    text = file.read_text().replace("  replicas: 2", "  replica: 2")
    ordering = "ordering: {instance_type: t4g.small, min_size: "
    assert ordering in text
    file.write_text(text.replace(f"{ordering}1", f"{ordering}3"))
    done = infra("synth", "dev", cwd=checkout, root=checkout)
    assert shown("synth dev") == printed(done.stderr)
    assert done.returncode == 5
