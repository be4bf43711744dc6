"""What the gate says: the findings, and every way in which it could not do its job.

checkov ends with success in many cases in which it has checked less than it seems. Each is a problem here, by name:

- `rules-missing`, `rules-directory-without-init`, `rule-without-id`, `rule-not-loaded`, `rule-duplicated`,
  `rule-unexpected`: the rules on disk are not the rules that were loaded;
- `file-not-json`, `file-not-parsed`, `terraform-version-block`, `plan-incomplete`: a file that was found was
  not read, or does not hold everything;
- `nothing-to-scan`: there is Terraform, and no resource in it;
- `resource-not-scanned`, `module-not-scanned`: something that is declared did not reach the rules;
- `rule-raised`, `rule-undecided`: a rule that applies to a resource gave no verdict on it;
- `bad-input`: a value that was given is for no variable, or cannot be read;
- `shard-not-read`, `shard-missing`, `shard-twice`, `shard-differs`, `shard-incomplete`: reports that are joined are not
  the parts of one check;
- `scan-failed`, `scanner-died`, `scanner-timed-out`, `scanner-garbled`, `scanner-incomplete`: checkov itself.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from cli.core.base.addresses import declared, without_indexes
from cli.core.base.source_lines import SourceLine
from cli.core.base.text import count
from cli.core.gate import modules
from cli.core.gate.duplicates import BETTER
from cli.core.gate.inventory import Inventory, RuleFiles
from cli.core.gate.model import (
    Finding,
    Location,
    Note,
    Problem,
    Request,
    RuleInfo,
    Selection,
    SuppressedFinding,
    Target,
    TargetResult,
)
from cli.core.gate.packs import builtin_pack
from cli.core.gate.protocol import AcceptedBy, Answer, Loaded, Record, Scan, ScanEnd, ScanFailure
from cli.core.gate.severities import severity
from policies.library.rule import FindingKind

SourceLines: TypeAlias = Mapping[tuple[str, str], Sequence[SourceLine]]
"""The Python that makes a resource, by the file and the address of its Terraform."""


def rules(loaded: Loaded) -> dict[str, RuleInfo]:
    """Every rule that was loaded, by id."""
    builtin = {
        rule: RuleInfo(rule, each.name, severity(rule, each.category), pack=builtin_pack(each.name))
        for rule, each in loaded.builtin.items()
    }
    undescribed = {rule: RuleInfo(rule, rule, "unrated", own=True) for rule in loaded.external}
    return builtin | undescribed | {rule.id: rule for rule in loaded.own}


def judge_rules(loaded: Loaded, files: RuleFiles) -> tuple[Problem, ...]:
    """Whether the rules on disk are those that were loaded, each once."""
    problems = list(files.problems)
    because = "".join(f"\n  {error}" for error in loaded.errors)
    for rule, file in files.ids.items():
        if rule in loaded.builtin:
            text = f"{rule} of {file} is the id of a rule of checkov, which is the one that is loaded"
            problems.append(Problem("rule-duplicated", text))
        elif rule not in loaded.external:
            problems.append(Problem("rule-not-loaded", f"{rule} of {file} was not loaded{because}"))
        elif loaded.external.count(rule) > 1:
            problems.append(
                Problem("rule-duplicated", f"{rule} of {file} was loaded {loaded.external.count(rule)} times")
            )
    for rule in sorted(set(loaded.external) - files.ids.keys()):
        problems.append(Problem("rule-unexpected", f"{rule} was loaded, but no file defines it by that id"))
    if not any(each.kind == "rule-not-loaded" for each in problems):  # a file that ended early, after its rules
        unread = (each for each in loaded.errors if each.startswith("Cannot load external check"))
        problems += [Problem("rule-not-loaded", each) for each in dict.fromkeys(unread)]
    if not loaded.has_suppressions:
        problems.append(Problem("rule-not-loaded", f"what honours suppressions was not loaded{because}"))
    return tuple(problems)


NOTHING_TO_SCAN = "nothing-to-scan"


def judge_amount(results: Sequence[TargetResult]) -> tuple[Problem, ...]:
    """Whether there was anything to check. A plan may leave nothing; code for which no rule has a word is a mistake."""
    for each in results:
        if each.target.framework == "terraform_plan" or each.problems or each.resources or each.passed or each.findings:
            return ()
    places = ", ".join(dict.fromkeys(each.target.name for each in results))
    return (Problem(NOTHING_TO_SCAN, f"{places}: declares no resource, so nothing was checked"),)


def ending(code: int, errors: Sequence[str]) -> Problem | None:
    """How a process of checkov's ended, if it did not end well; ``errors`` are its last lines of standard error."""
    if code == 0:
        return None
    if code == -signal.SIGKILL:
        text = "checkov's process was killed (SIGKILL), as the kernel does when memory runs out"
    elif code < 0:
        text = f"checkov's process was ended by signal {signal.Signals(-code).name}"
    else:
        text = f"checkov's process ended with exit code {code}"
    return Problem("scanner-died", "\n  ".join([text, *errors]))


