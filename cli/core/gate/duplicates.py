"""Rules that judge the same thing: which findings are one issue.

Each row was reviewed: what the rules on the right find at a resource is wrong for the reason that the rule on the left
gives there, more exactly. A finding is folded where the better rule found something at the same resource, or lacks the
same values; where that rule passes, or is not run, it stays. So no verdict changes, and plain checkov, which folds
nothing, ends alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cli.core.base.addresses import without_indexes
from cli.core.gate.model import Finding

_OURS: Final = "CKV2_MEALS_"

SAME: Final[Mapping[str, tuple[str, ...]]] = {
    f"{_OURS}{number}": rules
    for number, rules in {
        101: ("CKV_AWS_103", "CKV2_AWS_74"),
        102: ("CKV_AWS_2", "CKV_AWS_103"),
        103: ("CKV_AWS_2",),
        106: ("CKV_AWS_378",),
        108: ("CKV_AWS_127", "CKV_AWS_376"),
        114: ("CKV_AWS_20", "CKV_AWS_57", "CKV_AWS_70", "CKV_AWS_375", "CKV_AWS_379", "CKV2_AWS_43"),
        115: ("CKV_AWS_169",),
        116: ("CKV_AWS_168", "CKV_AWS_387"),
        117: ("CKV_AWS_33",),
        118: ("CKV_AWS_258", "CKV_AWS_301", "CKV_AWS_364"),
        119: ("CKV_AWS_32",),
        123: ("CKV_AWS_48",),
        124: ("CKV_AWS_207", "CKV_AWS_208"),
        125: ("CKV_AWS_81",),
        127: ("CKV_AWS_30", "CKV_AWS_202", "CKV_AWS_239"),
        128: ("CKV_AWS_83", "CKV_AWS_220"),
        129: ("CKV_AWS_90", "CKV_AWS_105", "CKV2_AWS_49"),
        130: ("CKV_AWS_34",),
        131: ("CKV2_AWS_54", "CKV2_AWS_72"),
        132: ("CKV_AWS_174", "CKV_AWS_206", "CKV_AWS_218", "CKV_AWS_228", "CKV2_AWS_42"),
        137: ("CKV_AWS_213",),
        138: ("CKV_AWS_382",),
        139: ("CKV_AWS_6", "CKV_AWS_97", "CKV_AWS_215", "CKV_AWS_351", "CKV_AWS_357", "CKV_AWS_365"),
        140: ("CKV_AWS_7",),
        141: ("CKV_AWS_145",),
        142: ("CKV_AWS_3", "CKV_AWS_8", "CKV_AWS_106", "CKV_AWS_183", "CKV_AWS_189", "CKV_AWS_235", "CKV_AWS_236"),
        143: ("CKV_AWS_47", "CKV_AWS_119", "CKV_AWS_271"),
        144: ("CKV_AWS_209",),
        146: ("CKV_AWS_26",),
        147: ("CKV_AWS_27", "CKV2_AWS_73"),
        148: ("CKV_AWS_240", "CKV_AWS_241"),
        149: ("CKV_AWS_158",),
        150: ("CKV_AWS_149", "CKV_AWS_337", "CKV2_AWS_34"),
        151: ("CKV_AWS_166",),
        152: ("CKV_AWS_77", "CKV_AWS_159"),
        153: ("CKV_AWS_43", "CKV_AWS_185"),
        154: ("CKV_AWS_42", "CKV_AWS_184"),
        155: ("CKV_AWS_16", "CKV_AWS_44", "CKV_AWS_74", "CKV_AWS_96", "CKV_AWS_182", "CKV_AWS_327", "CKV_AWS_347"),
        156: ("CKV_AWS_64", "CKV_AWS_142", "CKV_AWS_281", "CKV_AWS_282"),
        157: ("CKV_AWS_29", "CKV_AWS_191", "CKV_AWS_201", "CKV_AWS_278"),
        158: ("CKV_AWS_5", "CKV_AWS_247"),
        159: ("CKV_AWS_35", "CKV_AWS_78", "CKV_AWS_136", "CKV_AWS_147", "CKV_AWS_160", "CKV_AWS_221", "CKV_AWS_245"),
        160: (
            *(f"{_OURS}{number}" for number in (142, 143, 146, 147, 148, 153, 154, 155, 156, 157, 158, 159)),
            *("CKV_AWS_3", "CKV_AWS_5", "CKV_AWS_8", "CKV_AWS_16", "CKV_AWS_26", "CKV_AWS_27", "CKV_AWS_29"),
            *("CKV_AWS_42", "CKV_AWS_43", "CKV_AWS_44", "CKV_AWS_47", "CKV_AWS_58", "CKV_AWS_64", "CKV_AWS_74"),
            *("CKV_AWS_78", "CKV_AWS_94", "CKV_AWS_96", "CKV_AWS_99", "CKV_AWS_106", "CKV_AWS_140", "CKV_AWS_155"),
            *("CKV_AWS_156", "CKV_AWS_189", "CKV_AWS_204", "CKV_AWS_214", "CKV_AWS_240", "CKV_AWS_292"),
            *("CKV_AWS_308", "CKV_AWS_349", "CKV_AWS_350"),
        ),
        202: (f"{_OURS}203", "CKV_AWS_88", "CKV_AWS_389"),
        203: ("CKV_AWS_88", "CKV_AWS_333", "CKV_AWS_389"),
        204: ("CKV_AWS_130",),
        207: (f"{_OURS}109", "CKV_AWS_24", "CKV_AWS_25", "CKV_AWS_260", "CKV_AWS_277"),
        208: (f"{_OURS}121", "CKV_AWS_229", "CKV_AWS_230", "CKV_AWS_231", "CKV_AWS_232", "CKV_AWS_352"),
        209: ("CKV2_AWS_12",),
        210: ("CKV2_AWS_12",),
        211: (f"{_OURS}121",),
        213: ("CKV2_AWS_44",),
        216: ("CKV_AWS_69",),
        217: ("CKV_AWS_291",),
        218: ("CKV_AWS_17", "CKV_AWS_87", "CKV_AWS_89", "CKV_AWS_102", "CKV_AWS_302"),
        224: ("CKV_AWS_79",),
        225: ("CKV_AWS_341",),
        226: ("CKV2_AWS_11",),
        228: ("CKV2_AWS_28",),
        229: ("CKV_AWS_38", "CKV_AWS_39"),
        230: (f"{_OURS}118", "CKV_AWS_258"),
        232: ("CKV_AWS_148",),
        234: (f"{_OURS}138", "CKV_AWS_382"),
        235: ("CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56", "CKV_AWS_392", "CKV2_AWS_6"),
        236: ("CKV_AWS_59", "CKV_AWS_309"),
        237: ("CKV_AWS_390",),
        238: ("CKV_AWS_205", "CKV_AWS_303", "CKV_AWS_366"),
        239: ("CKV_AWS_122", "CKV_AWS_164", "CKV_AWS_306", "CKV_AWS_321", "CKV_AWS_370"),
        240: ("CKV2_AWS_46",),
    }.items()
}
"""A rule of ours, and the rules whose findings at the same resource it covers."""

BETTER: Final[Mapping[str, frozenset[str]]] = {
    rule: frozenset(better for better, rules in SAME.items() if rule in rules)
    for rule in {rule for rules in SAME.values() for rule in rules}
}
"""A rule, and the rules of ours that cover it."""


@dataclass(frozen=True)
class Issue:
    """One thing to mend at a resource."""

    finding: Finding
    also: tuple[Finding, ...] = ()
    """What other rules say of it."""


def issues(findings: Sequence[Finding]) -> tuple[Issue, ...]:
    """Findings without those that a better rule covers, which stand beside its own; in the order given."""
    at: dict[tuple[Path, str], list[Finding]] = {}
    for finding in findings:
        if finding.rule.id in SAME:
            at.setdefault(_declaration(finding), []).append(finding)
    covers: dict[int, list[Finding]] = {}
    covered = set()
    for finding in findings:
        better = _best(finding, at.get(_declaration(finding), ()))
        if better is not finding:
            covered.add(id(finding))
            covers.setdefault(id(better), []).append(finding)
    return tuple(
        Issue(finding, tuple(covers.get(id(finding), ()))) for finding in findings if id(finding) not in covered
    )


def _best(finding: Finding, here: Sequence[Finding]) -> Finding:
    """The finding that covers another one and that nothing covers; the finding itself if there is none."""
    rules = BETTER.get(finding.rule.id, ())
    for other in here:
        if other.rule.id in rules and _is_same_resource(finding, other) and _decides(other, finding):
            return _best(other, here)
    return finding


def _decides(better: Finding, finding: Finding) -> bool:
    """Whether a better rule says something of a resource, or no less than that it lacks the same values."""
    if not better.is_unknown:
        return True
    return finding.is_unknown and {each.expression for each in finding.details} <= {
        each.expression for each in better.details
    }


def _declaration(finding: Finding) -> tuple[Path, str]:
    """The resource as declared, with all its instances."""
    return finding.at.file, without_indexes(finding.at.address)


def _is_same_resource(one: Finding, other: Finding) -> bool:
    """Whether two findings on a declaration are about one instance; a name without index stands for all of them."""
    plain = without_indexes(one.at.address)
    return one.at.address == other.at.address or plain in (one.at.address, other.at.address)
