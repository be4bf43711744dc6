"""Histories: whatever people do on two branches, nothing unapproved reaches prod and nothing frozen moves.

A history is a list of steps. The toolkit's own checks decide which of them happen; beside them a second bookkeeping,
which knows nothing of records, says what may.
"""

from __future__ import annotations

import datetime
import itertools
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.core.base.digests import json_digest
from cli.core.base.target import Target
from cli.core.operations.admission import objections
from cli.core.promotion import checks
from cli.core.promotion.approvals import Approval, looked_at
from cli.core.records import BrokenChain, Record, Records, queries
from cli.core.records.model import LOG_RECORD, STACK_RECORD, ApplyRecord, LogRecord, ReleaseData, StackRecord
from cli.core.records.store import in_order
from tests.support.records import APPLY, AT, FREEZE, PROMOTION, THAW, log_data, log_record

ENVIRONMENTS = ("dev", "staging", "prod")
STEPS = {"staging": "dev", "prod": "staging"}
"""The environment before each."""
AUTHOR, PEOPLE = "ann", ("ann", "bob")
Moment: TypeAlias = datetime.datetime


@dataclass
class Branch:
    """A branch: files, the log, and what its people know."""

    files: dict[str, str] = field(default_factory=lambda: dict.fromkeys(ENVIRONMENTS, "r0"))
    log: list[Record[LogRecord]] = field(default_factory=list)
    frozen: set[int] = field(default_factory=set)
    """Freezes that were seen here."""
    ended: set[int] = field(default_factory=set)
    """Freezes that somebody ended who had seen them."""
    promotions: dict[int, frozenset[int]] = field(default_factory=dict)
    """The promotions that were seen here, each with those that it had seen."""

    def add(self, data: LogRecord) -> None:
        """Record something after all that is there."""
        followed = {parent for record in self.log for parent in record.parents}
        heads = [record for record in self.log if record.digest not in followed]
        self.log.append(log_record(next(NUMBERS), data, *heads))


NUMBERS = itertools.count(1)


