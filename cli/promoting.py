"""A promotion from start to end: evidence of the environment below, plan of the one above, gates, writing."""

from __future__ import annotations

import contextlib
import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.stacks import load_settings, ready, utc_now

if TYPE_CHECKING:
    from cli.engine.operations.workspace import Options
    from cli.engine.plans.model import Plan
    from cli.engine.promotion.gates import Gate
    from cli.engine.promotion.log import Log
    from cli.engine.promotion.model import Proposal
    from cli.engine.records import Record
    from cli.engine.releases.release import Release
    from envs.settings import Settings


def log() -> Log:
    """The log of this checkout."""
    from cli.engine.operations.workspace import RECORDS
    from cli.engine.project import ROOT
    from cli.engine.promotion.log import Log

    return Log(ROOT / RECORDS / "promotions")


def file_of(environment: str) -> Path:
    """The file that an environment's release is written to."""
    from cli.engine.project import ROOT

    return ROOT / "envs" / f"{environment}.yaml"


def require_step(source: str, target: str) -> None:
    """Raise `NoSuchStep` unless the target comes right after the source."""
    from cli.engine.promotion.refusals import NoSuchStep
    from envs.chain import PROMOTION_CHAIN

    steps = list(itertools.pairwise(PROMOTION_CHAIN))
    if (source, target) not in steps:
        allowed = ", ".join(f"{below} to {above}" for below, above in steps)
        raise NoSuchStep(f"received {source} to {target}; a release climbs one step at a time: {allowed}")


@dataclass(frozen=True)
class Below:
    """What the environment below has to show."""

    gates: tuple[Gate, ...]
    release: Release
    commit: str
    record: Record | None


def below(environment: str, soak_hours: int, options: Options) -> Below:
    """The evidence of an environment: its last apply, the gate on it, drift, and how long it has run."""
    from cli.engine.operations import planning
    from cli.engine.operations.drifting import drift
    from cli.engine.operations.judging import GateStopped, open_gate
    from cli.engine.promotion import gates
    from cli.engine.releases.release import read, release

    settings = load_settings(environment)
    with open_gate(utc_now().date()) as policy_gate, ready(environment, options) as stack:
        workspace = stack.workspace
        records = workspace.records.read()
        applied = gates.apply(
            environment,
            records,
            workspace.stack,
            workspace.synthesis(),
            settings.release.model_dump(mode="json"),
        )
        try:
            stack.progress.start(f"{environment}: checking")
            planning.judge_terraform(policy_gate, settings, workspace.stack, stack.synthesized)
            policies = gates.Gate("policies", True, f"{environment} passes")
        except GateStopped as stopped:
            policies = gates.Gate("policies", False, f"{stopped}: {_gate_words(stopped.outcome)}")
        if applied.is_open:
            drifted = drift(workspace, options, stack.telling).changes
            names = ", ".join(each.construct_path or each.address for each in drifted[:3])
            text = f"{len(drifted)} resources of {environment} drifted: {names}" if drifted else "nothing drifted"
            drifts = gates.Gate("drift", not drifted, text)
        else:
            drifts = gates.Gate("drift", False, f"not looked at: there is no apply of {environment} to compare with")
        record = next((each for each in reversed(records) if each.data.get("stack") == workspace.stack), None)
        now = release(settings, terraform=str(workspace.terraform.program))
        is_evidence = applied.is_open and record is not None
        return Below(
            (applied, policies, drifts, gates.soak(records, workspace.stack, soak_hours, utc_now())),
            read(record.data["release"]) if is_evidence and record else now,
            str(record.data["made_from"]["commit"]) if is_evidence and record else "",
            record if is_evidence else None,
        )


@dataclass(frozen=True)
class Above:
    """What the release would do to the environment that it comes to."""

    plan: Plan
    policies: Gate
    digest: str