def garbled(output: str) -> Problem:
    """A process of checkov's wrote something that is no answer."""
    return Problem("scanner-garbled", f"checkov's process wrote something else: {output!r}")


def judge(target: Target, answer: Answer, inventory: Inventory, known: Mapping[str, RuleInfo]) -> TargetResult:
    """What came of a target: checkov's answer beside what is on disk."""
    match answer:
        case Scan():
            return _judge(target, answer, inventory=inventory, known=known)
        case ScanFailure(is_input=True):
            problem = Problem("bad-input", f"{target.name}: {answer.error}")
        case ScanFailure():
            problem = Problem("scan-failed", f"{target.name}: checkov failed: {answer.error}")
        case ScanEnd(is_timeout=True):
            problem = Problem("scanner-timed-out", f"{target.name}: checkov was not done in time; see --timeout")
        case ScanEnd(output=""):
            nothing = Problem("scanner-incomplete", f"{target.name}: checkov's process ended without an answer")
            problem = ending(answer.code, answer.errors) or nothing
        case ScanEnd():
            problem = ending(answer.code, answer.errors) or garbled(answer.output)
    return unscanned(target, (*inventory.problems, problem))


def unscanned(target: Target, problems: Iterable[Problem]) -> TargetResult:
    """A target of which nothing is known, with the reasons."""
    return TargetResult(
        target=target,
        resources=0,
        passed=0,
        findings=(),
        suppressed=(),
        problems=tuple(_shown(target, problem) for problem in problems),
    )


def _judge(target: Target, scan: Scan, inventory: Inventory, known: Mapping[str, RuleInfo]) -> TargetResult:
    missing = modules.not_followed(target, scan, inventory)
    undecided = modules.dependents(scan.failed, missing)
    problems_of_raised, notes = _raised(scan)
    problems = [
        *inventory.problems,
        *_unparsed(target, scan, inventory),
        *_unscanned(scan, inventory),
        *modules.problems(missing, undecided),
        *problems_of_raised,
        *_undecided(scan, inventory, known, target.request),
    ]
    lines = {(str(each.file), each.address): each.source_lines for each in inventory.resources}
    failed = scan.failed if target.request.is_environment else tuple(_applying(scan.failed))
    findings = [
        _finding(target, record, known, lines)
        for record in failed
        if record not in undecided and any(detail.kind is not FindingKind.BROKEN for detail in record.details)
    ]
    asked = filter(target.request.selection.asks_for, findings)
    once = {(each.rule.id, each.at): each for each in asked}  # a module of HCL that is called twice has them twice
    suppressed = sorted(
        (_suppressed(target, record, known, lines) for record in scan.skipped),
        key=lambda each: (each.rule.id, str(each.at.file), each.at.address),
    )
    resources = sum(1 for _, address in scan.resources if not declared(address).startswith("data."))
    return TargetResult(
        target=target,
        resources=resources,
        passed=scan.passed,
        findings=tuple(sorted(once.values(), key=lambda each: each.order)),
        suppressed=tuple(suppressed),
        problems=tuple(_shown(target, problem) for problem in dict.fromkeys(problems)),
        notes=(*notes, *_unread(target, scan), *_off(target.request.selection), *_absent(target, scan)),
    )


