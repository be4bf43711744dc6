"""A promotion as it is worked out of its evidence: gates, refusals, writing."""

from __future__ import annotations

import contextlib
import itertools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.core.base.clock import utc_now
from cli.core.base.environments import load_settings
from cli.ui.evidence import Below, above, sizes_of

if TYPE_CHECKING:
    from cli.core.gate.gate import Gate as PolicyGate
    from cli.core.promotion.log import Log
    from cli.core.promotion.proposal import Proposal
    from cli.core.records import Record
    from cli.core.workspace.options import Options
    from envs.settings import Settings


def log() -> Log:
    """The log of this checkout."""
    from cli.core.base.project import ROOT
    from cli.core.promotion.log import Log
    from cli.core.workspace.workspace import RECORDS

    return Log(ROOT / RECORDS / "promotions")


def file_of(environment: str) -> Path:
    """The file that an environment's release is written to."""
    from cli.core.base.project import ROOT

    return ROOT / "envs" / f"{environment}.yaml"


def require_step(source: str, target: str) -> None:
    """Raise `NoSuchStep` unless the target comes right after the source."""
    from cli.core.promotion.refusals import NoSuchStep
    from envs.promotion_chain import PROMOTION_CHAIN

    steps = list(itertools.pairwise(PROMOTION_CHAIN))
    if (source, target) not in steps:
        allowed = ", ".join(f"{below} to {above}" for below, above in steps)
        raise NoSuchStep(f"received {source} to {target}; a release climbs one step at a time: {allowed}")


def propose(step_of: Below, source: str, settings: Settings, policy_gate: PolicyGate, options: Options) -> Proposal:
    """Work out what a release would do to an environment that has ``settings``. It comes from ``source``, or, when that
    is the environment itself, it is one of its own older ones. Raises `StatefulLoss`, which nothing overrides."""
    from cli.core.base.project import ROOT
    from cli.core.promotion import approvals
    from cli.core.promotion import checks as gates
    from cli.core.promotion.actions import of_plan
    from cli.core.promotion.edit import with_release
    from cli.core.promotion.proposal import Proposal, Step
    from cli.core.promotion.refusals import StatefulLoss
    from cli.core.promotion.unexplained import residual
    from cli.core.workspace.workspace import RECORDS
    from envs import load

    target = settings.environment
    file = file_of(target)
    before = file.read_bytes()
    after = with_release(before.decode(), step_of.release.values).encode()
    new = load.parse(after, environment=target, file=f"envs/{target}.yaml")
    planned = above(new, policy_gate, options)
    if planned.plan.stateful_losses:
        listed = "".join(f"\n  {address}" for address in planned.plan.stateful_losses)
        raise StatefulLoss(
            f"in {target} the release destroys or replaces what holds data, and no override covers that:{listed}\n"
            f"Where it is meant, change {target} by hand and apply with --allow-stateful-loss"
        )
    release = step_of.release
    given = tuple(approvals.read(ROOT, target, release.id))
    authors = approvals.authors(ROOT, file_of(source), step_of.commit)
    deeds = of_plan(planned.plan)
    difference = residual(deeds, step_of.actions)
    if difference.unlike and source != target:
        difference = residual(deeds, step_of.actions, sizes_of(new, planned.document, load_settings(source)))
    found = {each.name: each for each in step_of.gates}
    if found["policies"].is_open:
        found["policies"] = planned.policies
    found["approvals"] = gates.approvals(
        settings.promotion.approvals, given, authors, is_signed=settings.promotion.signed_approvals
    )
    found["freeze"] = gates.freeze(target, log().freeze(target, utc_now()), release.id)
    evidence: dict[str, Any] = {}
    if step_of.record:
        record = step_of.record
        evidence = {
            "records": f"{RECORDS}/{source}",
            "sequence": record.sequence,
            "digest": record.digest,
            "finished": record.data["finished"],
        }
    step = Step("rollback" if source == target else "promotion", source, target, release, step_of.commit)
    return Proposal(
        step,
        options.target,
        evidence,
        tuple(found[name] for name in gates.GATES if name in found),
        planned.plan,
        planned.digest,
        difference,
        given,
        before,
        after,
    )


