"""Gathers what is on the page, from the functions that the commands show: nothing is computed a second way.

checkov works in its own process meanwhile.
"""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from cli.core.access import further
from cli.core.access import table as access_table
from cli.core.access.ends import actions_named
from cli.core.access.world import worlds_at
from cli.core.base.environments import load_selected
from cli.core.base.progress import ProgressReporter
from cli.core.base.project import OUTPUT, ROOT
from cli.core.base.target import Target
from cli.core.change.model import ChangeProof
from cli.core.cost.estimate import estimate
from cli.core.cost.usage import quantities
from cli.core.diagram.build import picture
from cli.core.diagram.draw import draw_in_page
from cli.core.diff.compare import compare
from cli.core.diff.model import Difference
from cli.core.diff.sides import ComparisonError, WorkingTreeSide
from cli.core.diff.snapshots import change_since
from cli.core.gate.gate import Gate
from cli.core.gate.model import Problem
from cli.core.gate.targets import synthesized
from cli.core.operations.provenance import current_commit, known_commit
from cli.core.preconditions.refused import refused
from cli.core.promotion.status import environment_statuses
from cli.core.reach.network import configuration_at
from cli.core.records import queries
from cli.core.releases.rehearsed import logged, settings_of
from cli.core.report.claims import claim_results
from cli.core.report.grid import grid
from cli.core.report.model import AccessTable, EnvironmentPage, ReportContent
from cli.core.report.resources import parts
from cli.core.synthesis.synthesize import synthesize_each
from cli.core.workspace.options import Options
from cli.core.workspace.workspace import records_of
from envs.settings import Settings
from policies.reachability.read import read


def gather(
    names: Sequence[str],
    now: datetime.datetime,
    progress: ProgressReporter,
    *,
    target: Target = Target.AWS,
    with_drift: bool = False,
) -> ReportContent:
    """What there is to say about environments; about all of them when there is no name.

    In the sandbox each has the release that was rehearsed there, and the records are those of the rehearsals.
    ``with_drift`` asks AWS, or the sandbox, about every resource.

    Raises what `infra check`, `reach`, `access`, `diagram`, `cost`, `diff` and `status` raise: a page never lacks
    a part in silence.
    """
    problems: list[Problem] = []
    with Gate(now.date()) as gate, tempfile.TemporaryDirectory(prefix="infra-report-") as directory:
        stacks: dict[str, tuple[Path, Path]] = {}
        every = [settings_of(each.environment, target) for each in load_selected(names)]
        for settings, out in synthesize_each(every, Path(directory), progress):
            name = settings.environment
            gate.add(synthesized(name, out, Path(OUTPUT)))
            problems += refused(settings, out)
            stacks[name] = out / "stacks" / name, out / "stacks" / f"{name}-bootstrap"
        pages = tuple(environment_page(name, *paths, progress) for name, paths in stacks.items())
        resources = parts({name: [configuration_at(path) for path in paths] for name, paths in stacks.items()})
        changes = {each.environment: _change(each, target, progress) for each in every}
        differences = tuple(_difference(before, after, progress) for before, after in pairwise(every))
        progress.step("checking")
        outcome = gate.outcome()
        outcome = replace(outcome, problems=(*problems, *outcome.problems))
    statuses = environment_statuses(Options(target), progress, now, with_drift=with_drift, judged=outcome)
    progress.clear()
    return ReportContent(
        made=now,
        revision=str(current_commit()),
        environments=pages,
        outcome=outcome,
        claims=claim_results(outcome),
        parts=resources,
        changes=changes,
        differences=differences,
        statuses=statuses,
        log=logged(None, target)[::-1],
        history={each.environment: records_of(each.environment, target).read()[::-1] for each in statuses},
        is_rehearsal=target is Target.SANDBOX,
    )


def environment_page(name: str, stack: Path, bootstrap: Path, progress: ProgressReporter) -> EnvironmentPage:
    """What the Terraform of an environment proves, from its stacks. Raises what `gather` raises."""
    progress.step(f"asking who reaches whom in {name}")
    configuration = configuration_at(stack)
    network = read(configuration)
    drawn = picture(configuration, network, f"The network of {name}")
    with ThreadPoolExecutor(1) as pool:  # the picture is placed by a process of its own
        drawing = pool.submit(draw_in_page, drawn, f"{name}-", progress)
        return EnvironmentPage(
            name=name,
            grid=grid(network, drawn),
            access=_access(stack, bootstrap),
            cost=estimate([configuration, configuration_at(bootstrap)], quantities()),
            picture=drawing.result(),
        )


def _access(stack: Path, bootstrap: Path) -> AccessTable:
    """The table of `infra access`."""
    world = worlds_at([stack, bootstrap], ROOT / "envs" / "organization")
    callers = tuple(filter(access_table.is_listed, world.callers))
    asked = actions_named(world.things(), None)
    world = world.asking(each for actions in asked.values() for each in actions)
    found = access_table.allowed(world, callers, asked)
    return AccessTable(
        rows=tuple(access_table.rows(found)),
        further=tuple(further.rows(world, callers)),
        assumptions=tuple(access_table.assumptions(world, found)),
    )


def _change(settings: Settings, target: Target, progress: ProgressReporter) -> ChangeProof | str:
    """What `infra change` says since the last apply. Old code that cannot be synthesized any more ends no report.

    A rehearsal may have another release than the file has, at the commit of the apply and now.
    """
    name = settings.environment
    records = records_of(name, target).read()
    commit = known_commit(queries.applied_commit(records, name))
    release = queries.applied_release(records, name)
    if not commit or release is None:
        return "Nothing was applied from a commit that git has here."
    progress.step(f"comparing {name} with its last apply")
    try:
        if target is Target.SANDBOX:
            return change_since(name, commit, settings, release.values)
        return change_since(name, commit)
    except ComparisonError as error:
        return f"Not compared with the last apply: {error}"


def _difference(before: Settings, after: Settings, progress: ProgressReporter) -> Difference:
    old, new = (WorkingTreeSide(each.environment, each.environment, each) for each in (before, after))
    return compare(old, new, is_release_only=False, step=progress.step)
