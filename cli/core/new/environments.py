"""One more environment, anywhere in the promotion chain: its settings, the chain, the workflows, the manifest."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Annotated

from cli.core.base.progress import ProgressReporter
from cli.core.new.addition import Addition, Files, documented, finish, rendered
from cli.core.new.names import checked, new_name
from cli.core.new.refusals import BadName, DoesNotFit, NameTaken
from envs.promotion_chain import PROMOTION_CHAIN
from envs.settings.types import AwsAccountId, Spelling

CHAIN = "envs/promotion_chain.py"
WORKFLOWS = ".github/workflows"

EnvironmentName = Annotated[
    str,
    # What variables of a shell may end with: a workflow hands reports on in REPORT_<environment>.
    Spelling(
        r"(?!company$)[a-z][a-z0-9]{1,15}",
        "a name of 2 to 16 lower-case letters and digits that starts with a letter, and is not company: "
        "envs/company.yaml has what all environments have in common",
    ),
]


def new_environment(files: Files, progress: ProgressReporter, name: str, *, account_id: str, place: int) -> Addition:
    """Add an environment at a place of the promotion chain, with the settings of the one before it, or after the new
    first one. Raises `BadName`, `NameTaken`, and what `finish` raises."""
    new_name(EnvironmentName, name)
    checked(AwsAccountId, account_id, "account")
    file = f"envs/{name}.yaml"
    if name in PROMOTION_CHAIN or (files.root / file).exists():
        raise NameTaken(f"there is an environment {name} already")
    chain = [*PROMOTION_CHAIN[:place], name, *PROMOTION_CHAIN[place:]]
    before = chain[place - 1] if place else ""
    after = chain[place + 1] if chain[place + 1 :] else ""
    source = before or after
    settings = _settings(files.read(f"envs/{source}.yaml"), name, source, account_id=account_id)
    files.create(file, with_origin(settings, chain, place))
    files.changed[CHAIN] = _replaced(files.read(CHAIN), _quoted(PROMOTION_CHAIN), _quoted(chain), CHAIN)
    for at, neighbour in enumerate(chain):
        path = f"envs/{neighbour}.yaml"
        if path in files.environments and (text := with_origin(files.read(path), chain, at)) != files.read(path):
            files.changed[path] = text
    _workflows(files, chain)
    files.create(
        f"tests/own/test_environment_{name}.py",
        rendered("test_environment.py.j2", name=name, chain=[each for each in (before, name, after) if each]),
    )
    between = " and ".join(each for each in (before, after) if each)
    documented(files, "environment", name, f"{'between' if before and after else 'beside'} {between}")
    return Addition(
        finish(files, progress),
        (f"infra check {name} && infra test tests/own/test_environment_{name}.py", f"infra bootstrap {name}"),
    )


def place_in_chain(*, after: str | None, before: str | None) -> int:
    """Where in the promotion chain an environment goes. Raises `BadName`."""
    neighbour = after or before
    if neighbour not in PROMOTION_CHAIN:
        raise BadName(f"received {neighbour!r}; allowed: one of the promotion chain, {', '.join(PROMOTION_CHAIN)}")
    return PROMOTION_CHAIN.index(neighbour) + (after is not None)


def _settings(text: str, name: str, source: str, *, account_id: str) -> str:
    """The file of a neighbour with what is the new environment's own: every value that names the neighbour."""
    lines = []
    for line in text.splitlines():
        value, mark, comment = line.partition("#")
        if value.startswith("account_id:"):
            value = f'account_id: "{account_id}"'
        own = re.sub(rf"\b{re.escape(source)}\b", name, value)
        if value.startswith("domain_name:") and own == value:  # the company's domain, which an environment has once
            own = re.sub(r"^domain_name:\s*[\"']?", lambda key: f"{key[0]}{name}.", value)
        lines.append(own + mark + comment)
    text = "\n".join(lines) + "\n"
    return re.sub(r"(?m)^# .*\nenvironment:", f"# {name}: made from {source}.\nenvironment:", text, count=1)


def with_origin(text: str, chain: Sequence[str], place: int) -> str:
    """The file of an environment whose comments say from where its release comes, or where to it goes on."""
    before, further = chain[place - 1] if place else "", chain[place + 1 :]
    listed = " and ".join(each for each in (", ".join(further[:-1]), *further[-1:]) if each)
    origin = (
        f"# Written by promotion from {before}; not edited here."
        if before
        else f"# What promotion carries on to {listed}. A release begins here, by hand."
    )
    known = (
        r"# (Written by promotion from \S+; not edited here|(What promotion .*\. )?A release begins here, by hand)\.\n"
    )
    text = re.sub(rf"(?m)^{known}release:", f"{origin}\nrelease:", text, count=1)
    return re.sub(r"to come here from \S+\.", f"to come here from {before}.", text) if before else text


def _workflows(files: Files, chain: Sequence[str]) -> None:
    """Name the environment wherever workflows list them all, and where they do something for each."""
    lists: tuple[tuple[str, Callable[[Sequence[str]], str]], ...] = (
        ("promote.yml", lambda names: f"options: [{', '.join(names)}]"),
        ("deploy.yml", lambda names: f"options: [{', '.join(names)}]"),
        ("deploy.yml", lambda names: _quoted(names, ", ")),
        ("opens.yml", lambda names: f"for environment in {' '.join(names)}; do"),
        ("check.yml", lambda names: f"for environment in {' '.join(names[1:])}; do"),
        ("check.yml", lambda names: "".join(_output(each) for each in names[1:])),
        ("check.yml", lambda names: "".join(_report(each, is_first=not at) for at, each in enumerate(names))),
        ("check.yml", lambda names: f"      {names[0]}: ${{{{ steps.plan.outputs.report }}}}"),
        ("check.yml", lambda names: f"ENVIRONMENT: {names[0]}\n"),
        ("drift.yml", lambda names: "".join(map(_role, names))),
    )
    for file, text_of in lists:
        path = f"{WORKFLOWS}/{file}"
        files.changed[path] = _replaced(files.read(path), text_of(PROMOTION_CHAIN), text_of(chain), path)


def _output(name: str) -> str:
    return f"      {name}: ${{{{ steps.compare.outputs.{name} }}}}\n"


def _report(name: str, *, is_first: bool) -> str:
    return f"          REPORT_{name}: ${{{{ needs.{'plan' if is_first else 'difference'}.outputs.{name} }}}}\n"


def _role(name: str) -> str:
    return (
        "      - uses: ./.github/actions/role\n        with:\n"
        f"          environment: {name}\n          role: plan\n          profile: {name}\n"
    )


def _quoted(names: Sequence[str], between: str = ", ") -> str:
    return between.join(f'"{name}"' for name in names)


def _replaced(text: str, old: str, new: str, path: str) -> str:
    """A text with every occurrence replaced. Raises `DoesNotFit` where there is none."""
    if old not in text:
        raise DoesNotFit(f"{path} does not list the environments as {old.strip()!r}, so the new one cannot be added")
    return text.replace(old, new)
