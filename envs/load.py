"""Reading environments: the files of a directory to checked settings."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import ValidationError

from envs.environment_files import COMPANY_FILE, environment_files
from envs.errors import Problem, SettingsError
from envs.messages import nearest, problems_of
from envs.positions import Document, read, shown
from envs.promotion_chain import PROMOTION_CHAIN
from envs.settings import Settings
from envs.settings.company import INHERITED, Company, completed
from envs.settings.edge import is_below

DIRECTORY = Path(__file__).parent
"""The directory of the environment files."""


@dataclass(frozen=True)
class LoadedCompany:
    """What all environments have in common, and its file."""

    settings: Company
    document: Document


def environments(directory: Path | None = None) -> tuple[str, ...]:
    """Return the names of the environments in ``directory``: the promotion chain in its order, then the others
    sorted."""
    names = {path.stem for path in environment_files(directory or DIRECTORY)}
    chain = tuple(name for name in PROMOTION_CHAIN if name in names)
    return chain + tuple(sorted(names - set(chain)))


def load(environment: str, *, directory: Path | None = None) -> Settings:
    """Return the settings of an environment, read from ``<directory>/<environment>.yaml`` and checked.

    What it does not say, it takes from ``<directory>/company.yaml``, where there is one.

    Raises ``SettingsError`` with everything that is wrong with the file, and where another environment has the same
    domain; for an unknown environment, with the names that exist, or with its file that ends in .yml.
    """
    directory = directory or DIRECTORY
    settings, document = _load(environment, directory)
    problems = list(_same_domain(settings, document, directory))
    if problems:
        raise SettingsError(problems)
    return settings


def load_all(directory: Path | None = None) -> tuple[Settings, ...]:
    """Return the settings of every environment, in the order of ``environments``, checked alone and against each other.

    Raises ``SettingsError`` with everything that is wrong with any of the files, and with files that end in .yml.
    """
    directory = directory or DIRECTORY
    loaded: list[tuple[Settings, Document]] = []
    problems: list[Problem] = []
    for environment in environments(directory):
        try:
            loaded.append(_load(environment, directory))
        except SettingsError as error:
            problems += error.problems
    problems += _clashes(loaded)
    for path in sorted(directory.glob("*.yml")):
        fix = f"Rename {path.name} to {path.stem}.yaml."
        problems.append(Problem(_named(path), 0, 0, "", "the suffix .yml", "the suffix .yaml", fix))
    if problems:
        raise SettingsError(list(dict.fromkeys(problems)))  # those of company.yaml came with every environment
    return tuple(settings for settings, _ in loaded)


def load_parents(settings: Settings, *, directory: Path | None = None) -> tuple[Settings, ...]:
    """Return the settings of the environments whose domains are above that of an environment.

    What is wrong with a file whose domain is another one does not matter. Raises ``SettingsError`` for a file with such
    a domain, and for one whose domain nobody can tell.
    """
    directory = directory or DIRECTORY
    company, parents = load_company(directory), []
    for environment in environments(directory):
        domain = _domain(_document(environment, directory), environment, company)
        if isinstance(domain, str) and not is_below(settings.domain_name, domain.lower()):
            continue
        parent = load(environment, directory=directory)
        if parent.domain_name != settings.domain_name:
            parents.append(parent)
    return tuple(parents)


def parse(content: bytes, *, environment: str, file: str) -> Settings:
    """Return the settings in ``content``, the text of ``<environment>.yaml``. ``file`` names it in errors.

    What it does not say, it takes from the company. Raises ``SettingsError`` with everything that is wrong.
    """
    company = load_company()
    return _checked(_with_places(read(content, file=file), company), environment, company)


def load_company(directory: Path | None = None) -> LoadedCompany | None:
    """Return what all environments of ``directory`` have in common, from its ``company.yaml``; None without that file.

    Raises ``SettingsError`` with everything that is wrong with the file.
    """
    path = (directory or DIRECTORY) / COMPANY_FILE
    if not path.exists():
        return None
    document = _read(path)
    try:
        return LoadedCompany(Company.model_validate(document.data), document)
    except ValidationError as error:
        problems = problems_of(error, document, Company)
        raise SettingsError(sorted(problems, key=lambda problem: (problem.line, problem.column))) from None


def _load(environment: str, directory: Path) -> tuple[Settings, Document]:
    known = environments(directory)
    if environment not in known:
        allowed = f"one of {', '.join(known)}" if known else "none, because there is no file *.yaml"
        received, hint = f"the environment {shown(environment)}", nearest(environment, known)
        if (directory / f"{Path(environment).name}.yml").is_file():
            hint = f"Rename {Path(environment).name}.yml to {Path(environment).name}.yaml."
        raise SettingsError([Problem(_named(directory), 0, 0, "", received, allowed, hint)])
    company = load_company(directory)
    document = _with_places(_document(environment, directory), company)
    return _checked(document, environment, company), document


def _document(environment: str, directory: Path) -> Document:
    return _read(directory / f"{environment}.yaml")


def _domain(document: Document, environment: str, company: LoadedCompany | None) -> object:
    """The domain of an environment as its file or the company's has it; it may be no domain at all."""
    return document.data.get("domain_name", company.settings.domain_of(environment) if company else None)