def _shown(target: Target, problem: Problem) -> Problem:
    """A problem with the files as the reader knows them."""
    root, shown = f"{target.root}{os.sep}", f"{target.shown}{os.sep}"
    return Problem(problem.kind, problem.text.replace(root, shown), problem.file.replace(root, shown))


def _unparsed(target: Target, scan: Scan, inventory: Inventory) -> Iterator[Problem]:
    """Files found are files parsed. Of HCL and plans, only those that declare something leave a trace."""
    expected = {str(each.file) for each in inventory.resources} | {str(each.file) for each in inventory.calls}
    if target.framework == "terraform_json":
        expected = set(map(str, target.files))
    told = {problem.file for problem in inventory.problems} | set(filter(_is_tofu, expected))
    because = "".join(f"\n  {error}" for error in scan.errors)
    for file in sorted({*scan.unparsed, *(expected - set(scan.parsed))} - told):
        yield Problem("file-not-parsed", f"{file}: checkov could not parse it{because}", file)


def _unscanned(scan: Scan, inventory: Inventory) -> Iterator[Problem]:
    """Resources declared are resources scanned; count and for_each may make several of one."""
    scanned = {(file, declared(address)) for file, address in scan.resources}
    exact = {(file, address) for file, address in scan.resources}
    parsed = set(scan.parsed)
    for each in inventory.resources:
        place = (str(each.file), each.address)
        if str(each.file) in parsed and place not in exact and place not in scanned:
            yield Problem("resource-not-scanned", f"{each.file}: {each.address}: checkov has not seen it")


def _unread(target: Target, scan: Scan) -> Iterator[Note]:
    """What is there and was not read."""
    for file in filter(_is_tofu, map(str, target.files)):
        text = f"{file}: is read by the project's rules only; checkov does not know files of OpenTofu"
        yield _shown_note(target, text)
    for text in scan.unread:
        yield _shown_note(target, text)


def _is_tofu(file: str) -> bool:
    return file.endswith((".tofu", ".tofu.json"))


def _shown_note(target: Target, text: str) -> Note:
    """A note with the files as the reader knows them."""
    return Note("not-read", text.replace(f"{target.root}{os.sep}", f"{target.shown}{os.sep}"))


def _applying(failed: Iterable[Record]) -> Iterator[Record]:
    """What failed in Terraform that is no environment of this project, and need not have each part of one."""
    for record in failed:
        details = tuple(detail for detail in record.details if detail.kind is not FindingKind.ABSENT)
        if details or not record.details:
            yield replace(record, details=details)


def _absent(target: Target, scan: Scan) -> Iterator[Note]:
    """The parts that are not there, and need not be."""
    details = (detail for record in scan.failed for detail in record.details if detail.kind is FindingKind.ABSENT)
    names = sorted({detail.expression for detail in details})
    if names and not target.request.is_environment:
        text = f"{target.name}: claims about what is not there do not apply: {', '.join(names)}"
        yield Note("does-not-apply", text)


def _off(selection: Selection) -> Iterator[Note]:
    """The rules that a profile leaves out."""
    for each in selection.off:
        yield Note("rule-off", f"{each.rule}: {each.reason} ({each.place})")


def _raised(scan: Scan) -> tuple[Sequence[Problem], tuple[Note, ...]]:
    """The rules that raised: a problem, or a note where a rule of ours has judged the same thing more exactly."""
    judged = {(rule, without_indexes(address)) for rule, _, address in scan.judged}
    have_judged = {rule for rule, _ in judged}
    failures: dict[str, list[tuple[str, str]]] = {}
    notes = []
    for rule, address, error in sorted(set(scan.raised)):
        better = sorted(
            other
            for other in BETTER.get(rule, ())
            if ((other, without_indexes(address)) in judged if address else other in have_judged)
        )
        if better:
            place = f" on {address}" if address else ""
            text = f"{rule} failed{place} ({error}); {better[0]}, which judges the same, has judged it"
            notes.append(Note("rule-raised", text))
        else:
            failures.setdefault(error, []).append((rule, address))
    return [_failure(error, places) for error, places in failures.items()], tuple(notes)


