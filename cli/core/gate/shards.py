"""Parts of one check that run on several machines, and their verdicts joined into one.

Each machine has the same files, and takes the same decision: root modules are handed out by the size of their files,
the largest first, each to the part that has least. Every report says which part it is of what. Joined, a part that is
missing, there twice, or of something else is a problem: the whole was then not checked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from operator import itemgetter
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from cli.core.base.project import ROOT, version
from cli.core.gate import verdict
from cli.core.gate.model import Outcome, Problem, Shard, Target

_TOOLKIT = (ROOT / "policies", ROOT / "cli" / "core" / "gate")
"""The code that decides what is found."""
MOST = 1000
"""Parts of one check: more than any system of CI runs at once."""
_KEY = "shard"
"""Of a report of a part, in JSON; in SARIF among the properties of the run."""


def share(targets: Sequence[Target], index: int, count: int) -> tuple[tuple[Target, ...], Shard]:
    """The targets of the part ``index`` of ``count``, in their order, and what it is a part of."""
    sizes = [(sum(file.stat().st_size for file in target.files), target.name) for target in targets]
    positions = tuple(position for position, part in enumerate(handed_out(sizes, count)) if part == index)
    shard = Shard(index=index, count=count, digest=_digest(targets), positions=positions, total=len(targets))
    return tuple(targets[each] for each in positions), shard


def handed_out(sizes: Sequence[tuple[int, str]], count: int) -> tuple[int, ...]:
    """The part, from 1 to ``count``, of each target, given its bytes and name: the largest first, each to the part that
    has least."""
    loads = [0] * count
    parts = [0] * len(sizes)
    for position in sorted(range(len(sizes)), key=lambda each: (-sizes[each][0], sizes[each][1], each)):
        least = loads.index(min(loads))
        parts[position] = least + 1
        loads[least] += sizes[position][0] + 1  # also empty ones are shared
    return tuple(parts)


def _digest(targets: Sequence[Target]) -> str:
    """Of everything that the parts must agree on: the toolkit, what is asked, and every file."""
    digest = hashlib.sha256(version().encode())
    for path in sorted(path for place in _TOOLKIT for path in place.rglob("*") if path.suffix in (".py", ".yaml")):
        digest.update(path.read_bytes())
    for target in targets:
        request = replace(target.request, variables=())
        given = [each.read_bytes() if isinstance(each, Path) else each for each in target.request.variables]
        digest.update(repr((target.name, target.framework, request, given)).encode())
        values = {path for file in target.files for path in file.parent.glob("*.tfvars*")}
        for file in [*target.files, *sorted(values)]:
            content = hashlib.sha256(file.read_bytes()).hexdigest()
            digest.update(f"{file.relative_to(target.root).as_posix()} {content}\n".encode())
    return digest.hexdigest()


def of_part(outcome: Outcome, shard: Shard) -> Outcome:
    """The outcome of a part. That there is nothing to check in it can be said of the whole only."""
    problems = tuple(each for each in outcome.problems if each.kind != verdict.NOTHING_TO_SCAN)
    return replace(outcome, problems=problems, shard=shard)


def as_data(outcome: Outcome) -> dict[str, Any]:
    """What the report of a part has for `merged`: no place on this machine, and no value of a variable."""
    assert outcome.shard is not None
    results = tuple(replace(each, target=_shown(each.target)) for each in outcome.results)
    shard: dict[str, Any] = TypeAdapter(Shard).dump_python(outcome.shard, mode="json")
    return {**shard, "outcome": TypeAdapter(Outcome).dump_python(replace(outcome, results=results), mode="json")}


def _shown(target: Target) -> Target:
    files = tuple(target.shown / file.relative_to(target.root) for file in target.files)
    module = target.module and target.shown / target.module.relative_to(target.root)
    request = replace(target.request, variables=())
    return replace(target, root=target.shown, files=files, module=module, request=request, broken=())


def merged(files: Iterable[Path]) -> Outcome:
    """The outcome of the whole, from reports of its parts in JSON or SARIF."""
    problems: list[Problem] = []
    parts: dict[Path, Outcome] = {}
    for file in files:
        try:
            parts[file] = _outcome(json.loads(file.read_bytes()))
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            reason = error.strerror if isinstance(error, OSError) else type(error).__name__
            text = f"{file}: {reason}; allowed: reports of infra check --shard K/N, in JSON or SARIF"
            problems.append(Problem("shard-not-read", text, str(file)))
    problems += _misfits(parts)
    outcomes = list(parts.values())
    placed = [pair for each in outcomes if each.shard for pair in zip(each.shard.positions, each.results, strict=True)]
    results = tuple(result for _, result in sorted(placed, key=itemgetter(0)))
    rules = {rule.id: rule for each in outcomes for rule in each.rules.values()}
    problems += [problem for each in outcomes for problem in each.problems]
    return Outcome(
        results,
        tuple(dict.fromkeys(problems or verdict.judge_amount(results))),
        rules,
        max((each.checkov for each in outcomes), default=""),
        today=max((each.today for each in outcomes), default=Outcome.today),
    )


def _outcome(document: Mapping[str, Any]) -> Outcome:
    """The outcome in a report. Raises ValueError, LookupError, TypeError, AttributeError."""
    data = document["runs"][0]["properties"][_KEY] if "runs" in document else document[_KEY]
    outcome = TypeAdapter(Outcome).validate_python(data["outcome"])
    shard = outcome.shard
    if shard is None or not 1 <= shard.index <= shard.count <= MOST or len(shard.positions) != len(outcome.results):
        raise ValueError("is not whole")
    return outcome


def _misfits(parts: Mapping[Path, Outcome]) -> Iterator[Problem]:
    """What is not as parts of one whole are: each there once, of the same files, rules and toolkit, and all together
    everything."""
    known: dict[tuple[str, int, int], dict[int, Path]] = {}
    positions: list[int] = []
    for file, outcome in parts.items():
        shard = outcome.shard
        assert shard is not None
        there = known.setdefault((shard.digest, shard.count, shard.total), {})
        if shard.index in there:
            text = f"{file}: is part {shard.index} of {shard.count}, as {there[shard.index]} is"
            yield Problem("shard-twice", text, str(file))
        else:
            there[shard.index] = file
            positions += shard.positions
    first = next(iter(parts), None)
    for (_, count, _), there in list(known.items())[1:]:
        for index, file in there.items():
            text = f"{file}: part {index} of {count} is not of the same files, rules or toolkit as {first}"
            yield Problem("shard-differs", text, str(file))
    for (_, count, _), there in known.items():
        missing = ", ".join(str(index) for index in range(1, count + 1) if index not in there)
        if missing:
            yield Problem("shard-missing", f"of {count} parts is not there: {missing}; so not everything was checked")
    for (_, count, total), there in known.items():
        if len(known) == 1 and len(there) == count and sorted(positions) != list(range(total)):
            text = f"the parts have {len(positions)} root modules or plans, and the whole has {total}"
            yield Problem("shard-incomplete", text)
