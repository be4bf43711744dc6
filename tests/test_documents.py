"""Documents show real output, and every link, path, layer and exit code in them is right."""

import ast
import re
from pathlib import Path

import click
import pytest

from cli.core.base.errors import ExitCode
from cli.main import toolkit
from tests.support.helpers import ROOT, infra
from tests.support.imports import files, imported

DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("modules/**/*.md")])
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)[^)]*\)")

MAPS = ("README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/extending.md", "docs/security.md")
"""The documents that say where things are: each path in them exists."""

PATH = re.compile(
    r"(?<![\w./<>-])(?!tests/own/test_|envs/qa\.|\S*(?:_MEALS_501|meals_lb_drop))"
    r"(?:\.github|benchmarks|cli|docs|envs|modules|policies|tests)/[\w./-]*"
    r"(?![\w./<>*-])"
)
"""A path of the checkout. One with a placeholder or a star, such as `envs/<environment>.yaml`, is none, nor is what
`infra new` makes where docs/extending.md shows it."""

RETIRED = re.compile(r"\b(?:deeds?|realms?|residuals?|leftovers?|SHUT|judging|kept (?:plans?|syntheses|synthesis))\b")
"""Words that documents, like the code, have given up; docs/glossary.md has those that they use instead."""

NAMES_OF_THE_PAST = ("CHANGELOG.md", "records.md")
"""The documents that say what became of old names."""


def relative(path: Path) -> str:
    """A path of the checkout, as the name of a test case."""
    return str(path.relative_to(ROOT))


def shown(command: str, document: str = "docs/tour.md") -> list[str]:
    """The output that a document shows for a command, by lines."""
    text = (ROOT / document).read_text()
    (output,) = re.findall(rf"^\$ \./infra {command}\n(.*?)^(?:```|\$ )", text, re.M | re.S)
    return [line.rstrip() for line in output.rstrip().splitlines()]


def printed(text: str) -> list[str]:
    """What a command printed, by lines."""
    return [line.rstrip() for line in text.rstrip().splitlines()]


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_links_lead_somewhere(document: Path) -> None:
    links = LINK.findall(document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", [path for path in DOCUMENTS if path.name not in NAMES_OF_THE_PAST], ids=relative)
def test_documents_use_no_retired_word(document: Path) -> None:
    assert RETIRED.findall(document.read_text()) == []


@pytest.mark.parametrize("document", MAPS)
def test_paths_in_the_maps_of_the_project_exist(document: str) -> None:
    paths = PATH.findall((ROOT / document).read_text())
    assert paths
    assert [path for path in paths if not (ROOT / path.rstrip(".")).exists()] == []


def test_core_packages_import_only_what_the_architecture_lists_above() -> None:
    rows = re.findall(r"^\| `(cli/core/[\w.]+)`", (ROOT / "docs/architecture.md").read_text(), re.M)
    layers = [row.removesuffix(".py").replace("/", ".") for row in rows]
    names = {f"cli.core.{path.stem}" for path in (ROOT / "cli/core").iterdir() if not path.name.startswith("__")}
    assert set(layers) == names
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for index, row in enumerate(rows)
        for path in files(row)
        for line, name in imported(ast.parse(path.read_bytes()))
        if any(f"{name}.".startswith(f"{layer}.") for layer in layers[index + 1 :])
    ]
    assert wrong == []


def unknown_words(line: str) -> list[str]:
    """What the command line does not know: a command, or an option of the command that the line names."""
    words = [word.strip("`,.;:()") for word in line.partition(" -- ")[0].split()]
    command: click.Command = toolkit
    for word in words:
        if not isinstance(command, click.Group) or word.startswith("-"):
            break
        try:
            command = command.get_command(click.Context(command), word) or click.Command("")
        except click.UsageError:
            return [word]
    options = {option for parameter in command.params for option in parameter.opts}
    return [word for word in words if word.startswith("--") and word not in options]


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_commands_in_documents_exist(document: Path) -> None:
    lines = re.findall(r"\binfra ((?!test\b)[a-z][^`\n#&|]*)", document.read_text())
    assert {line: unknown for line in lines if (unknown := unknown_words(line))} == {}


def test_a_wrong_command_in_a_document_is_seen() -> None:
    wrong = {
        "plna dev": ["plna"],
        "sandbox rest dev": ["rest"],
        "plan dev --sandbx": ["--sandbx"],
        "plan dev -- --x": [],
    }
    assert {line: unknown_words(line) for line in wrong} == wrong


def test_every_refusal_is_documented() -> None:
    kinds = {kind for path in files("cli/core") for kind in re.findall(r'(?m)^class .*kind="(.*?)"', path.read_text())}
    text = "".join(
        (ROOT / "docs" / name).read_text() for name in ("extending.md", "operations.md", "promotion.md", "records.md")
    )
    assert {kind for kind in kinds - {"refused"} if f"`{kind}`" not in text} == set()


def test_the_readme_is_short_and_lists_every_exit_code() -> None:
    text = (ROOT / "README.md").read_text()
    assert len(text.splitlines()) < 90
    assert re.findall(r"^\| (\d+) \| (.*) \|$", text, re.M) == [(str(int(code)), code.meaning) for code in ExitCode]


def test_the_tour_shows_the_environments() -> None:
    assert shown("env list") == printed(infra("env", "list").stdout)


def test_the_tour_shows_the_synthesis(tmp_path: Path) -> None:
    done = infra("synth", "--out", str(tmp_path / "cdktf.out"), variables={"COLUMNS": "100"})
    real = [line.replace(f"{tmp_path}/", "") for line in printed(done.stdout)]
    # How long it took is another number each time, and makes its columns wider or narrower.
    words, real_words = ([line.split() for line in lines] for lines in (shown("synth"), real))
    assert [row for row in words if row[0] != "seconds"] == [row for row in real_words if row[0] != "seconds"]


def test_the_tour_shows_the_gate() -> None:
    assert shown("check") == printed(infra("check").stdout)


@pytest.mark.parametrize(
    ("document", "question"),
    [
        ("docs/tour.md", "--from internet --to event_store --port 2113"),
        ("docs/reachability.md", ""),
        ("docs/reachability.md", "--from internet --to event_store --port 2113"),
        ("docs/reachability.md", "--from internet --to core --port 443"),
    ],
)
def test_documents_show_who_reaches_whom(document: str, question: str) -> None:
    done = infra("reach", "prod", *question.split())
    assert shown(f"reach prod {question}".strip(), document) == printed(done.stdout)


@pytest.mark.parametrize("places", ["", "prod"])
def test_the_page_of_costs_shows_what_they_are(places: str) -> None:
    done = infra("cost", *places.split(), variables={"COLUMNS": "80"})
    assert shown(f"cost {places}".strip(), "docs/cost.md") == printed(done.stdout)


def test_the_tour_shows_what_a_mistake_looks_like(checkout: Path) -> None:
    file = checkout / "envs" / "dev.yaml"
    text = file.read_text().replace("  replicas: 2", "  replica: 2")
    ordering = "ordering: {instance_type: t4g.small, min_size: "
    assert ordering in text
    file.write_text(text.replace(f"{ordering}1", f"{ordering}3"))
    done = infra("synth", "dev", cwd=checkout, root=checkout)
    assert shown("synth dev") == printed(done.stderr)
    assert done.returncode == 5