def _failure(error: str, places: Sequence[tuple[str, str]]) -> Problem:
    """One cause, however many rules and resources it concerns."""
    names = list(dict.fromkeys(rule for rule, _ in places))
    addresses = list(dict.fromkeys(address for _, address in places if address))
    where = f" on {addresses[0]}" if addresses else ""
    where += f" and {count(len(addresses) - 1, 'other resource')}" if len(addresses) > 1 else ""
    skip = " ".join(f"--skip {rule}" for rule in names)
    return Problem("rule-raised", f"{', '.join(names)} failed{where}: {error}\nTo go on without: {skip}")


def _undecided(scan: Scan, inventory: Inventory, known: Mapping[str, RuleInfo], request: Request) -> Iterator[Problem]:
    """Each rule of ours said passed or failed of each resource of the types that it covers.

    A built-in rule may say UNKNOWN: on the types that our rules cover they have decided, by this very count.
    """
    parsed = set(scan.parsed)
    judged = {(rule, file, without_indexes(address)) for rule, file, address in scan.judged}
    judged |= {(rule, file, declared(address)) for rule, file, address in scan.judged}
    maybe_absent = (
        {call.directory for call in inventory.calls} if any(call.repeated for call in inventory.calls) else ()
    )
    certain = [each for each in inventory.resources if not each.repeated and each.file.parent not in maybe_absent]
    for rule in known.values():
        if not rule.own or not request.includes(rule):
            continue
        for each in certain:
            place = (rule.id, str(each.file), without_indexes(each.address))
            if each.type in rule.applies_to and str(each.file) in parsed and place not in judged:
                yield Problem("rule-undecided", f"{rule.id} has not judged {each.address} ({each.file})")
    for name, address in scan.unknown:
        if known[name].own:
            yield Problem("rule-undecided", f"{name} says UNKNOWN of {address}")


def _finding(target: Target, record: Record, known: Mapping[str, RuleInfo], lines: SourceLines) -> Finding:
    """A record as a finding."""
    details = tuple(detail for detail in record.details if detail.found or detail.allowed)
    return Finding(_rule(record, known), _location(target, record, lines), details)


def _suppressed(target: Target, record: Record, known: Mapping[str, RuleInfo], lines: SourceLines) -> SuppressedFinding:
    """A record as a suppressed finding."""
    rule, at, why = _rule(record, known), _location(target, record, lines), record.suppression or AcceptedBy(reason="")
    return SuppressedFinding(rule=rule, at=at, reason=why.reason, owner=why.owner, expires=why.expires)


def _rule(record: Record, known: Mapping[str, RuleInfo]) -> RuleInfo:
    """The rule of a record, with the fix that is known for this resource."""
    rule = known[record.rule]
    return rule if rule.fix or not record.fix else replace(rule, fix=record.fix)


def _location(target: Target, record: Record, lines: SourceLines) -> Location:
    """Where a record is, as the reader knows the files."""
    file = Path(record.file)
    shown = target.shown / file.relative_to(target.root) if file.is_relative_to(target.root) else file
    line, end_line = record.lines
    return Location(
        address=record.address,
        construct_path=record.construct_path,
        file=shown,
        line=max(1, line),
        end_line=max(1, end_line),
        source_lines=_as_shown(target, file, lines.get((record.file, record.address), ())),
    )


def _as_shown(target: Target, file: Path, lines: Sequence[SourceLine]) -> tuple[SourceLine, ...]:
    """The source lines as the reader knows the files; none where the project that they are in is not there."""
    if target.is_environment:
        project = target.shown.parent
    else:
        above = [directory for directory in file.parents if lines and (directory / lines[0].file).is_file()]
        if not above:
            return ()
        project = Path(os.path.relpath(above[0]))
    return tuple(SourceLine(project / line.file, line.line) for line in lines)