def require_open(proposal: Proposal, overrides: Mapping[str, str]) -> None:
    """Raise `GatesClosed` for the gates that are shut."""
    from cli.core.promotion.refusals import GatesClosed

    closed = proposal.closed(overrides)
    if closed:
        listed = "".join(f"\n  {each.name}: {each.text}" for each in closed)
        raise GatesClosed(
            f"{proposal.step.target} does not take the release {proposal.step.release.id} yet:{listed}\n"
            f'A gate is overridden, and that recorded, by --override GATE --reason "..."'
        )


def require_acknowledged(proposal: Proposal, acknowledged: str, *, yes: bool, overrides: Mapping[str, str]) -> bool:
    """Whether there is a residual difference that was acknowledged. Raises `NotAcknowledged`."""
    from cli.core.promotion.refusals import NotAcknowledged

    residual = proposal.residual
    if not residual.unlike or "residual" in overrides:
        return False
    if acknowledged == residual.id:
        return True
    how = f"say so with --acknowledge {residual.id}"
    if acknowledged or yes:
        was = f"received --acknowledge {acknowledged}, but" if acknowledged else "--yes does not acknowledge it:"
        raise NotAcknowledged(f"{was} the difference to what was done below is {residual.id}; if it is meant, {how}")
    try:
        many = len(residual.unlike)
        resources = "1 resource as listed is" if many == 1 else f"{many} resources as listed are"
        if click.confirm(f"{resources} handled otherwise. Go on?", err=True):
            return True
    except click.Abort:
        pass
    raise NotAcknowledged(f"the plan does something else than what was done below; if it is meant, {how}")


def write(proposal: Proposal, overrides: Mapping[str, str], *, acknowledged: bool) -> Record:
    """Write the environment's file and the log, both or neither."""
    from cli.core.operations.evidence import who

    data = proposal.record(overrides, acknowledged, who(), utc_now())
    chain = log()
    with chain.held():
        return chain.replace(
            file_of(proposal.step.target), proposal.before, proposal.after, json.loads(json.dumps(data))
        )


def overrides_of(gates: tuple[str, ...], reason: str | None) -> Mapping[str, str]:
    """Reasons by gate, from the command line. Raises `UsageError`."""
    from cli.core.promotion.checks import GATES

    for gate in gates:
        if gate not in GATES:
            raise click.UsageError(f"there is no gate {gate!r} to override; gates: {', '.join(GATES)}")
    if gates and not (reason or "").strip():
        raise click.UsageError('an override needs a reason: --reason "..."')
    return {gate: (reason or "").strip() for gate in gates}


@contextlib.contextmanager
def on_branch(name: str | None, environment: str, message: str) -> Iterator[None]:
    """Commit what is written meanwhile, on a new branch that is then checked out; without a name nothing is committed.

    Where the writing fails the branch goes again. Raises `Refused` before anything is written when git cannot do it.
    """
    from cli.core.base.project import ROOT
    from cli.core.operations.evidence import commit
    from cli.core.promotion.refusals import Refused
    from cli.core.workspace.workspace import RECORDS

    if name is None:
        yield
        return
    if commit(ROOT).dirty:
        raise Refused(f"--branch {name} needs a checkout without changes that are not committed; git status shows them")
    _git("switch", "--create", name)
    try:
        yield
    except BaseException:  # nothing was written: leave no branch behind
        _git("switch", "-")
        _git("branch", "--delete", name)
        raise
    _git("add", "--", f"envs/{environment}.yaml", f"{RECORDS}/promotions")
    _git("commit", "--message", f"Promote to {environment}", "--message", message)


def _git(*arguments: str) -> None:
    """Have git do something. Raises `Refused` with its reason."""
    from cli.core.base import git
    from cli.core.base.project import ROOT
    from cli.core.promotion.refusals import Refused

    try:
        git.run(ROOT, *arguments)
    except git.GitFailed as error:
        raise Refused(str(error)) from None
