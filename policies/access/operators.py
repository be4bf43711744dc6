"""The condition operators of IAM, and the values that they compare a key with.

Source: IAM user guide, "IAM JSON policy elements: Condition operators".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from fractions import Fraction


class Family(Enum):
    """What kind of values an operator compares."""

    TEXT = "text"
    ARN = "ARNs"
    NUMBER = "numbers"
    DATE = "dates"
    ADDRESS = "addresses"
    BOOLEAN = "booleans"


@dataclass(frozen=True)
class Operator:
    """A base operator."""

    family: Family
    is_negated: bool = False
    """It holds where no value matches, and where the request lacks the key."""
    has_wildcards: bool = False
    folds_case: bool = False
    below: bool = False
    """Of numbers and dates: smaller values match."""
    above: bool = False
    equal: bool = True
    has_variables: bool = False


def _ordered(prefix: str, family: Family) -> Mapping[str, Operator]:
    return {
        f"{prefix}equals": Operator(family),
        f"{prefix}notequals": Operator(family, is_negated=True),
        f"{prefix}lessthan": Operator(family, below=True, equal=False),
        f"{prefix}lessthanequals": Operator(family, below=True),
        f"{prefix}greaterthan": Operator(family, above=True, equal=False),
        f"{prefix}greaterthanequals": Operator(family, above=True),
    }


_TEXT, _ARN = Operator(Family.TEXT, has_variables=True), Operator(Family.ARN, has_wildcards=True, has_variables=True)
_NOT_TEXT = Operator(Family.TEXT, is_negated=True, has_variables=True)
_NOT_ARN = Operator(Family.ARN, is_negated=True, has_wildcards=True, has_variables=True)

OPERATORS: Mapping[str, Operator] = {
    "stringequals": _TEXT,
    "stringnotequals": _NOT_TEXT,
    "stringequalsignorecase": Operator(Family.TEXT, folds_case=True, has_variables=True),
    "stringnotequalsignorecase": Operator(Family.TEXT, is_negated=True, folds_case=True, has_variables=True),
    "stringlike": Operator(Family.TEXT, has_wildcards=True, has_variables=True),
    "stringnotlike": Operator(Family.TEXT, is_negated=True, has_wildcards=True, has_variables=True),
    "arnequals": _ARN,
    "arnlike": _ARN,
    "arnnotequals": _NOT_ARN,
    "arnnotlike": _NOT_ARN,
    "bool": Operator(Family.BOOLEAN, folds_case=True, has_variables=True),
    "binaryequals": Operator(Family.TEXT),
    "ipaddress": Operator(Family.ADDRESS),
    "notipaddress": Operator(Family.ADDRESS, is_negated=True),
    **_ordered("numeric", Family.NUMBER),
    **_ordered("date", Family.DATE),
}
"""By name in lower case, without `IfExists` and set operators; `Null` is none of them."""


_SHORT_DATE = re.compile(r"\d{4}(?:-\d\d)?")
"""A year, or a year and a month."""
_SECONDS = re.compile(r"-?\d+(?:\.\d+)?")


def number(text: str) -> Fraction:
    """A number as policies write it. Raises ValueError."""
    return Fraction(text.strip())


def moment(text: str) -> Fraction:
    """A date in seconds since 1970: ISO 8601 as W3C profiles it, without a zone UTC, or seconds. Raises ValueError."""
    text = text.strip()
    if _SHORT_DATE.fullmatch(text):
        text = f"{text}-01-01"[:10]
    elif _SECONDS.fullmatch(text):
        return number(text)
    read = datetime.fromisoformat(text)
    read = read if read.tzinfo else read.replace(tzinfo=UTC)
    return Fraction(read.timestamp()).limit_denominator(1_000_000)
