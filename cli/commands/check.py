"""`infra check`: the policy gate."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from cli.core.base.files import write_whole
from cli.core.base.progress import ProgressReporter
from cli.core.base.project import OUTPUT, ROOT
from cli.core.gate.baseline import apply_baseline, write_baseline
from cli.core.gate.gate import Gate, broken_outcome
from cli.core.gate.model import RATINGS, Outcome, Problem, Request, Selection, Severity, Target
from cli.core.gate.packs import DEFAULT_PACKS, PACKS
from cli.core.gate.process import TIMEOUT
from cli.core.gate.report import FORMATS, renderer
from cli.core.gate.targets import at_path, synthesized
from cli.ui.app import Application, pass_application, shown_path
from cli.ui.options import NamedPath, complete_places, format_options, is_path


@dataclass(frozen=True, kw_only=True)
class CheckOptions:
    """The options of the command."""

    out: Path | None
    quiet: bool
    packs: tuple[str, ...]
    severity: Severity | None
    only: tuple[str, ...]
    skip: tuple[str, ...]
    var_files: tuple[Path, ...]
    variables: tuple[tuple[str, str], ...]
    workspace: str
    baseline: Path | None
    new_baseline: Path | None
    owner: str
    shard: tuple[int, int] | None
    merge: bool
    timeout: float


def _variables(
    _context: click.Context, _parameter: click.Parameter, values: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """Names and values. Raises BadParameter."""
    for value in values:
        if "=" not in value:
            raise click.BadParameter(f"received {value!r}; allowed: NAME=VALUE")
    return tuple((name.strip(), text) for name, _, text in (value.partition("=") for value in values))


def _shard(_context: click.Context, _parameter: click.Parameter, value: str | None) -> tuple[int, int] | None:
    """Which part, and of how many. Raises BadParameter."""
    if value is None:
        return None
    index, _, count = value.partition("/")
    if not (index.isdecimal() and count.isdecimal() and 1 <= int(index) <= int(count) <= 1000):
        raise click.BadParameter(f"received {value!r}; allowed: K/N with K from 1 to N and N to 1000, such as 2/5")
    return int(index), int(count)


@click.command()
@click.argument("places", nargs=-1, metavar="[ENV]...|PATH...", shell_complete=complete_places)
@format_options(FORMATS)
@click.option(
    "--out",
    type=NamedPath(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the report to FILE, whole or not at all, and print the table as well.",
)
@click.option("--quiet", is_flag=True, help="Print problems, a line per rule and the verdict only.")
@click.option("--pack", "packs", multiple=True, type=click.Choice(PACKS), help="Run these rules only. Repeat for more.")
@click.option("--severity", type=click.Choice(RATINGS), help="Run rules of this severity and worse ones only.")
@click.option("--only", multiple=True, metavar="RULE", help="Run this rule only. Repeat for more rules.")
@click.option("--skip", multiple=True, metavar="RULE", help="Do not run this rule. Repeat for more rules.")
@click.option(
    "--var-file",
    "var_files",
    multiple=True,
    type=NamedPath(exists=True, dir_okay=False, path_type=Path, resolve_path=True),
    metavar="FILE",
    help="Values of variables at PATH, as terraform's. Repeat for more files.",
)
@click.option(
    "--var",
    "variables",
    multiple=True,
    callback=_variables,
    metavar="NAME=VALUE",
    help="The value of a variable at PATH, as terraform's; goes before those of files.",
)
@click.option("--workspace", default="", metavar="NAME", help="What terraform.workspace is at PATH.")
@click.option(
    "--baseline",
    type=NamedPath(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Accept the findings in FILE; new ones fail.",
)
@click.option(
    "--write-baseline",
    "new_baseline",
    type=NamedPath(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write what is found to FILE, as accepted. Needs --owner.",
)
@click.option("--owner", default="", metavar="NAME", help="Who accepts what --write-baseline writes.")
@click.option(
    "--shard",
    callback=_shard,
    metavar="K/N",
    help="Check the K-th of N parts of PATH only; needs --format json or sarif, for --merge.",
)
@click.option("--merge", is_flag=True, help="Join the reports of all parts, which are named instead of PATH.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=TIMEOUT,
    show_default=True,
    metavar="SECONDS",
    help="How long checkov may take.",
)
@pass_application
def command(application: Application, /, places: tuple[str, ...], **given: Any) -> int:
    """Check environments, or other Terraform, against every policy.

    Without arguments, every environment is checked. Environments are synthesized to a temporary directory from the
    current settings and code. PATH is a directory with HCL or Terraform JSON, from any tool, or a plan as JSON; each
    root module below it is checked by itself. `.infra-check.yaml` in PATH says which rules are run there. The policies
    are checkov's built-in rules and those in policies/checks. docs/check.md says more. Exit codes: 3 for findings; 4 if
    the scan was incomplete, which never passes.

    \b
    Examples:
      infra check
      infra check prod --format sarif --out gate.sarif
      infra check ../other/terraform --pack channels --pack isolation
      infra check live/* --var-file common.tfvars --baseline accepted.json
      terraform show -json tfplan > plan.json && infra check plan.json
      infra check live --shard 2/5 --format json --out part-2.json
      infra check --merge part-*.json
    """
    options = CheckOptions(**given)
    paths = [Path(place) for place in places] if options.merge else _paths(places)
    _require_fitting(options, is_path=bool(paths))
    if options.merge:
        _require_nothing_asked(options)
    if options.shard is not None:
        _require_part(options, application.format, is_path=bool(paths))
    if options.merge:
        outcome = _merged(paths)
    elif paths:
        outcome = _at_paths(paths, options, application.progress)
    else:
        outcome = _of_environments(places, options, application.progress)
    outcome = _with_baseline(outcome, options)
    _show(application, outcome, options)
    return outcome.exit_code


def _at_paths(paths: Sequence[Path], options: CheckOptions, progress: ProgressReporter) -> Outcome:
    """The verdict on what there is at some paths. Files are read first: what is broken is told without checkov."""
    targets = [target for path in paths for target in at_path(path, _request(path, options))]
    if options.shard is None:
        return _of_targets(targets, options, progress)
    from cli.core.gate.shards import of_part, share  # 0.2 s: pydantic, for parts of a check only

    part, shard = share(targets, *options.shard)
    return of_part(_of_targets(part, options, progress), shard)


def _of_targets(targets: Sequence[Target], options: CheckOptions, progress: ProgressReporter) -> Outcome:
    if all(target.is_broken for target in targets):
        return broken_outcome(targets)
    with Gate(datetime.date.today()) as gate:
        gate.add(*targets)
        progress.step("checking")
        return gate.outcome(options.timeout)


def _merged(files: Sequence[Path]) -> Outcome:
    """The verdict on the whole whose parts some reports are of. Raises UsageError."""
    from cli.core.gate.shards import merged  # 0.2 s: pydantic, for parts of a check only

    if not files:
        raise click.UsageError("--merge needs the reports of all parts, such as: infra check --merge part-*.json")
    return merged(files)


def _require_nothing_asked(options: CheckOptions) -> None:
    """What the parts were asked holds for the whole. Raises UsageError."""
    asked = {
        "--pack": options.packs,
        "--severity": options.severity,
        "--only": options.only,
        "--skip": options.skip,
        "--var-file": options.var_files,
        "--var": options.variables,
        "--workspace": options.workspace,
    }
    if given := [name for name, value in asked.items() if value]:
        raise click.UsageError(f"{', '.join(given)}: not with --merge; give it to each part, beside --shard")


def _require_part(options: CheckOptions, form: str, *, is_path: bool) -> None:
    """What fits a part. Raises UsageError."""
    if options.merge:
        raise click.UsageError("either --shard or --merge: parts are checked first, and joined when all are done")
    if not is_path:
        raise click.UsageError("--shard is for PATH: environments of this project are checked together")
    if form not in ("json", "sarif"):
        raise click.UsageError(f"--shard needs --format json or sarif, which --merge reads; received {form}")
    if options.baseline or options.new_baseline:
        raise click.UsageError("a baseline is of the whole: give it to --merge")


def _of_environments(names: tuple[str, ...], options: CheckOptions, progress: ProgressReporter) -> Outcome:
    """The verdict on environments."""
    with (
        Gate(datetime.date.today()) as gate,  # checkov loads from here on, in its own process
        tempfile.TemporaryDirectory(prefix="infra-check-") as directory,
    ):
        request = Request(_selection(options, PACKS))
        problems = tuple(_add_environments(gate, names, Path(directory), request, progress=progress))
        progress.step("checking")
        outcome = gate.outcome(options.timeout)
    return replace(outcome, problems=(*problems, *outcome.problems))


def _paths(places: tuple[str, ...]) -> Sequence[Path]:
    """The arguments as paths; none when they are names of environments, or there is none."""
    paths = [place for place in places if is_path(place)]
    if paths and len(paths) < len(places):
        raise click.UsageError(f"either environments or paths, received {' '.join(places)}")
    return [Path(path) for path in dict.fromkeys(paths)]


def _require_fitting(options: CheckOptions, *, is_path: bool) -> None:
    """Options that fit what is checked, and each other. Raises UsageError."""
    if not is_path and (options.var_files or options.variables or options.workspace):
        raise click.UsageError("--var-file, --var and --workspace are for PATH; an environment has its settings")
    if options.new_baseline and not options.owner.strip():
        raise click.UsageError("--write-baseline needs --owner NAME: who accepts the findings")
    if options.new_baseline and options.baseline:
        raise click.UsageError("either --baseline or --write-baseline: what FILE has already stays when it is written")


def _request(path: Path, options: CheckOptions) -> Request:
    """What is asked of a path: the command line goes before the profile there."""
    from cli.core.gate.profile import profile_at  # 0.1 s: reads YAML, while checkov loads

    profile = profile_at(path)
    selection = _selection(options, profile.packs or DEFAULT_PACKS, profile.severity)
    return Request(
        selection=replace(selection, off=tuple(each for each in profile.off if each.rule not in options.only)),
        variables=(*options.var_files, *options.variables),
        workspace=options.workspace,
        private_words=profile.private_words,
        is_environment=path.resolve().is_relative_to(ROOT / OUTPUT),
    )


def _selection(options: CheckOptions, packs: tuple[str, ...], severity: Severity | None = None) -> Selection:
    """The rules that the command line asks for; what it does not say is given."""
    return Selection(
        only=options.only,
        skip=options.skip,
        packs=options.packs or packs,
        severity=options.severity or severity or RATINGS[-1],
    )


def _with_baseline(outcome: Outcome, options: CheckOptions) -> Outcome:
    """An outcome without what a baseline accepts, which is written first if that is asked for."""
    if options.new_baseline:
        write_baseline(options.new_baseline, outcome, owner=options.owner.strip(), today=datetime.date.today())
    file = options.new_baseline or options.baseline
    return apply_baseline(file, outcome) if file else outcome


def _show(application: Application, outcome: Outcome, options: CheckOptions) -> None:
    """Print the report, or write it to a file and print the table."""
    form = application.format
    if options.out is not None:
        write_whole(options.out, renderer(form)(outcome).encode())
        application.progress.note(f"wrote {options.out}")
        form = "table"
    if options.new_baseline:
        application.progress.note(f"wrote {options.new_baseline}")
    application.write(renderer(form, is_short=options.quiet)(outcome))


def _add_environments(
    gate: Gate, names: tuple[str, ...], directory: Path, request: Request, *, progress: ProgressReporter
) -> Iterator[Problem]:
    """Synthesize environments to a directory, and hand each to the gate as soon as it is done."""
    # 0.2 s: pydantic and the settings load while checkov does
    from cli.core.base.environments import load_selected
    from cli.core.preconditions.refused import refused
    from cli.core.synthesis.synthesize import synthesize_each

    for settings, stacks in synthesize_each(load_selected(names), directory, progress):
        target = synthesized(settings.environment, stacks, shown_path(ROOT / OUTPUT))
        gate.add(replace(target, request=request))
        yield from refused(settings, stacks)