def _read(path: Path) -> Document:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SettingsError(
            [Problem(_named(path), 0, 0, "", f"an error: {error.strerror}", "a file that can be read")]
        ) from None
    return read(content, file=_named(path))


def _checked(document: Document, environment: str, company: LoadedCompany | None) -> Settings:
    problems: list[Problem] = []
    try:
        settings = Settings.model_validate(completed(document.data, company.settings if company else None, environment))
    except ValidationError as error:
        problems = problems_of(error, document)
    named = document.data.get("environment")
    if isinstance(named, str) and named != environment and "environment" not in {problem.key for problem in problems}:
        line, column, text = document.value_place(("environment",))
        allowed = f"{environment}, the name of the file without .yaml"
        problems.append(Problem(document.file, line, column, "environment", text, allowed))
    if problems:
        raise SettingsError(sorted(problems, key=lambda problem: (problem.line, problem.column)))
    return settings


def _with_places(document: Document, company: LoadedCompany | None) -> Document:
    """A document that also knows where the values stand that the company has for it."""
    if company is None:
        return document
    places = {
        path: (company.document.file, company.document.value_place(other))
        for path, other in INHERITED.items()
        if path not in document.values and other in company.document.values
    }
    return replace(document, inherited=places)


def _same_domain(settings: Settings, document: Document, directory: Path) -> Iterator[Problem]:
    """The other environments with the same domain; what is wrong with their files does not matter here."""
    company = load_company(directory)
    for other in environments(directory):
        with contextlib.suppress(SettingsError, OSError):
            if other != settings.environment and _may_have_domain(directory / f"{other}.yaml", settings.domain_name):
                domain = _domain(_document(other, directory), other, company)
                if isinstance(domain, str) and domain.lower() == settings.domain_name:
                    yield _clash(document, ("domain_name",), f"a name of its own, not that of {other}")


def _may_have_domain(file: Path, domain: str) -> bool:
    """Whether a file has to be parsed to know whether an environment has a domain: it has that, or none of its own."""
    text = file.read_text(encoding="utf-8", errors="replace")
    return domain in text or "domain_name" not in text


def _clashes(loaded: Sequence[tuple[Settings, Document]]) -> Iterator[Problem]:
    """What two environments must not share."""
    for index, (settings, document) in enumerate(loaded):
        for other, _ in loaded[:index]:
            if settings.domain_name == other.domain_name:
                yield _clash(document, ("domain_name",), f"a name of its own, not that of {other.environment}")
            if (settings.state_bucket, settings.state_key) == (other.state_bucket, other.state_key):
                yield _clash(document, ("state",), f"a state of its own, not that of {other.environment}")
            same_place = (settings.account_id, settings.region) == (other.account_id, other.region)
            if same_place and settings.notifications.sms and other.notifications.sms:
                yield _clash(
                    document,
                    ("notifications", "sms"),
                    f"null, because {other.environment} owns the SMS preferences of account "
                    f"{settings.account_id} in {settings.region}",
                )


def _clash(document: Document, path: tuple[str, ...], allowed: str) -> Problem:
    file, place = document.source(path)
    return Problem(file, place.line, place.column, ".".join(path), place.text, allowed)


def _named(path: Path) -> str:
    """A path as errors show it: relative to the working directory when it is below it."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return os.fspath(path)