@dataclass
class World:
    """Two branches, what is applied, who approved, and the time."""

    branches: tuple[Branch, Branch] = field(default_factory=lambda: (Branch(), Branch()))
    applied: dict[str, list[Record[StackRecord]]] = field(default_factory=lambda: {name: [] for name in ENVIRONMENTS})
    approved: list[tuple[str, str, Approval]] = field(default_factory=list)
    """Environment, release and approval."""
    now: Moment = AT
    admitted: dict[int, str] = field(default_factory=dict)
    """The release of each promotion to prod, if it was approved."""
    freezes: dict[int, tuple[str, Moment]] = field(default_factory=dict)
    """The environment and the end of each freeze."""
    times: dict[int, Moment] = field(default_factory=dict)
    """When each promotion was approved."""
    releases: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Environment and release of each promotion."""

    def write(self, branch: Branch, environment: str, release: str) -> None:
        """Write a release into a file, by hand."""
        branch.files[environment] = release

    def wait(self, _branch: Branch, environment: str, release: str) -> None:
        """Let time pass: an hour, or ten days."""
        self.now += datetime.timedelta(hours=240 if (environment, release) == ("prod", "r2") else 1)

    def apply(self, branch: Branch, environment: str, _release: str) -> None:
        """Apply what the file has, if it is admitted."""
        release, done = branch.files[environment], self.applied[environment]
        current = ReleaseData.model_validate(data_of(release))
        if objections(environment, current, in_order(branch.log), applied=done, now=self.now):
            return
        running = queries.applied_release(done, environment)
        if running is None or running.id != release:
            assert not self.is_frozen(branch, environment), f"{environment} moved while it was frozen"
        if environment in STEPS:
            last = {number for number in branch.promotions if self.releases[number][0] == environment}
            last -= {seen for number in last for seen in branch.promotions[number]}
            assert {self.releases[number][1] for number in last} == {release}, "what holds was promoted last"
            if environment == "prod":
                assert release in {self.admitted.get(number) for number in branch.promotions}, "nobody approved it"
        self.record(environment, release, "apply")

    def destroy(self, _branch: Branch, environment: str, _release: str) -> None:
        """Destroy an environment, or a part of it."""
        self.record(environment, "r0", "destroy")

    def record(self, environment: str, release: str, kind: str) -> None:
        """Add a record of an environment."""
        self.now += datetime.timedelta(minutes=1)
        done = self.applied[environment]
        data = {
            **APPLY,
            "kind": kind,
            "environment": environment,
            "stack": environment,
            "target": "aws",
            "release": data_of(release),
            "started": self.now,
            "finished": self.now,
        }
        typed = STACK_RECORD.validate_python(data, strict=False)
        done.append(Record(len(done) + 1, f"{next(NUMBERS):064x}", tuple(each.digest for each in done[-1:]), typed))

    def approve(self, _branch: Branch, environment: str, release: str) -> None:
        """Approve what runs before an environment; Ann wrote it, Bob did not, and a third tag is of another record."""
        if environment not in STEPS:
            return
        done = queries.of_stack(self.applied[STEPS[environment]], STEPS[environment])
        if not done or not queries.is_applied(done[-1]):
            return
        self.now += datetime.timedelta(minutes=1)
        who = PEOPLE[int(release[1:]) % 2]
        digest = "f" * 64 if release == "r3" else done[-1].digest
        approval = Approval(who=who, at=self.now, record=digest, tag="t", object=str(next(NUMBERS)), is_signed=True)
        self.approved.append((environment, done[-1].data.release.id, approval))

    def promote(self, branch: Branch, environment: str, _release: str) -> None:
        """Promote what the environment before has, if every check is open."""
        if environment not in STEPS:
            return
        source = STEPS[environment]
        release, done = branch.files[source], self.applied[source]
        log = in_order(branch.log)
        rules = checks.ApprovalRules(
            needed=int(environment == "prod"),
            is_signed=True,
            authors=[AUTHOR],
            applies=looked_at(done, source, release),
            destroyed=self.destroyed(environment),
            now=self.now,
        )
        tags = [tag for where, what, tag in self.approved if (where, what) == (environment, release)]
        here = checks.Source(source, ReleaseData.model_validate(data_of(release)), "s1", "111111111111", Target.AWS)
        found = (
            checks.apply(here, done, is_unfinished=False),
            checks.approvals(tags, rules),
            checks.freeze(environment, queries.freezes_in_force(log, environment, self.now), release),
        )
        if checks.blocking(found, {}):
            return
        assert not self.is_frozen(branch, environment), f"{environment} took a release while it was frozen"
        self.note_promotion(branch, environment, release)
        if environment == "prod":
            assert self.is_approved(release), "nobody may approve it but those who did not write it, and lately"
            self.admitted[max(branch.promotions)] = release

    def roll_back(self, branch: Branch, environment: str, _release: str) -> None:
        """Write back the release before the current one, if it may come back."""
        older = queries.apply_before(
            self.applied[environment], environment, {"application_version": branch.files[environment]}
        )
        if older is None or environment == "dev":
            return
        release = older.data.release.id
        log = in_order(branch.log)
        promotions = queries.promotions_of(log, environment, Target.AWS, release)
        needed = int(environment == "prod")
        found = (
            checks.earlier_approvals(needed, promotions[-1] if promotions else None, self.destroyed(environment)),
            checks.freeze(environment, queries.freezes_in_force(log, environment, self.now), release),
        )
        if checks.blocking(found, {}):
            return
        assert not self.is_frozen(branch, environment), f"{environment} went back while it was frozen"
        since = self.destroyed(environment) or AT
        standing = {self.admitted[number] for number in self.admitted if self.times[number] > since}
        assert not needed or release in standing, "nobody approved it, or not since the destroy"
        self.note_promotion(branch, environment, release, kind="rollback", approvals=[])
        if environment == "prod":
            self.admitted[max(branch.promotions)] = release
            self.times[max(branch.promotions)] = since  # it is as old as what it rests on

    def note_promotion(self, branch: Branch, environment: str, release: str, **changes: Any) -> None:
        """Write a release into a file and the record into the log."""
        number = next(NUMBERS)
        branch.promotions[number] = frozenset(branch.promotions)
        self.releases[number] = (environment, release)
        self.times[number] = self.now
        branch.files[environment] = release
        bob = {"who": "bob", "tag": "t", "object": "o", "signed": True, "counted": True}
        what = {"environment": environment, "release": data_of(release), "at": self.now, "approvals": [bob], **changes}
        branch.add(log_data(PROMOTION, **what))

    def freeze(self, branch: Branch, environment: str, _release: str) -> None:
        """Freeze an environment for five days; a freeze that sees another one takes its place."""
        number, until = next(NUMBERS), self.now + datetime.timedelta(days=5)
        branch.ended |= {seen for seen in branch.frozen if self.freezes[seen][0] == environment}
        self.freezes[number] = (environment, until)
        branch.frozen.add(number)
        branch.add(log_data(FREEZE, environment=environment, at=self.now, until=until))

    def thaw(self, branch: Branch, environment: str, _release: str) -> None:
        """End the freezes of an environment that this branch knows."""
        branch.ended |= {seen for seen in branch.frozen if self.freezes[seen][0] == environment}
        branch.add(log_data(THAW, environment=environment, at=self.now))

    def merge(self, branch: Branch, environment: str, release: str) -> None:
        """Merge the other branch; a conflict in a file is resolved in any way."""
        other = self.branches[1 - [each is branch for each in self.branches].index(True)]
        known = {record.digest for record in branch.log}
        branch.log = list(in_order([*branch.log, *(record for record in other.log if record.digest not in known)]))
        branch.frozen |= other.frozen
        branch.ended |= other.ended
        branch.promotions |= other.promotions
        if release in ("r1", "r2"):
            branch.files[environment] = other.files[environment]

    def is_frozen(self, branch: Branch, environment: str) -> bool:
        """Whether a branch knows of a freeze that nobody ended who knew it."""
        alive = (self.freezes[number] for number in branch.frozen - branch.ended)
        return any(where == environment and self.now < until for where, until in alive)

    def destroyed(self, environment: str) -> Moment | None:
        """When an environment was destroyed last."""
        destroy = queries.last_destroy(self.applied[environment], environment)
        return destroy.data.finished if destroy else None

    def is_approved(self, release: str) -> bool:
        """Whether somebody who did not write a release approved it for prod lately, and nothing has ended that."""
        since = max((each for name in ("staging", "prod") if (each := self.destroyed(name))), default=AT)
        return any(
            (where, what, tag.who) == ("prod", release, "bob")
            and tag.record != "f" * 64
            and since < tag.at >= self.now - datetime.timedelta(days=14)
            for where, what, tag in self.approved
        )


def data_of(release: str) -> dict[str, Any]:
    """A release."""
    return {"id": release, "values": {"application_version": release}, "made_with": {}}


Step: TypeAlias = tuple[Callable[[World, Branch, str, str], None], int, str, str]
KINDS = (
    World.write,
    World.wait,
    World.apply,
    World.apply,
    World.destroy,
    World.approve,
    World.promote,
    World.promote,
    World.roll_back,
    World.freeze,
    World.thaw,
    World.merge,
)
ANYTHING: st.SearchStrategy[Step] = st.tuples(
    st.sampled_from(KINDS),
    st.integers(0, 1),
    st.sampled_from(ENVIRONMENTS),
    st.sampled_from(("r0", "r1", "r2", "r3")),
)
CLIMB: list[Step] = [
    (World.apply, 0, "dev", ""),
    (World.promote, 0, "staging", ""),
    (World.apply, 0, "staging", ""),
    (World.approve, 0, "prod", "r1"),
    (World.promote, 0, "prod", ""),
    (World.apply, 0, "prod", ""),
]
"""How a release gets to prod. Steps of any kind come in between."""


TWISTS: dict[str, list[Step]] = {
    "nothing": [],
    "twenty days": [(World.wait, 0, "prod", "r2"), (World.wait, 0, "prod", "r2")],
    "staging made anew": [(World.destroy, 0, "staging", ""), (World.apply, 0, "staging", "")],
    "prod destroyed": [(World.destroy, 0, "prod", "")],
    "the author's approval": [(World.approve, 0, "prod", "r2")],
    "an approval of another record": [(World.approve, 0, "prod", "r3")],
    "a freeze of the other branch": [(World.freeze, 1, "prod", ""), (World.merge, 0, "dev", "")],
    "a thaw without knowledge": [
        (World.freeze, 1, "prod", ""),
        (World.thaw, 0, "prod", ""),
        (World.merge, 0, "dev", ""),
    ],
    "a way back after a destroy": [
        (World.write, 0, "dev", "r1"),
        *CLIMB,
        (World.write, 0, "dev", "r2"),
        *CLIMB,
        (World.destroy, 0, "prod", ""),
        (World.roll_back, 0, "prod", ""),
    ],
    "the same on the other branch": [
        (World.promote, 1, "staging", ""),
        (World.promote, 1, "prod", ""),
        (World.merge, 0, "prod", "r1"),
    ],
}
"""What comes between the steps of a climb; branch 0 is the one that climbs."""


@st.composite
def histories(draw: st.DrawFn) -> list[Step]:
    """Releases climb to prod, something comes between, and a step of a climb may be left out."""
    steps: list[Step] = []
    for _ in range(draw(st.integers(1, 3))):
        release, branch = draw(st.sampled_from(("r1", "r2"))), draw(st.integers(0, 1))
        twisted = draw(st.lists(st.tuples(st.integers(0, len(CLIMB) - 1), st.sampled_from(sorted(TWISTS))), max_size=2))
        skipped = draw(st.lists(st.integers(0, len(CLIMB) - 1), max_size=1))
        steps.append((World.write, branch, "dev", release))
        for place, step in enumerate(CLIMB):
            between = [each for at, twist in twisted if at == place for each in TWISTS[twist]]
            climb = [*between, *([] if place in skipped else [step])]
            steps += [(kind, side ^ branch, environment, argument) for kind, side, environment, argument in climb]
        steps += draw(st.lists(ANYTHING, max_size=4))
    return steps


def lived(steps: Sequence[Step]) -> World:
    """The world after a history; each step holds what may never happen."""
    world = World()
    for kind, branch, environment, release in steps:
        kind(world, world.branches[branch], environment, release)
        world.now += datetime.timedelta(minutes=1)
    return world


def test_a_release_climbs_to_prod_when_nothing_comes_between() -> None:
    """Else the histories below would hold nothing."""
    world = lived([(World.write, 0, "dev", "r1"), *CLIMB])
    (applied,) = world.applied["prod"]
    assert isinstance(applied.data, ApplyRecord)
    assert applied.data.release.id == "r1"
    assert list(world.admitted.values()) == ["r1"]


@settings(max_examples=150, deadline=None)
@given(histories())
def test_nothing_unapproved_reaches_prod_and_nothing_frozen_moves(steps: list[Step]) -> None:
    lived(steps)


TAMPERING = ("change", "re-date", "swap", "rename", "remove", "write anew", "slip in")


@settings(max_examples=40, deadline=None)
@given(histories(), st.sampled_from(TAMPERING), st.data())
def test_tampering_with_one_record_of_a_history_is_named(steps: list[Step], how: str, data: st.DataObject) -> None:
    """Any record but the newest, which git and signed heads hold."""
    history = lived(steps).branches[0].log
    with tempfile.TemporaryDirectory() as name:
        records = Records(Path(name), LOG_RECORD)
        files = [Path(name) / path for path in written(records, history)]
        if len(files) < 2:
            return
        victim = data.draw(st.sampled_from(files[:-1]))
        named = tampered(victim, how, other=files[-1])
        with pytest.raises(BrokenChain) as broken:
            records.read()
        assert any(each in str(broken.value) for each in named)


def written(records: Records[LogRecord], history: Sequence[Record[LogRecord]]) -> list[str]:
    """Write a history one after the other; the names of the files."""
    names: list[str] = []
    for record in history:
        records.append(record.data)
        (new,) = {path.name for path in records.directory.iterdir()} - set(names)
        names.append(new)
    return names


def tampered(victim: Path, how: str, *, other: Path) -> tuple[str, ...]:
    """Tamper with a record; how the error may name it: as a file, or as the record that others follow."""
    named: tuple[str, ...] = (victim.name, "{} ({})".format(*victim.stem.lstrip("0").split("-")))
    document = json.loads(victim.read_bytes())
    match how:
        case "change":
            document["data"]["reason" if "reason" in document["data"] else "plan"] = "forged"
            victim.write_text(json.dumps(document))
        case "re-date":
            document["data"]["at"] = "2020-01-01T00:00:00Z"
            victim.write_text(json.dumps(document))
        case "swap":
            one, two = victim.read_bytes(), other.read_bytes()
            victim.write_bytes(two)
            other.write_bytes(one)
        case "rename":
            victim.rename(victim.with_name(f"000099-{victim.stem.partition('-')[2]}.json"))
            named = (*named, "000099")
        case "remove":
            victim.unlink()
        case "write anew":
            document["data"]["at"] = "2020-01-01T00:00:00Z"
            digest = json_digest({key: value for key, value in document.items() if key != "digest"})
            victim.unlink()
            text = json.dumps({**document, "digest": digest})
            victim.with_name(f"{victim.name[:7]}{digest[:12]}.json").write_text(text)
        case _:
            victim.with_name("000001.json").write_text(json.dumps({**document, "previous": "0" * 64}))
            named = ("000001.json",)
    return named