def above(settings: Settings, options: Options) -> Above:
    """Synthesize, judge and plan an environment with settings that no file has yet. The plan is not kept."""
    import shutil

    from cli.engine.operations import planning
    from cli.engine.operations.judging import GateStopped, open_gate
    from cli.engine.plans.saved import private_directory
    from cli.engine.promotion.gates import Gate

    with (
        open_gate(utc_now().date()) as policy_gate,
        ready(settings.environment, options, settings=settings) as stack,
    ):
        aside = private_directory(stack.workspace.store / "promotion")
        workspace = replace(stack.workspace, store=aside)
        stack.progress.start(f"{settings.environment}: checking")
        try:
            judged = planning.judge_terraform(policy_gate, settings, workspace.stack, stack.synthesized)
        except GateStopped as stopped:
            judged = stopped.outcome
        try:
            made = planning.plan(workspace, judged, policy_gate, options, stack.telling, utc_now(), is_enforced=False)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    shut = [each for each in (judged, made.outcome) if each.exit_code]
    text = "; ".join(map(_gate_words, shut)) or f"{settings.environment} passes, and so does its plan"
    return Above(made.plan, Gate("policies", not shut, text), made.evidence.policies)


def propose(step_of: Below, deed: str, source: str, target: str, settings: Settings, options: Options) -> Proposal:
    """Work out what the release below would do above. Raises `StatefulLoss`, which nothing overrides."""
    from cli.engine.operations.workspace import RECORDS
    from cli.engine.project import ROOT
    from cli.engine.promotion import approvals, gates
    from cli.engine.promotion.model import Proposal, Step
    from cli.engine.promotion.refusals import StatefulLoss
    from cli.engine.promotion.residual import residual
    from cli.engine.promotion.rewrite import with_release
    from envs import load

    file = file_of(target)
    before = file.read_bytes()
    after = with_release(before.decode(), step_of.release.values).encode()
    planned = above(load.parse(after, environment=target, file=f"envs/{target}.yaml"), options)
    if planned.plan.stateful_losses:
        listed = "".join(f"\n  {address}" for address in planned.plan.stateful_losses)
        raise StatefulLoss(
            f"in {target} the release destroys or replaces what holds data, and no override covers that:{listed}\n"
            f"Where it is meant, change {target} by hand and apply with --allow-stateful-loss"
        )
    release = step_of.release
    given = tuple(approvals.read(ROOT, target, release.id))
    counted = [each.who for each in given if each.is_signed or not settings.promotion.signed_approvals]
    authors = approvals.authors(ROOT, file_of(source), step_of.commit)
    difference = residual(planned.plan, step_of.record.data["plan"]["changes"] if step_of.record else {})
    found = {each.name: each for each in step_of.gates}
    if found["policies"].is_open:
        found["policies"] = planned.policies
    found["approvals"] = gates.approvals(settings.promotion.approvals, counted, authors)
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
    step = Step("rollback" if deed == "rollback" else "promotion", source, target, release, step_of.commit)
    return Proposal(
        step,
        "sandbox" if options.sandbox else "aws",
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
    from cli.engine.promotion.refusals import GatesClosed

    closed = proposal.closed(overrides)
    if closed:
        listed = "".join(f"\n  {each.name}: {each.text}" for each in closed)
        raise GatesClosed(
            f"{proposal.step.target} does not take the release {proposal.step.release.id} yet:{listed}\n"
            f'A gate is overridden, and that recorded, by --override GATE --reason "..."'
        )


def require_acknowledged(proposal: Proposal, acknowledged: str, *, yes: bool, overrides: Mapping[str, str]) -> bool:
    """Whether there is a residual difference that was acknowledged. Raises `NotAcknowledged`."""
    from cli.engine.promotion.refusals import NotAcknowledged

    residual = proposal.residual
    if not residual.unlike or "residual" in overrides:
        return False
    if acknowledged == residual.id:
        return True
    how = f"say so with --acknowledge {residual.id}"
    if acknowledged or yes:
        was = f"received --acknowledge {acknowledged}, but" if acknowledged else "--yes does not acknowledge it:"
        raise NotAcknowledged(f"{was} the difference to what was tried below is {residual.id}; if it is meant, {how}")
    try:
        if click.confirm(f"{len(residual.unlike)} resources as listed are handled otherwise. Go on?", err=True):
            return True
    except click.Abort:
        pass
    raise NotAcknowledged(f"the plan does something else than what was tried below; if it is meant, {how}")


def write(proposal: Proposal, overrides: Mapping[str, str], *, acknowledged: bool) -> Record:
    """Write the environment's file and the log, both or neither."""
    from cli.engine.operations.evidence import who

    data = proposal.record(overrides, acknowledged, who(), utc_now())
    chain = log()
    with chain.held():
        return chain.replace(
            file_of(proposal.step.target), proposal.before, proposal.after, json.loads(json.dumps(data))
        )


def overrides_of(gates: tuple[str, ...], reason: str | None) -> Mapping[str, str]:
    """Reasons by gate, from the command line. Raises `UsageError`."""
    from cli.engine.promotion.gates import GATES

    for gate in gates:
        if gate not in GATES:
            raise click.UsageError(f"there is no gate {gate!r} to override; gates: {', '.join(GATES)}")
    if gates and not (reason or "").strip():
        raise click.UsageError('an override needs a reason: --reason "..."')
    return {gate: (reason or "").strip() for gate in gates}


def _gate_words(outcome: Any) -> str:
    """What the gate found, in a few words."""
    if outcome.all_problems:
        return f"the gate could not do its job: {outcome.all_problems[0].name}"
    rules = sorted({each.rule.id for each in outcome.findings})
    return f"{len(outcome.findings)} findings ({', '.join(rules[:4])})" if rules else "no findings"


def older(environment: str, release: str | None, options: Options) -> Below:
    """The evidence of an older release of an environment. Raises `NoRelease`."""
    from cli.engine.operations.workspace import records_of
    from cli.engine.promotion.gates import Gate
    from cli.engine.promotion.refusals import NoRelease
    from cli.engine.releases.release import read

    now = load_settings(environment).release.model_dump(mode="json")
    done = [
        each
        for each in records_of(environment, sandbox=options.sandbox).read()
        if each.data.get("stack") == environment and each.data["deed"] == "apply" and each.data["result"] == "succeeded"
    ]
    known = {each.data["release"]["id"]: each for each in done}
    found = (
        known.get(release) if release else next((e for e in reversed(done) if e.data["release"]["values"] != now), None)
    )
    if found is None:
        allowed = ", ".join(known) or "none, for nothing was applied there"
        wanted = f"release {release}" if release else "release older than the one it has"
        raise NoRelease(f"{environment} has no record of an apply of a {wanted}; applied there: {allowed}")
    evidence = below(environment, 0, options)
    applied = Gate("apply", True, f"apply of record {found.sequence}, {found.data['finished']}")
    kept = tuple(each for each in evidence.gates if each.name in ("policies", "drift"))
    return Below((applied, *kept), read(found.data["release"]), str(found.data["made_from"]["commit"]), found)


@contextlib.contextmanager
def on_branch(name: str | None, environment: str, message: str) -> Iterator[None]:
    """Commit what is written meanwhile, on a new branch that is then checked out; without a name nothing is committed.

    Where the writing fails the branch goes again. Raises `Refused` before anything is written when git cannot do it.
    """
    from cli.engine.operations.evidence import commit
    from cli.engine.operations.workspace import RECORDS
    from cli.engine.project import ROOT
    from cli.engine.promotion.refusals import Refused

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
    import subprocess

    from cli.engine.project import ROOT
    from cli.engine.promotion.refusals import Refused

    done = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refused(f"git {arguments[0]} failed: {(done.stderr or done.stdout).strip()}")
